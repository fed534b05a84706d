import { z } from 'zod';
import { BothNames, endpoint, Id, Time } from './endpoint.ts';
import { Channel } from './conversations.ts';
import { PromptName } from './menu.ts';
import { WaitingRules } from './waiting.ts';

/** Within how many seconds a contact is to be answered, by the channel it came by. */
export const AnswerWithin = z.record(Channel, z.number().int().min(1).max(2_592_000));
export type AnswerWithin = z.infer<typeof AnswerWithin>;
/** What a new queue begins with: seconds for who is on the line, eight hours for who wrote. */
export const usualAnswerWithin: AnswerWithin = {
  call: 20,
  chat: 60,
  email: 28_800,
  message: 28_800,
  voicemail: 28_800,
};

/** A skill a contact asks for while it has waited less than `untilSeconds` (null: always). */
export const Demand = z.object({
  skill: Id,
  kind: z.enum(['required', 'preferred']),
  level: z.number().int().min(1).max(5),
  untilSeconds: z.number().int().min(1).nullable(),
});
export type Demand = z.infer<typeof Demand>;

/** A queue as an agent sees it in the work list. */
export const QueuePicture = z.object({
  queueId: Id,
  clientId: Id,
  name: BothNames,
  priority: z.number().int(),
  waiting: z.number().int(),
  oldestQueuedAt: Time.nullable(),
  open: z.boolean(),
});
export type QueuePicture = z.infer<typeof QueuePicture>;
export const readQueues = endpoint({
  method: 'GET',
  path: '/api/queues',
  summary: 'The queues of your clients as they stand now',
  reply: z.object({ seq: z.number().int(), queues: z.array(QueuePicture) }),
});

export const Skill = z.object({ id: Id, code: z.string(), kind: z.enum(['language', 'topic']), name: BothNames });
export const QueueSettings = z.object({
  id: Id,
  clientId: Id,
  name: BothNames,
  priority: z.number().int().min(1).max(9),
  openingHoursId: Id.nullable(),
  demands: z.array(Demand),
  offerSeconds: z.number().int().min(5).max(300),
  maxMissed: z.number().int().min(1).max(10),
  answerWithin: AnswerWithin,
  wrapUp: z.enum(['optional', 'required', 'timed']),
  wrapUpSeconds: z.number().int().nullable(),
  overflowQueueId: Id.nullable(),
  overflowAfterSeconds: z.number().int().nullable(),
  /** What a caller hears first when no menu has greeted him; null: music at once. */
  greeting: PromptName.nullable(),
  /** What a caller hears outside opening hours; null: the call is refused. */
  closedMessage: PromptName.nullable(),
  music: PromptName,
  /** What callers hear and may choose while they wait; null: music and nothing else. */
  waiting: WaitingRules.nullable(),
  contactPoints: z.array(z.object({ id: Id, channel: Channel, address: z.string(), name: z.string() })),
});
export type QueueSettings = z.infer<typeof QueueSettings>;
export const readQueueSettings = endpoint({
  method: 'GET',
  path: '/api/settings/queues',
  summary: 'How the queues of your clients are set up',
  reply: z.object({ queues: z.array(QueueSettings), skills: z.array(Skill) }),
});
export const changeQueueSettings = endpoint({
  method: 'PATCH',
  path: '/api/settings/queues/:queueId',
  summary: 'Change a queue; takes effect at once',
  params: z.object({ queueId: Id }),
  body: QueueSettings.pick({
    priority: true,
    openingHoursId: true,
    demands: true,
    offerSeconds: true,
    maxMissed: true,
    wrapUp: true,
    wrapUpSeconds: true,
    overflowQueueId: true,
    overflowAfterSeconds: true,
    greeting: true,
    closedMessage: true,
    music: true,
    waiting: true,
  })
    .extend({ answerWithin: z.partialRecord(Channel, AnswerWithin.valueType) })
    .partial(),
  reply: QueueSettings,
});

/** How work is shared out in a client, its opening hours or the people who do it: whoever shows them reads again. */
export const SettingsEvent = z.object({
  type: z.literal('settings.changed'),
  body: z.object({
    clientId: Id,
    /** With a change of one of its people. */
    personId: Id.optional(),
  }),
});
export type SettingsEvent = z.infer<typeof SettingsEvent>;
