import type { ConversationCard } from '@kernlijn/contract/conversations';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromSnapshot, noWork, sectionsOf, withCard } from './work-state.ts';

const me = 'me';
function card(id: string, version: number, part: Partial<ConversationCard> = {}): ConversationCard {
  return {
    id,
    version,
    clientId: 'client',
    channel: 'call',
    direction: 'in',
    state: 'handling',
    queueId: 'queue',
    customerId: null,
    customerAddress: '',
    customerName: '',
    subject: '',
    language: 'nl',
    priority: 5,
    agentId: me,
    round: 1,
    queuedAt: '2026-11-23T09:00:00Z',
    answeredAt: null,
    endedAt: null,
    wrapUpUntil: null,
    offerExpiresAt: null,
    lastMessageAt: null,
    lastMessageFrom: null,
    call: null,
    ...part,
  };
}
const ids = (cards: ConversationCard[]) => cards.map((one) => one.id);

test('a card goes where its state belongs, and only mine are shown', () => {
  let work = fromSnapshot({
    seq: 1,
    conversations: [
      card('a', 1),
      card('b', 1, { state: 'wrap-up' }),
      card('c', 1, { state: 'parked', channel: 'email' }),
      card('d', 1, { state: 'offered' }),
    ],
  });
  work = withCard(work, card('e', 1, { agentId: 'a colleague' }), 2);
  const { ringing, mine, unfinished, parked } = sectionsOf(work, me);
  expect([ids(mine), ids(unfinished), ids(parked), ids(ringing)]).toEqual([['a'], ['b'], ['c'], ['d']]);
});

test('an older event does not undo a newer one', () => {
  let work = withCard(noWork, card('a', 3, { state: 'wrap-up' }), 9);
  work = withCard(work, card('a', 2, { state: 'handling' }), 8);
  expect(sectionsOf(work, me).unfinished).toHaveLength(1);
});

test('the same event twice changes nothing', () => {
  const once = withCard(noWork, card('a', 1), 1);
  expect(withCard(once, card('a', 1), 1)).toBe(once);
});

test('what is closed does not come back by an event that was late', () => {
  let work = fromSnapshot({ seq: 1, conversations: [card('a', 1)] });
  work = withCard(work, card('a', 4, { state: 'closed' }), 1);
  work = withCard(work, card('a', 3, { state: 'wrap-up' }), 2);
  const { mine, unfinished } = sectionsOf(work, me);
  expect([...mine, ...unfinished]).toEqual([]);
});

test('a snapshot that was under way does not undo the events that came meanwhile', () => {
  const before = withCard(
    withCard(noWork, card('a', 2, { state: 'wrap-up' }), 12),
    card('new', 1, { state: 'offered' }),
    13,
  );
  const work = fromSnapshot({ seq: 10, conversations: [card('a', 1)] }, before);
  expect(ids(sectionsOf(work, me).unfinished)).toEqual(['a']);
  expect(ids(sectionsOf(work, me).ringing)).toEqual(['new']);
});

test('a snapshot takes away what is no longer mine', () => {
  const before = withCard(noWork, card('gone', 1), 5);
  expect(sectionsOf(fromSnapshot({ seq: 10, conversations: [] }, before), me).mine).toEqual([]);
});

test('whatever the order in which events arrive, the list ends up the same', () => {
  const versions = [
    card('a', 1, { state: 'offered' }),
    card('a', 2),
    card('a', 3, { state: 'wrap-up' }),
    card('b', 1),
    card('b', 2, { state: 'parked' }),
  ];
  const inOrder = versions.reduce((work, one, at) => withCard(work, one, at), noWork).cards;
  fc.assert(
    fc.property(fc.shuffledSubarray([...versions, ...versions], { minLength: versions.length * 2 }), (shuffled) => {
      expect(shuffled.reduce((work, one, at) => withCard(work, one, at), noWork).cards).toEqual(inOrder);
    }),
  );
});

test('a call stands above what is written', () => {
  const work = fromSnapshot({
    seq: 1,
    conversations: [
      card('mail', 1, { channel: 'email', answeredAt: '2026-11-23T08:00:00Z' }),
      card('call', 1, { answeredAt: '2026-11-23T09:00:00Z' }),
    ],
  });
  expect(ids(sectionsOf(work, me).mine)).toEqual(['call', 'mail']);
});
