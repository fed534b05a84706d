/** When a registration is complete, and what the button can do with it. Pure. */
import {
  kindOf,
  type ConversationCard,
  type ConversationDetail,
  type HandOver,
  type RegistrationFields,
} from '@kernlijn/contract/conversations';
import { dayKey, zone } from '@kernlijn/ui/format.ts';
import type { RegistrationFieldsDraft } from './drafts.ts';

export type Missing = 'reason' | 'outcome' | 'time';

export function missingOf(draft: RegistrationFieldsDraft, now: number): Missing[] {
  const missing: Missing[] = [];
  if (!draft.reasonId) missing.push('reason');
  if (!draft.outcomeId) missing.push('outcome');
  if (draft.followUpTyped || (draft.followUpAt && Date.parse(draft.followUpAt) < now)) missing.push('time');
  return missing;
}

export function complete(draft: RegistrationFieldsDraft): RegistrationFields | undefined {
  if (!draft.reasonId || !draft.outcomeId) return undefined;
  return {
    reasonId: draft.reasonId,
    outcomeId: draft.outcomeId,
    summary: draft.summary ?? '',
    followUp: draft.followUp ?? '',
    followUpAt: draft.followUpAt ?? null,
    callBack: draft.callBack === true && Boolean(draft.followUpAt),
  };
}

/** The last time it was passed on in this round; earlier ones are in the thread. */
export const handedOver = (
  detail: Pick<ConversationDetail, 'handOvers'>,
  card: ConversationCard,
): HandOver | undefined => detail.handOvers.findLast((one) => one.round === card.round);

/** What can be filled in beforehand; whatever the agent types, also nothing at all, goes before it. */
export function suggested(
  detail: Pick<ConversationDetail, 'handOvers' | 'outcomes'>,
  card: ConversationCard,
  words: { from: (handOver: HandOver) => string; callBack: () => string },
): RegistrationFieldsDraft {
  const from = detail.handOvers.findLast((one) => one.round === card.round && one.note !== '');
  const callBack = detail.outcomes.find(({ code }) => code === 'call-back');
  return {
    ...(from ? { summary: words.from(from) } : {}),
    ...(card.call?.dropped ? { followUp: words.callBack(), ...(callBack ? { outcomeId: callBack.id } : {}) } : {}),
  };
}

export type Step = 'register' | 'end-and-register' | 'after-call';

/** A call is ended by hanging up; a chat ends first; what was written ends by being registered. */
export function stepOf(card: Pick<ConversationCard, 'state' | 'channel'>): Step {
  if (card.state === 'wrap-up' || kindOf[card.channel] === 'written') return 'register';
  return kindOf[card.channel] === 'call' ? 'after-call' : 'end-and-register';
}

// Sweden writes dates as a field wants them.
const inField = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });

/** A field wants a time without a zone: that of the desk, as everywhere on it, wherever the browser is. */
export function toLocal(at: string | number | null | undefined): string {
  return at === null || at === undefined || at === '' ? '' : inField.format(new Date(at)).replace(' ', 'T');
}

/** The server wants a moment. */
export function fromLocal(text: string): string | null {
  const asIfUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(asIfUtc)) return null;
  const ahead = (moment: number): number => Date.parse(`${toLocal(moment)}Z`) - moment;
  // Once more from there: on the night the clock changes, the first guess is on the other side of it.
  const near = asIfUtc - ahead(asIfUtc);
  return new Date(asIfUtc - ahead(near)).toISOString();
}

/** What the draft keeps of what was typed for a time: nobody registers without it because it could not be read. */
export function followUpOf(typed: string): RegistrationFieldsDraft {
  const followUpAt = fromLocal(typed);
  return { followUpAt, followUpTyped: followUpAt === null && typed.trim() !== '' ? typed : undefined };
}

const minute = 60_000;
const isWeekend = (key: string): boolean => [0, 6].includes(new Date(`${key}T12:00Z`).getUTCDay());

/** What is promised most: in an hour, and the next working day at nine. */
export function likelyMoments(now: number): string[] {
  const inAnHour = new Date(Math.ceil((now + 60 * minute) / (5 * minute)) * 5 * minute).toISOString();
  // Noon is on the same day in every season.
  let key = dayKey(now);
  do key = dayKey(Date.parse(`${key}T12:00Z`) + 24 * 60 * minute);
  while (isWeekend(key));
  return [inAnHour, fromLocal(`${key}T09:00`)].filter((moment) => moment !== null);
}
