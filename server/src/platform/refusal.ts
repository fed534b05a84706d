import type { RefusalBody, RefusalCode } from '@kernlijn/contract/refusals';

export type Facts = RefusalBody['facts'];

/** An expected no: a code and facts, never a sentence. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly facts: Facts;

  constructor(code: RefusalCode, facts: Facts = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.facts = facts;
  }
}

const statuses: Partial<Record<RefusalCode, number>> = {
  'not-signed-in': 401,
  'not-permitted': 403,
  'not-found': 404,
  'visitor-unknown': 404,
  'bad-input': 400,
  'identifier-invalid': 400,
  'registration-incomplete': 400,
  'reply-empty': 400,
  'attachment-type-refused': 415,
  'too-large': 413,
  'too-many-requests': 429,
  'voice-unavailable': 503,
  'listening-off': 403,
};

/** The one place where a refusal becomes an HTTP status. */
export function statusOf(code: RefusalCode): number {
  return statuses[code] ?? 409;
}
