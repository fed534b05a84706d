import { z } from 'zod';
import { BothNames, endpoint, Id, Time } from './endpoint.ts';

export const AgentState = z.enum(['ready', 'busy', 'wrap-up', 'paused', 'offline']);
export type AgentState = z.infer<typeof AgentState>;
/** The states a person can choose; `busy` and `wrap-up` follow from the work. */
export const ChosenState = z.enum(['ready', 'paused', 'offline']);
export type ChosenState = z.infer<typeof ChosenState>;

export const PauseReason = z.object({ code: z.string(), name: BothNames });
export type PauseReason = z.infer<typeof PauseReason>;

export const AgentStatus = z.object({
  agentId: Id,
  name: z.string(),
  state: AgentState,
  pauseReason: z.string().nullable(),
  since: Time,
  nextState: ChosenState.nullable(),
  nextPauseReason: z.string().nullable(),
  missedInRow: z.number().int(),
  capacity: z.object({ call: z.number().int(), chat: z.number().int(), written: z.number().int() }),
});
export type AgentStatus = z.infer<typeof AgentStatus>;

export const readAgent = endpoint({
  method: 'GET',
  path: '/api/agent',
  summary: 'Your own state and the reasons to pause',
  reply: z.object({ status: AgentStatus, pauseReasons: z.array(PauseReason) }),
});
/** While work is in hand the state becomes the next one, reached when that work is registered. */
export const chooseState = endpoint({
  method: 'PUT',
  path: '/api/agent/state',
  summary: 'Become ready, paused or offline, now or after the present contact',
  body: z.object({ state: ChosenState, pauseReason: z.string().optional() }),
  reply: AgentStatus,
});

/** What can be gone on with returns to its queue; what waits for its registration stays with the agent. */
export const sendHome = endpoint({
  method: 'POST',
  path: '/api/agents/:agentId/send-home',
  summary: 'Put an agent who is gone offline, and his contacts back in their queues',
  params: z.object({ agentId: Id }),
  reply: z.object({ requeued: z.number().int() }),
});

export const AgentEvent = z.object({
  type: z.literal('agent.changed'),
  body: z.object({ status: AgentStatus, clientIds: z.array(Id) }),
});
export type AgentEvent = z.infer<typeof AgentEvent>;
