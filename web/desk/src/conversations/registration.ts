/** When a registration is complete, and what the button can do with it. Pure. */
import { kindOf, type ConversationCard, type RegistrationFields } from '@kernlijn/contract/conversations';
import type { RegistrationFieldsDraft } from './drafts.ts';

export type Missing = 'reason' | 'outcome' | 'time';

export function missingOf(draft: RegistrationFieldsDraft, now: number): Missing[] {
  const missing: Missing[] = [];
  if (!draft.reasonId) missing.push('reason');
  if (!draft.outcomeId) missing.push('outcome');
  if (draft.followUpAt && Date.parse(draft.followUpAt) < now) missing.push('time');
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
  };
}

export type Step = 'register' | 'end-and-register' | 'after-call';

/** A call is ended by hanging up; a chat ends first; what was written ends by being registered. */
export function stepOf(card: Pick<ConversationCard, 'state' | 'channel'>): Step {
  if (card.state === 'wrap-up' || kindOf[card.channel] === 'written') return 'register';
  return kindOf[card.channel] === 'call' ? 'after-call' : 'end-and-register';
}

/** The field of a form wants local time without a zone; the server wants a moment. */
export function toLocal(at: string | null | undefined): string {
  if (!at) return '';
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export const fromLocal = (text: string): string | null => (text === '' ? null : new Date(text).toISOString());
