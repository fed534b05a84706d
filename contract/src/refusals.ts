/** Everything the product refuses on purpose. Apps translate the code; facts fill the sentence. */
import { z } from 'zod';

export const RefusalCode = z.enum([
  'not-signed-in',
  'not-permitted',
  'not-found',
  'bad-input',
  'too-many-requests',
  'too-large',
  'conflict',
  'in-use', // facts: by
  // conversations
  'conversation-moved-on', // the state no longer allows this step; facts: state
  'not-your-conversation',
  'offer-gone',
  'no-room', // your hands are full; facts: kind
  'registration-incomplete', // facts: missing
  'reason-not-of-queue',
  'reply-empty',
  'channel-cannot-reply',
  'sending-failed',
  // agents
  'works-elsewhere', // for a client that you do not serve
  'has-work', // first it is handed over; facts: count
  'pause-reason-required',
  'state-not-allowed',
  // customers
  'customer-changed', // somebody saved first; facts: version
  'identifier-invalid', // facts: value
  // voice
  'no-line', // the agent's browser is not connected to the voice engine
  'call-ended',
  'voice-unavailable',
  'line-busy', // you have a call of your own, or one is offered to you
  'listening-off', // the decision that allows it is not recorded
  'help-taken', // facts: name
  'web-call-closed', // outside opening hours
  'number-refused', // facts: number, why: invalid | emergency | premium | short
  'no-own-number', // the client has no number to call from
  'colleague-unavailable', // he is on the phone, away or gone
  'nobody-free', // nobody of the queue can be asked now
  'party-gone', // who was asked is no longer there
  'talk-first', // nobody has answered yet
  'phone-missing', // the person has no desk phone
  // recordings
  'not-recorded', // nothing may be recorded here, or nothing is; facts: reason
  'kept-by-law', // facts: purpose, until
  'on-hold', // a legal hold keeps it
  // chat
  'chat-closed', // outside opening hours
  'visitor-unknown',
  'attachment-type-refused', // facts: type
]);
export type RefusalCode = z.infer<typeof RefusalCode>;

export const RefusalBody = z.object({
  code: RefusalCode,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
});
export type RefusalBody = z.infer<typeof RefusalBody>;
