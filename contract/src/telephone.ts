/** What an agent does with a call: the controls of the desk. */
import { z } from 'zod';
import { AgentState } from './agents.ts';
import { ConversationCard } from './conversations.ts';
import { BothNames, Done, endpoint, Id, Time } from './endpoint.ts';
import { IceServers } from './web-call.ts';

const one = z.object({ conversationId: Id });

export const readLine = endpoint({
  method: 'GET',
  path: '/api/line',
  summary: 'Servers by which this browser reaches the voice engine',
  reply: IceServers,
});
/** Connects the agent's browser to the voice engine, once at sign-in and again after a reload. */
export const connectLine = endpoint({
  method: 'POST',
  path: '/api/line',
  summary: 'Connect this browser as your telephone (WebRTC offer in, answer out)',
  body: z.object({ sdp: z.string().min(1).max(20_000) }),
  reply: z.object({ sdp: z.string() }),
});
export const disconnectLine = endpoint({
  method: 'DELETE',
  path: '/api/line',
  summary: 'Hang this telephone up for good',
  reply: Done,
});
export const holdCall = endpoint({
  method: 'PUT',
  path: '/api/calls/:conversationId/hold',
  summary: 'Put the caller on hold with music, or take back',
  params: one,
  body: z.object({ held: z.boolean() }),
  reply: ConversationCard,
});
export const muteCall = endpoint({
  method: 'PUT',
  path: '/api/calls/:conversationId/mute',
  summary: 'Mute yourself towards the caller',
  params: one,
  body: z.object({ muted: z.boolean() }),
  reply: ConversationCard,
});
export const sendDtmf = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/dtmf',
  summary: 'Send tones to the other side',
  params: one,
  body: z.object({ digits: z.string().regex(/^[0-9A-D*#]{1,32}$/) }),
  reply: Done,
});
export const hangUp = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/hang-up',
  summary: 'End the call',
  params: one,
  reply: ConversationCard,
});

// ── calls that we make ──

/** As an agent types or reads it: `06 12 34 56 78`, `+31 …`, `0031 …`. */
const Dialled = z.string().trim().min(2).max(40);

/** A number of a client that customers see when we call them; the first of a client is the one to use unless there is a reason. */
export const OwnNumber = z.object({
  contactPointId: Id,
  clientId: Id,
  address: z.string(),
  name: z.string(),
  queueId: Id,
  queue: BothNames,
});
export type OwnNumber = z.infer<typeof OwnNumber>;
export const readOwnNumbers = endpoint({
  method: 'GET',
  path: '/api/calls/own-numbers',
  summary: 'The numbers of your clients that you may call with',
  reply: z.object({ numbers: z.array(OwnNumber) }),
});
export const startCall = endpoint({
  method: 'POST',
  path: '/api/calls',
  summary: 'Call a number for a client; a conversation that is in your hands at once',
  body: z.object({
    clientId: Id,
    number: Dialled,
    /** Whom you mean to call; else whoever is known by the number. */
    customerId: Id.nullable().default(null),
    /** With which of the client's numbers; else the first. */
    contactPointId: Id.nullable().default(null),
    /** The promise that is kept by it. */
    callbackId: Id.nullable().default(null),
  }),
  reply: ConversationCard,
});

// ── the second line ──

const Note = z.string().max(2_000).default('');

/** `number` may be one of the client's list. */
const Somebody = z.discriminatedUnion('is', [
  z.object({ is: z.literal('colleague'), agentId: Id }),
  z.object({ is: z.literal('queue'), queueId: Id }),
  z.object({ is: z.literal('number'), number: Dialled }),
]);
export const askInto = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/parties',
  summary: 'Ask a colleague, somebody of a queue or a number into your call, to consult or to take it over',
  params: one,
  body: z.object({
    to: Somebody,
    purpose: z.enum(['consult', 'transfer']),
    note: Note,
    /** Of your part, with a transfer. */
    reasonId: Id.nullable().default(null),
  }),
  reply: ConversationCard,
});
export type AskInto = z.output<typeof askInto.body>;
export const takeBackParty = endpoint({
  method: 'DELETE',
  path: '/api/calls/:conversationId/parties/:partyId',
  summary: 'Take back whom you asked, at any moment: you are with the customer again',
  params: one.extend({ partyId: Id }),
  reply: ConversationCard,
});
export const talkWith = endpoint({
  method: 'PUT',
  path: '/api/calls/:conversationId/with',
  summary: 'Talk with the customer, with the one you asked in, or with both',
  params: one,
  body: z.object({ with: z.enum(['customer', 'guest', 'all']) }),
  reply: ConversationCard,
});
export type TalkWith = z.output<typeof talkWith.body>;
export const putThrough = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/put-through',
  summary: 'Leave the customer with the one you asked in',
  params: one,
  body: z.object({ note: Note, reasonId: Id.nullable().default(null) }),
  reply: ConversationCard,
});
export type PutThrough = z.output<typeof putThrough.body>;
export const joinCall = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/join',
  summary: 'Answer the colleague who asks you into his call',
  params: one,
  reply: ConversationCard,
});
export const leaveCall = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/leave',
  summary: 'Decline, or leave, the call of a colleague',
  params: one,
  reply: Done,
});

// ── parking ──

export const parkCall = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/park',
  summary: 'Set the caller aside with music; it rings again by itself after a while',
  params: one,
  body: z.object({ note: z.string().max(500).default('') }),
  reply: ConversationCard,
});
export const takeParked = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/take',
  summary: 'Take a parked call, of yourself or of a colleague',
  params: one,
  reply: ConversationCard,
});

// ── whom to ask ──

export const Colleague = z.object({
  agentId: Id,
  name: z.string(),
  state: AgentState,
  pauseReason: BothNames.nullable(),
  since: Time,
  /** Can be asked now. */
  free: z.boolean(),
  onPhone: z.boolean(),
  /** Queues of this client that he serves. */
  queueIds: z.array(Id),
  skills: z.array(BothNames),
});
export type Colleague = z.infer<typeof Colleague>;
export const QueueToAsk = z.object({
  queueId: Id,
  name: BothNames,
  open: z.boolean(),
  /** Agents who could take a call now. */
  free: z.number().int(),
  waiting: z.number().int(),
  /** Null when it cannot be trusted. */
  expectedWaitSeconds: z.number().nullable(),
});
export type QueueToAsk = z.infer<typeof QueueToAsk>;
export const OutsideNumber = z.object({
  id: Id,
  clientId: Id,
  name: z.string(),
  number: z.string(),
  note: z.string(),
});
export type OutsideNumber = z.infer<typeof OutsideNumber>;
export const readDirectory = endpoint({
  method: 'GET',
  path: '/api/directory',
  summary: 'Colleagues, queues and numbers outside that serve a client, with who is free',
  query: z.object({ clientId: Id, language: z.string().max(10).default('nl') }),
  reply: z.object({
    colleagues: z.array(Colleague),
    queues: z.array(QueueToAsk),
    numbers: z.array(OutsideNumber),
  }),
});
export type Directory = z.infer<typeof readDirectory.reply>;

const OutsideNumberFields = z.object({
  name: z.string().trim().min(1).max(80),
  number: Dialled,
  note: z.string().trim().max(300).default(''),
});
export const readOutsideNumbers = endpoint({
  method: 'GET',
  path: '/api/settings/outside-numbers',
  summary: 'Numbers outside that agents may ask into a call',
  reply: z.object({ numbers: z.array(OutsideNumber) }),
});
export const addOutsideNumber = endpoint({
  method: 'POST',
  path: '/api/settings/outside-numbers',
  summary: 'Add a number outside',
  body: OutsideNumberFields.extend({ clientId: Id }),
  reply: OutsideNumber,
});
export const changeOutsideNumber = endpoint({
  method: 'PUT',
  path: '/api/settings/outside-numbers/:numberId',
  summary: 'Change a number outside',
  params: z.object({ numberId: Id }),
  body: OutsideNumberFields,
  reply: OutsideNumber,
});
export const removeOutsideNumber = endpoint({
  method: 'DELETE',
  path: '/api/settings/outside-numbers/:numberId',
  summary: 'Remove a number outside',
  params: z.object({ numberId: Id }),
  reply: Done,
});
