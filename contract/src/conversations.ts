import { z } from 'zod';
import { ScreenPop } from './customers.ts';
import { BothNames, Done, endpoint, Id, Time } from './endpoint.ts';
import { LineStep } from './line-quality.ts';

export const Channel = z.enum(['call', 'email', 'chat', 'message', 'voicemail']);
export type Channel = z.infer<typeof Channel>;
/**
 * `message` is what an offline chat form leaves: answered in writing, like a mail. `voicemail` was spoken and waits as
 * what is written does.
 */
export const kindOf = {
  call: 'call',
  chat: 'chat',
  email: 'written',
  message: 'written',
  voicemail: 'written',
} as const satisfies Record<Channel, 'call' | 'chat' | 'written'>;
export type WorkKind = (typeof kindOf)[Channel];

/**
 * Over without having been in anybody's hands, and asking for no registration: `turned-away` called while the queue was
 * closed, `left-menu` hung up before a queue was chosen, `forwarded` was put through to a number outside.
 */
export const ConversationState = z.enum([
  'waiting',
  'offered',
  'handling',
  'wrap-up',
  'parked',
  'closed',
  'abandoned',
  'turned-away',
  'left-menu',
  'forwarded',
]);
export type ConversationState = z.infer<typeof ConversationState>;

const over: ReadonlySet<string> = new Set([
  'closed',
  'abandoned',
  'turned-away',
  'left-menu',
  'forwarded',
] satisfies ConversationState[]);
/** Nothing is asked of anyone any more. */
export const isOver = (state: string): boolean => over.has(state);

/** Somebody in a call beside the customer and the agent. */
export const CallParty = z.object({
  id: Id,
  kind: z.enum(['agent', 'outside', 'supervisor']),
  personId: Id.nullable(),
  /** Of the person, or '' for a number. */
  name: z.string(),
  /** The number that was called, of an outside party. */
  address: z.string(),
  state: z.enum(['ringing', 'up']),
  /** `main`: with the customer; `aside`: with the agent apart; `hold`: hears music. */
  room: z.enum(['main', 'aside', 'hold']),
  /** `listen`: heard by nobody; `whisper`: by the agent only. */
  voice: z.enum(['all', 'listen', 'whisper']),
  /** `transfer`: the agent is off the line as soon as it is answered. */
  purpose: z.enum(['consult', 'transfer']),
  /** Who asked this party in; '' for a supervisor, who comes by himself. */
  askedBy: z.string(),
  /** Why, in the words of the one who asks. */
  note: z.string(),
  /** When it was asked, or answered. */
  since: Time,
  /** While it rings at a colleague: until when. */
  until: Time.nullable(),
  /** Somebody of this queue was asked for. */
  queueId: Id.nullable(),
});
export type CallParty = z.infer<typeof CallParty>;

/** Of a call from the client's site. */
export const WebCaller = z.object({
  page: z.string(),
  question: z.string(),
  /** Given beside the number. */
  email: z.string(),
  /** The chat that the same visitor has open. */
  chatId: Id.nullable(),
  /** False while his connection is gone; he is waited for. */
  here: z.boolean(),
});
/** A customer who hung up and keeps his place: he is called when it is his turn. */
export const Callback = z.object({
  /** `resting`: not reached, until `nextAt`. `not-reached`: for the last time. */
  state: z.enum(['waiting', 'dialling', 'resting', 'kept', 'not-reached', 'cancelled']),
  number: z.string(),
  /** How often he was called. */
  attempts: z.number().int(),
  nextAt: Time.nullable(),
});
export type Callback = z.infer<typeof Callback>;
/** The recording of a call while it goes on. */
export const CallRecording = z.object({
  id: Id,
  /** `announcing`: the caller is told; nothing is recorded yet. */
  state: z.enum(['announcing', 'running', 'paused']),
  since: Time,
  /** Since when there is a recording; null while the caller is told. */
  startedAt: Time.nullable(),
  pausedFor: z.enum(['agent', 'payment']).nullable(),
});
export type CallRecording = z.infer<typeof CallRecording>;

/** The telephone side of a conversation. */
export const CallStatus = z.object({
  live: z.boolean(),
  /** Of a call that we make. `up`: both can speak. */
  phase: z.enum(['dialling', 'ringing', 'up']),
  held: z.boolean(),
  muted: z.boolean(),
  /** The agent talks apart with those in `aside`. */
  aside: z.boolean(),
  parties: z.array(CallParty),
  legId: z.string(),
  /** Null for a call by telephone. */
  web: WebCaller.nullable(),
  /** How each is received now; null before that is known. */
  customerLine: LineStep.nullable(),
  agentLine: LineStep.nullable(),
  /** It ended because the line failed; nobody hung up. */
  dropped: z.boolean(),
  callback: Callback.nullable(),
  /** Null when nothing is recorded. */
  recording: CallRecording.nullable(),
  /** Of a call that we made and nobody answered. */
  unanswered: z.enum(['busy', 'no-answer', 'rejected', 'unreachable', 'cancelled']).nullable(),
  /** Who was asked in last and is there no longer, and why: the engine's reason, or `declined`, `taken-back`, `transferred`, `line-lost`. */
  lastGuest: z.object({ name: z.string(), address: z.string(), why: z.string(), at: Time }).nullable(),
  parked: z.object({ byName: z.string(), note: z.string(), until: Time }).nullable(),
});
export type CallStatus = z.infer<typeof CallStatus>;
/** Of a call that has just begun. */
export const newCall = (legId: string): CallStatus => ({
  ...{ live: true, phase: 'up', held: false, muted: false, aside: false, parties: [] },
  ...{
    legId,
    web: null,
    customerLine: null,
    agentLine: null,
    dropped: false,
    unanswered: null,
    lastGuest: null,
    parked: null,
    callback: null,
    recording: null,
  },
});

/** A conversation as lists, boards and events carry it. */
export const ConversationCard = z.object({
  id: Id,
  clientId: Id,
  channel: Channel,
  direction: z.enum(['in', 'out']),
  state: ConversationState,
  queueId: Id,
  customerId: Id.nullable(),
  customerAddress: z.string(),
  customerName: z.string(),
  subject: z.string(),
  language: z.string(),
  priority: z.number().int(),
  agentId: Id.nullable(),
  /** Counts how often a closed thread came back; each round has its own registration. */
  round: z.number().int(),
  version: z.number().int(),
  queuedAt: Time,
  answeredAt: Time.nullable(),
  endedAt: Time.nullable(),
  wrapUpUntil: Time.nullable(),
  offerExpiresAt: Time.nullable(),
  lastMessageAt: Time.nullable(),
  lastMessageFrom: z.enum(['customer', 'agent', 'system']).nullable(),
  call: CallStatus.nullable(),
});
export type ConversationCard = z.infer<typeof ConversationCard>;

export const AttachmentLine = z.object({
  id: Id,
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int(),
  inline: z.boolean(),
  contentId: z.string().nullable(),
});
/** RFC 3834 §2: what kind of machine sent a mail. */
export const AutomaticKind = z.enum(['bounce', 'auto-reply', 'auto-generated', 'list', 'bulk']);
export type AutomaticKind = z.infer<typeof AutomaticKind>;

export const Message = z.object({
  id: Id,
  conversationId: Id,
  position: z.number().int(),
  author: z.enum(['customer', 'agent', 'system']),
  authorName: z.string(),
  text: z.string(),
  /** Sanitised on the server; shown in a sandboxed frame. Null when the text is all there is. */
  html: z.string().nullable(),
  externalId: z.string(),
  delivery: z.enum(['received', 'pending', 'sent', 'failed']),
  deliveryDetail: z.string().nullable(),
  at: Time,
  /** Null for what a person wrote. */
  automatic: AutomaticKind.nullable(),
  /** It came as a mail, which can be had as it came. */
  original: z.boolean(),
  attachments: z.array(AttachmentLine),
});
export type Message = z.infer<typeof Message>;

export const Code = z.object({ id: Id, code: z.string(), name: BothNames });
export type Code = z.infer<typeof Code>;

export const WrapUpRule = z.object({
  mode: z.enum(['optional', 'required', 'timed']),
  seconds: z.number().int().nullable(),
  defaultReasonId: Id.nullable(),
  defaultOutcomeId: Id.nullable(),
});

export const RegistrationFields = z.object({
  reasonId: Id,
  outcomeId: Id,
  summary: z.string().max(10_000),
  followUp: z.string().max(2_000),
  followUpAt: Time.nullable(),
  /** The follow-up is a call at that time, promised to the customer. */
  callBack: z.boolean().optional(),
});
export type RegistrationFields = z.infer<typeof RegistrationFields>;
export const Registration = RegistrationFields.extend({
  byDefault: z.boolean(),
  registeredByName: z.string().nullable(),
  registeredAt: Time,
});

/** How well a leg was received during the call. */
export const LegReport = z.object({
  legId: z.string(),
  party: z.enum(['customer', 'agent', 'other']),
  /** Of an agent or supervisor. */
  name: z.string(),
  seconds: z.number().int(),
  fairSeconds: z.number().int(),
  badSeconds: z.number().int(),
  /** Of 1. */
  lost: z.number(),
  mostJitterMs: z.number(),
  mostRoundTripMs: z.number().nullable(),
  /** Of five seconds, 1–4.4. */
  leastMos: z.number(),
});
export type LegReport = z.infer<typeof LegReport>;

/** What an agent has typed and not yet sent or saved. */
export const ReplyDraft = z.object({ text: z.string().max(200_000) });
export const RegistrationDraft = RegistrationFields.partial();
export type RegistrationDraft = z.infer<typeof RegistrationDraft>;

/** The record of an agent's part of a contact that somebody else went on with. */
export const HandOver = z.object({
  id: Id,
  round: z.number().int(),
  at: Time,
  byName: z.string(),
  /** Whose hands it left, when a supervisor moved it. */
  agentName: z.string().nullable(),
  fromQueue: BothNames,
  toQueue: BothNames,
  /** Given to somebody in person. */
  toAgentName: z.string().nullable(),
  reason: BothNames.nullable(),
  note: z.string(),
});
export type HandOver = z.infer<typeof HandOver>;

/** How far you have read a conversation; `at` is the time of that message. */
export const Seen = z.object({ conversationId: Id, position: z.number().int(), at: Time });
export type Seen = z.infer<typeof Seen>;

export const ConversationDetail = z.object({
  card: ConversationCard,
  /** In whose hands it was when this was read. */
  agent: z.object({ id: Id, name: z.string() }).nullable(),
  messages: z.array(Message),
  reasons: z.array(Code),
  outcomes: z.array(Code),
  wrapUp: WrapUpRule,
  registration: Registration.nullable(),
  replyDraft: ReplyDraft.nullable(),
  registrationDraft: RegistrationDraft.nullable(),
  /** Oldest first, of every round. */
  handOvers: z.array(HandOver),
  /** Of a call, since it was answered. */
  lines: z.array(LegReport),
  screenPop: ScreenPop,
});
export type ConversationDetail = z.infer<typeof ConversationDetail>;

const one = z.object({ conversationId: Id });

export const readWork = endpoint({
  method: 'GET',
  path: '/api/work',
  summary: 'Your own work list, and the sequence number it is true for',
  reply: z.object({ seq: z.number().int(), conversations: z.array(ConversationCard), seen: z.array(Seen) }),
});
export const readConversation = endpoint({
  method: 'GET',
  path: '/api/conversations/:conversationId',
  summary: 'One conversation with its messages, codes and screen pop',
  params: one,
  reply: ConversationDetail,
});
/** The rows behind a number of the live board. Closed conversations are those of one day. */
export const listConversations = endpoint({
  method: 'GET',
  path: '/api/conversations',
  summary: 'The conversations behind a number, a page at a time',
  query: z.object({
    clientId: Id.optional(),
    queueId: Id.optional(),
    agentId: Id.optional(),
    /** `in-hand`: handling or wrap-up. `unregistered`: ended without a registration. `answered`, `answered-in-time`, `abandoned`, `offered-today`, `turned-away`, `left-menu`, `forwarded`, `callbacks`, `callbacks-kept`, and of the calls that we made `called`, `reached`: of `day`. */
    is: z.enum([
      'waiting',
      'offered',
      'handling',
      'wrap-up',
      'in-hand',
      'parked',
      'unregistered',
      'answered',
      'answered-in-time',
      'abandoned',
      'offered-today',
      'registered',
      'turned-away',
      'left-menu',
      'forwarded',
      'callbacks',
      'callbacks-kept',
      'called',
      'reached',
    ]),
    channel: Channel.optional(),
    /** yyyy-mm-dd in the time zone of the client; today when left out. */
    day: z.iso.date().optional(),
    after: z.string().max(200).optional(),
  }),
  reply: z.object({
    conversations: z.array(
      ConversationCard.extend({ agentName: z.string().nullable(), waitSeconds: z.number().nullable() }),
    ),
    next: z.string().nullable(),
  }),
});
export const acceptOffer = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/accept',
  summary: 'Take the contact that is offered to you',
  params: one,
  reply: ConversationCard,
});
export const declineOffer = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/decline',
  summary: 'Give the offer back; the contact returns to the front of its queue',
  params: one,
  reply: Done,
});
export const sendReply = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/replies',
  summary: 'Answer in writing; the same key is never sent twice',
  params: one,
  body: z.object({ key: z.uuid(), text: z.string().min(1).max(200_000), fileIds: z.array(Id).max(20).default([]) }),
  reply: Message,
});
export const parkConversation = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/park',
  summary: 'Wait for the customer: an answer brings the conversation back to you',
  params: one,
  reply: ConversationCard,
});
export const resumeConversation = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/resume',
  summary: 'Take a parked conversation in hand again',
  params: one,
  reply: ConversationCard,
});
export const endConversation = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/end',
  summary: 'End the contact; registration remains to be done',
  params: one,
  reply: ConversationCard,
});
export const registerConversation = endpoint({
  method: 'PUT',
  path: '/api/conversations/:conversationId/registration',
  summary: 'Record reason, outcome, summary and follow-up, which closes the conversation',
  params: one,
  body: RegistrationFields,
  reply: ConversationCard,
});
export const extendWrapUp = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/extend-wrap-up',
  summary: 'More time for wrap-up',
  params: one,
  reply: ConversationCard,
});
/** Registers with the queue's defaults: only where wrap-up is optional. */
export const skipRegistration = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/skip-registration',
  summary: 'Close without own registration where the queue allows it',
  params: one,
  reply: ConversationCard,
});
export const requeueConversation = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/requeue',
  summary: 'Hand the conversation to a queue of the same client',
  params: one,
  body: z.object({
    queueId: Id,
    /** For the next agent; never shown to the customer. */
    note: z.string().max(2_000).default(''),
    reasonId: Id.nullable().default(null),
  }),
  reply: ConversationCard,
});
/** What is written, or waits for its registration. A live call goes by a queue. */
export const assignConversation = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/assign',
  summary: 'Give a conversation of somebody else to an agent, or take it yourself',
  params: one,
  body: z.object({ agentId: Id, note: z.string().max(2_000).default('') }),
  reply: ConversationCard,
});
export const markSeen = endpoint({
  method: 'PUT',
  path: '/api/conversations/:conversationId/seen',
  summary: 'Say how far you have read',
  params: one,
  body: z.object({ position: z.number().int().min(1) }),
  reply: Done,
});
export const linkCustomer = endpoint({
  method: 'PUT',
  path: '/api/conversations/:conversationId/customer',
  summary: 'Say who the customer is',
  params: one,
  body: z.object({ customerId: Id.nullable() }),
  reply: ConversationCard,
});
export const saveDraft = endpoint({
  method: 'PUT',
  path: '/api/conversations/:conversationId/draft',
  summary: 'Keep what is being typed',
  params: one,
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('reply'), body: ReplyDraft }),
    z.object({ kind: z.literal('registration'), body: RegistrationDraft }),
  ]),
  reply: Done,
});
export const uploadFile = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/files',
  summary: 'Upload an attachment (multipart, field `file`)',
  params: one,
  reply: AttachmentLine,
});

/** Why a card changed; every one carries the card as it is after the change. */
export const ConversationEventType = z.enum([
  'conversation.queued',
  'conversation.started', // an agent calls the customer
  'conversation.offered',
  'conversation.accepted',
  'conversation.declined',
  'conversation.missed',
  'conversation.withdrawn', // the offer was taken back: the agent went away
  'conversation.ended',
  'conversation.registered',
  'conversation.abandoned',
  'conversation.turned-away',
  'conversation.left-menu',
  'conversation.forwarded',
  'conversation.callback-asked', // keeps the place; nobody is on the line
  'conversation.callback-kept', // was called and answered
  'conversation.callback-rests', // not reached, or it is night: waits for `call.callback.nextAt`
  'conversation.parked',
  'conversation.resumed',
  'conversation.requeued',
  'conversation.reassigned', // somebody else has it now: given by a supervisor, or put through
  'conversation.linked',
  'conversation.wrap-up-extended',
  'conversation.call-changed',
]);
export type ConversationEventType = z.infer<typeof ConversationEventType>;
export const ConversationEvent = z.object({
  type: ConversationEventType,
  body: z.object({
    card: ConversationCard,
    /** Whose offer or contact it was before this event, when it no longer is. */
    previousAgentId: Id.nullable(),
    /** With `conversation.registered`: the default was used because time ran out. */
    byDefault: z.boolean().optional(),
  }),
});
export type ConversationEvent = z.infer<typeof ConversationEvent>;
export const MessageEvent = z.object({
  type: z.enum(['message.added', 'message.delivery-changed']),
  body: z.object({ message: Message, card: ConversationCard }),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

/** What others may know of a contact in their queues: enough for counts and timers, nothing of the customer. */
export const ConversationShadow = ConversationCard.pick({
  id: true,
  clientId: true,
  channel: true,
  state: true,
  queueId: true,
  priority: true,
  agentId: true,
  queuedAt: true,
  answeredAt: true,
  version: true,
});
export type ConversationShadow = z.infer<typeof ConversationShadow>;
