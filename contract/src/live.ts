/**
 * The live protocol of the desk: a snapshot over HTTP names the sequence number it is true for; the socket then
 * carries every later event this person may see. After a lost connection the desk says the last number it has
 * (`resume`) and gets what it missed, or `start-over` when that is too long ago.
 */
import { z } from 'zod';
import { AgentEvent } from './agents.ts';
import { ConversationEvent, ConversationEventType, ConversationShadow, MessageEvent, Seen } from './conversations.ts';
import { CustomerEvent, ScreenPop } from './customers.ts';
import { Id } from './endpoint.ts';
import { SettingsEvent } from './routing.ts';
import { HelpEvent } from './supervising.ts';

export const ShadowEvent = z.object({
  type: ConversationEventType,
  body: z.object({ shadow: ConversationShadow }),
});

/** An offer to you, with the dossier in the same message: no second round trip before it is painted. */
export const OfferEvent = z.object({
  type: z.literal('offer'),
  body: z.object({ card: ConversationEvent.shape.body.shape.card, screenPop: ScreenPop }),
});

export const LiveEvent = z.union([
  OfferEvent,
  ConversationEvent,
  ShadowEvent,
  MessageEvent,
  AgentEvent,
  CustomerEvent,
  SettingsEvent,
  HelpEvent,
]);
export type LiveEvent = z.infer<typeof LiveEvent>;

/** Not kept anywhere: lost when nobody listens, and that is fine. */
export const LiveWhisper = z.discriminatedUnion('type', [
  z.object({ type: z.literal('typing'), conversationId: Id, who: z.enum(['customer', 'agent']), name: z.string() }),
  z.object({ type: z.literal('viewing'), conversationId: Id, personId: Id, name: z.string(), typing: z.boolean() }),
  /** You read it on another screen. */
  z.object({ type: z.literal('seen'), personId: Id, ...Seen.shape }),
]);
export type LiveWhisper = z.infer<typeof LiveWhisper>;

export const FromServer = z.discriminatedUnion('is', [
  z.object({ is: z.literal('welcome'), seq: z.number().int() }),
  z.object({ is: z.literal('event'), seq: z.number().int(), event: LiveEvent }),
  z.object({ is: z.literal('whisper'), whisper: LiveWhisper }),
  /** Too much was missed: read the snapshots again. */
  z.object({ is: z.literal('start-over') }),
  z.object({ is: z.literal('pong') }),
]);
export type FromServer = z.infer<typeof FromServer>;

export const FromDesk = z.discriminatedUnion('is', [
  z.object({ is: z.literal('resume'), seq: z.number().int() }),
  z.object({ is: z.literal('ping') }),
  z.object({ is: z.literal('typing'), conversationId: Id }),
  z.object({ is: z.literal('viewing'), conversationId: Id, typing: z.boolean() }),
]);
export type FromDesk = z.infer<typeof FromDesk>;
