/** A moment to call back that was promised to a customer. */
import { z } from 'zod';
import { BothNames, Done, endpoint, Id, Time } from './endpoint.ts';

export const Callback = z.object({
  id: Id,
  clientId: Id,
  /** What it was promised in. */
  conversationId: Id,
  customerId: Id.nullable(),
  customerName: z.string(),
  number: z.string(),
  queueId: Id,
  queue: BothNames,
  /** Who promised it, and whether it is yours; once it is late, or he is not there, it is everybody's. */
  agentName: z.string().nullable(),
  mine: z.boolean(),
  dueAt: Time,
  note: z.string(),
});
export type Callback = z.infer<typeof Callback>;

export const readCallbacks = endpoint({
  method: 'GET',
  path: '/api/callbacks',
  summary: 'Calls back that you promised for today, and those of others that nobody keeps',
  reply: z.object({ callbacks: z.array(Callback) }),
});
/** A call that is made with `callbackId` keeps it; this one is for a promise that needs no call any more. */
export const dropCallback = endpoint({
  method: 'DELETE',
  path: '/api/callbacks/:callbackId',
  summary: 'Say that a promised call back is no longer needed',
  params: z.object({ callbackId: Id }),
  reply: Done,
});
