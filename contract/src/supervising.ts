/** Listening in on calls, and asking for help. */
import { z } from 'zod';
import { CallParty, Channel, ConversationCard } from './conversations.ts';
import { Done, endpoint, Id, Time } from './endpoint.ts';

const one = z.object({ conversationId: Id });

/** An agent who asks for help in a contact that is in his hands. */
export const HelpRequest = z.object({
  id: Id,
  conversationId: Id,
  clientId: Id,
  channel: Channel,
  agentId: Id,
  agentName: z.string(),
  word: z.string(),
  askedAt: Time,
  /** The first supervisor who comes. */
  takenBy: z.object({ id: Id, name: z.string() }).nullable(),
  /** Taken back, or no longer needed. */
  withdrawn: z.boolean(),
});
export type HelpRequest = z.infer<typeof HelpRequest>;

/** The call that one listens to now. */
export const Supervised = z.object({
  card: ConversationCard,
  agentName: z.string(),
  voice: CallParty.shape.voice,
  /** Of this way of taking part. */
  since: Time,
});
export type Supervised = z.infer<typeof Supervised>;

export const readSupervising = endpoint({
  method: 'GET',
  path: '/api/supervising',
  summary: 'The call you listen to, and who asks for help; an agent sees his own requests',
  reply: z.object({ call: Supervised.nullable(), help: z.array(HelpRequest) }),
});

/** Also the way from one to the other. The agent sees it at once. */
export const listenIn = endpoint({
  method: 'PUT',
  path: '/api/calls/:conversationId/supervising',
  summary: 'Listen to a call of somebody else; whispering is heard by the agent only',
  params: one,
  body: z.object({ voice: z.enum(['listen', 'whisper']) }),
  reply: ConversationCard,
});
export const joinCall = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/supervising/join',
  summary: 'Take part in a call of somebody else, heard by all',
  params: one,
  reply: ConversationCard,
});
export const leaveCall = endpoint({
  method: 'DELETE',
  path: '/api/calls/:conversationId/supervising',
  summary: 'Listen no longer',
  params: one,
  reply: Done,
});
export const takeOverCall = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/take-over',
  summary: 'Go on with the call of somebody else; he is free for the next',
  params: one,
  reply: ConversationCard,
});

export const askHelp = endpoint({
  method: 'PUT',
  path: '/api/conversations/:conversationId/help',
  summary: 'Ask supervisors for help with your call or chat',
  params: one,
  body: z.object({ word: z.string().trim().max(200) }),
  reply: HelpRequest,
});
export const withdrawHelp = endpoint({
  method: 'DELETE',
  path: '/api/conversations/:conversationId/help',
  summary: 'Help is no longer needed',
  params: one,
  reply: Done,
});
/** Of two who take it, the first does. */
export const takeHelp = endpoint({
  method: 'POST',
  path: '/api/conversations/:conversationId/help/take',
  summary: 'Say that you come to help',
  params: one,
  reply: HelpRequest,
});

export const HelpEvent = z.object({ type: z.literal('help.changed'), body: z.object({ request: HelpRequest }) });
export type HelpEvent = z.infer<typeof HelpEvent>;

/** Whether calls of a client may be listened to uninvited. */
export const SupervisingPolicy = z.object({
  clientId: Id,
  /** Where the works council's consent can be found (WOR art. 27); without it nobody listens in unless the agent asks for help. */
  decision: z.string().trim().max(200),
  changedAt: Time.nullable(),
  changedByName: z.string().nullable(),
});
export type SupervisingPolicy = z.infer<typeof SupervisingPolicy>;
export const readSupervisingPolicies = endpoint({
  method: 'GET',
  path: '/api/settings/supervising',
  summary: 'Whether calls of your clients may be listened to',
  reply: z.object({ policies: z.array(SupervisingPolicy) }),
});
export const changeSupervisingPolicy = endpoint({
  method: 'PUT',
  path: '/api/settings/supervising/:clientId',
  summary: 'Record the decision that allows listening in, or take it away',
  params: z.object({ clientId: Id }),
  body: SupervisingPolicy.pick({ decision: true }),
  reply: SupervisingPolicy,
});
