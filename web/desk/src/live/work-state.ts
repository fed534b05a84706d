/** The agent's own work: a snapshot, kept true by events. Pure. */
import type { ConversationCard } from '@kernlijn/contract/conversations';

export interface Work {
  /** The number the newest snapshot was true for. */
  seq: number;
  /** Also those that are closed or no longer mine: they keep an older event from bringing them back. */
  cards: Readonly<Record<string, ConversationCard>>;
  /** The number of the event that touched a card last, to tell a newer card from one a snapshot has dropped. */
  touched: Readonly<Record<string, number>>;
}

export const noWork: Work = { seq: 0, cards: {}, touched: {} };

export function fromSnapshot(
  snapshot: { seq: number; conversations: readonly ConversationCard[] },
  previous: Work = noWork,
): Work {
  const cards: Record<string, ConversationCard> = {};
  const touched: Record<string, number> = {};
  for (const [id, at] of Object.entries(previous.touched)) {
    const known = previous.cards[id];
    if (at <= snapshot.seq || !known) continue;
    cards[id] = known;
    touched[id] = at;
  }
  for (const card of snapshot.conversations) cards[card.id] = newest(cards[card.id], card);
  return { seq: snapshot.seq, cards, touched };
}

export function withCard(work: Work, card: ConversationCard, seq: number): Work {
  const known = work.cards[card.id];
  if (known && !isNewer(card, known)) return work;
  return { ...work, cards: { ...work.cards, [card.id]: card }, touched: { ...work.touched, [card.id]: seq } };
}

/** A message changes a card without a new version: then the later message tells. */
export function isNewer(card: ConversationCard, known: ConversationCard): boolean {
  if (card.version !== known.version) return card.version > known.version;
  return (card.lastMessageAt ?? '') > (known.lastMessageAt ?? '');
}

const newest = (known: ConversationCard | undefined, card: ConversationCard): ConversationCard =>
  known && known.version > card.version ? known : card;

export interface Sections {
  ringing: ConversationCard[];
  mine: ConversationCard[];
  unfinished: ConversationCard[];
  parked: ConversationCard[];
  /** A colleague asks me into his call. */
  asked: ConversationCard[];
  /** I talk in the call of a colleague. */
  beside: ConversationCard[];
  /** Calls that anybody may take back, of me or a colleague; who rings again first stands first. */
  parkedCalls: ConversationCard[];
}

/** My part in the call of somebody else. */
export const partOf = (card: ConversationCard, me: string) =>
  card.call?.live === true
    ? card.call.parties.find((party) => party.kind === 'agent' && party.personId === me)
    : undefined;

export function sectionsOf(work: Work, me: string): Sections {
  const all = Object.values(work.cards);
  const own = all.filter((card) => card.agentId === me);
  const inState = (state: ConversationCard['state']) => own.filter((card) => card.state === state);
  return {
    // Who calls waits with the telephone at his ear.
    ringing: inState('offered').toSorted(
      by((card) => `${card.channel === 'call' ? 0 : 1}${card.offerExpiresAt ?? card.queuedAt}`),
    ),
    mine: inState('handling').toSorted(
      by((card) => `${card.channel === 'call' ? 0 : 1}${card.answeredAt ?? card.queuedAt}`),
    ),
    unfinished: inState('wrap-up').toSorted(by((card) => card.wrapUpUntil ?? card.endedAt ?? card.queuedAt)),
    parked: inState('parked')
      .filter((card) => card.channel !== 'call')
      .toSorted(by((card) => card.lastMessageAt ?? card.queuedAt))
      .toReversed(),
    asked: all.filter((card) => partOf(card, me)?.state === 'ringing'),
    beside: all.filter((card) => partOf(card, me)?.state === 'up'),
    parkedCalls: all
      .filter((card) => card.state === 'parked' && card.channel === 'call')
      .toSorted(by((card) => card.call?.parked?.until ?? '')),
  };
}

const by = (key: (card: ConversationCard) => string) => (a: ConversationCard, b: ConversationCard) =>
  key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
