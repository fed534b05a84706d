import { z } from 'zod';
import { AgentStatus, PauseReason } from './agents.ts';
import { BothNames, endpoint, Id, Time } from './endpoint.ts';

/** Every figure of a queue today. Waiting and handling are live; the rest is of the day in the client's time zone. */
export const QueueFigures = z.object({
  queueId: Id,
  clientId: Id,
  name: BothNames,
  waiting: z.number().int(),
  oldestQueuedAt: Time.nullable(),
  handling: z.number().int(),
  wrapUp: z.number().int(),
  unregistered: z.number().int(),
  offered: z.number().int(),
  answered: z.number().int(),
  answeredInTime: z.number().int(),
  abandoned: z.number().int(),
  answerWithinSeconds: z.number().int(),
  /** answeredInTime / offered; null when nothing was offered. See `formula`. */
  serviceLevel: z.number().nullable(),
  averageSpeedOfAnswer: z.number().nullable(),
});
export type QueueFigures = z.infer<typeof QueueFigures>;

export const Board = z.object({
  seq: z.number().int(),
  at: Time,
  /** Name and version of the service level formula in use: `answered-in-time/offered@1`. */
  formula: z.string(),
  queues: z.array(QueueFigures),
  /** `handling`: contacts in hand, those waiting for their registration included. */
  agents: z.array(AgentStatus.extend({ clientIds: z.array(Id), handling: z.number().int() })),
  pauseReasons: z.array(PauseReason),
});
export type Board = z.infer<typeof Board>;
export const readBoard = endpoint({
  method: 'GET',
  path: '/api/board',
  summary: 'The live board of your clients',
  query: z.object({ clientId: Id.optional() }),
  reply: Board,
});
