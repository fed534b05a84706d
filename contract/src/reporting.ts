import { z } from 'zod';
import { AgentStatus, PauseReason } from './agents.ts';
import { Channel } from './conversations.ts';
import { BothNames, endpoint, Id, Time } from './endpoint.ts';
import { LineStep } from './line-quality.ts';

/** Waiting and handling are live; the rest is of the day in the client's time zone. */
const Figures = z.object({
  waiting: z.number().int(),
  oldestQueuedAt: Time.nullable(),
  handling: z.number().int(),
  wrapUp: z.number().int(),
  unregistered: z.number().int(),
  offered: z.number().int(),
  answered: z.number().int(),
  answeredInTime: z.number().int(),
  abandoned: z.number().int(),
  /** Called while the queue was closed: neither offered nor abandoned. */
  turnedAway: z.number().int(),
  /** Hung up in the menu, before a queue was chosen. */
  leftMenu: z.number().int(),
  /** Put through to a number outside or to voicemail, from the menu or while waiting. */
  forwarded: z.number().int(),
  /** Asked to be called back and kept their place: neither offered nor abandoned. */
  callbacks: z.number().int(),
  /** Of these, called and reached. */
  callbacksKept: z.number().int(),
  /** Calls that agents made, and those of them that were answered: apart from what came in. */
  called: z.number().int(),
  reached: z.number().int(),
  /** answeredInTime / offered; null when nothing was offered. See `formula`. */
  serviceLevel: z.number().nullable(),
  averageSpeedOfAnswer: z.number().nullable(),
});
export type Figures = z.infer<typeof Figures>;

/** In time is within the norm that held for the channel when the contact came in. */
export const ChannelFigures = Figures.extend({ channel: Channel, answerWithinSeconds: z.number().int() });
export type ChannelFigures = z.infer<typeof ChannelFigures>;

/** Every figure of a queue today, as a whole and by the channels that it serves. */
export const QueueFigures = Figures.extend({
  queueId: Id,
  clientId: Id,
  name: BothNames,
  channels: z.array(ChannelFigures),
});
export type QueueFigures = z.infer<typeof QueueFigures>;

export const Board = z.object({
  seq: z.number().int(),
  at: Time,
  /** Name and version of the service level formula in use: `answered-in-time/offered@2`. */
  formula: z.string(),
  queues: z.array(QueueFigures),
  /** `handling`: contacts in hand, those waiting for their registration included. */
  agents: z.array(
    AgentStatus.extend({
      clientIds: z.array(Id),
      handling: z.number().int(),
      /** The call he is in. */
      call: z
        .object({
          conversationId: Id,
          clientId: Id,
          /** Names of those who listen in. */
          listeners: z.array(z.string()),
          line: LineStep.nullable(),
        })
        .nullable(),
    }),
  ),
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
