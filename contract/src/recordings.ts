/** Recordings of calls: why, when and how long, and what becomes of listening to them. */
import { z } from 'zod';
import { Role } from './access.ts';
import { ConversationCard } from './conversations.ts';
import { BothNames, Done, endpoint, Id, Time } from './endpoint.ts';
import { RecordingPause } from './voice.ts';

export const RecordingPurpose = z.enum(['quality', 'agreement', 'dispute', 'legal-duty']);
export type RecordingPurpose = z.infer<typeof RecordingPurpose>;
/**
 * What the rule pack `nl` proposes to keep, in days. Null: the client says (evidence of an agreement), or the law that
 * obliges him to record does. A default, no more: see docs/law.md.
 */
export const usualRetention: Record<RecordingPurpose, number | null> = {
  quality: 30,
  agreement: null,
  dispute: 183,
  'legal-duty': null,
};

/** `own`: the agents who are heard in it. */
export const Listener = z.enum(['own', ...Role.exclude(['agent', 'senior-agent', 'planner']).options]);
export type Listener = z.infer<typeof Listener>;
/** What happens when the caller objects: it is dropped, kept as far as it goes, or goes on because the law says so. */
export const OnObjection = z.enum(['drop', 'keep', 'goes-on']);
export type OnObjection = z.infer<typeof OnObjection>;
/** What watches staff wants the works council's consent first (WOR art. 27(1)(l)). */
export const wantsDecision = (purpose: RecordingPurpose): boolean => purpose === 'quality';
export const PurposeRule = z.object({
  purpose: RecordingPurpose,
  retentionDays: z.number().int().min(1).max(3_660),
  onObjection: OnObjection,
  listeners: z.array(Listener).max(Listener.options.length),
  /** Where the works council's decision can be found; '' is none, and then a purpose that wants one is no reason to record. */
  decision: z.string().trim().max(200),
});
export type PurposeRule = z.infer<typeof PurposeRule>;

/** `agent`: only when the agent starts it. */
export const RecordingMode = z.enum(['always', 'agent', 'never']);
export type RecordingMode = z.infer<typeof RecordingMode>;
export const RecordingPolicy = z.object({
  mode: RecordingMode,
  purposes: z.array(RecordingPurpose).max(RecordingPurpose.options.length),
  /** The prompt that a caller hears to its end before anything is recorded. */
  announcement: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,79}$/i),
  /** With this key a caller says that he does not want it. */
  objectionKey: z
    .string()
    .regex(/^[0-9*#]$/)
    .nullable(),
  /** Pausing for a payment is always allowed. */
  agentMayPause: z.boolean(),
  agentMayStop: z.boolean(),
  /** A pause that lasts so long is probably forgotten. */
  remindSeconds: z.number().int().min(10).max(3_600),
});
export type RecordingPolicy = z.infer<typeof RecordingPolicy>;

export const ClientRecordingSettings = z.object({
  clientId: Id,
  purposes: z.array(PurposeRule),
  /** `queueId` null: for every queue that has none of its own. */
  policies: z.array(RecordingPolicy.extend({ queueId: Id.nullable(), version: z.number().int() })),
  /** That may be recorded: those with an entrance for calls. */
  queues: z.array(z.object({ id: Id, name: BothNames })),
});
export type ClientRecordingSettings = z.infer<typeof ClientRecordingSettings>;
export const readRecordingSettings = endpoint({
  method: 'GET',
  path: '/api/settings/recordings',
  summary: 'What is recorded for your clients, why, how long it is kept and who may listen',
  reply: z.object({ clients: z.array(ClientRecordingSettings) }),
});
export const changePurposes = endpoint({
  method: 'PUT',
  path: '/api/settings/recordings/purposes',
  summary: 'Change why a client records; the retention holds for what is there already as well',
  body: z.object({ clientId: Id, purposes: z.array(PurposeRule).max(RecordingPurpose.options.length) }),
  reply: ClientRecordingSettings,
});
export const changePolicy = endpoint({
  method: 'PUT',
  path: '/api/settings/recordings/policy',
  summary: 'Change what is recorded of a queue, or of all other queues of a client; from the next call on',
  body: z.object({
    clientId: Id,
    queueId: Id.nullable(),
    /** As it was read; 0 for one that was not there. */
    version: z.number().int(),
    /** Null: the queue goes by what holds for its client. */
    policy: RecordingPolicy.nullable(),
  }),
  reply: ClientRecordingSettings,
});

// ── along the call ──
const call = z.object({ conversationId: Id });
export const startRecording = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/recording',
  summary: 'Start recording; the caller is told first',
  params: call,
  reply: ConversationCard,
});
export const pauseRecording = endpoint({
  method: 'PUT',
  path: '/api/calls/:conversationId/recording/pause',
  summary: 'Pause the recording or go on; for a payment also where the agent may not pause otherwise',
  params: call,
  body: z.object({ paused: z.boolean(), reason: z.enum(['agent', 'payment']) }),
  reply: ConversationCard,
});
export const stopRecording = endpoint({
  method: 'POST',
  path: '/api/calls/:conversationId/recording/stop',
  summary: 'Stop recording this call; `objection`: because the caller does not want it',
  params: call,
  body: z.object({ objection: z.boolean() }),
  reply: ConversationCard,
});

// ── listening ──
export const RecordingState = z.enum([
  'announcing',
  'running',
  'paused',
  'ending',
  'ended',
  'stored',
  'deleted',
  'lost',
]);
export type RecordingState = z.infer<typeof RecordingState>;
export const RecordingMark = z.object({
  at: Time,
  /** From the start of the recording, in milliseconds; negative before it. */
  position: z.number().int(),
  kind: z.enum([
    'announced',
    'started',
    'paused',
    'resumed',
    'stopped',
    'objected',
    'incomplete',
    'hold',
    'unhold',
    'aside',
    'unaside',
    'joined',
    'left',
    'agent',
  ]),
  personName: z.string().nullable(),
  detail: z.string(),
});
export type RecordingMark = z.infer<typeof RecordingMark>;
/** A recording as lists show it. */
export const RecordingLine = z.object({
  id: Id,
  clientId: Id,
  conversationId: Id,
  queueId: Id,
  queueName: BothNames,
  purposes: z.array(RecordingPurpose),
  state: RecordingState,
  startedAt: Time.nullable(),
  milliseconds: z.number().int().nullable(),
  agents: z.array(z.object({ id: Id, name: z.string() })),
  customerName: z.string(),
  customerAddress: z.string(),
  incomplete: z.boolean(),
  held: z.boolean(),
});
export type RecordingLine = z.infer<typeof RecordingLine>;
export const HeardPart = RecordingPause;
export const Listening = z.object({
  id: Id,
  personName: z.string(),
  at: Time,
  heard: z.array(HeardPart),
  /** Why a copy was taken; null when it was listened to. */
  copyReason: z.string().nullable(),
});
export type Listening = z.infer<typeof Listening>;
export const RecordingDetail = RecordingLine.extend({
  pauses: z.array(RecordingPause),
  marks: z.array(RecordingMark),
  /** Why it cannot be listened to yet: what went wrong when it was fetched. */
  trouble: z.string().nullable(),
  /** Two channels: what the customer said, and what he heard. Bytes in base64: smallest and largest of each stretch. */
  peaks: z.object({ millisecondsEach: z.number(), channels: z.array(z.string()) }).nullable(),
  deleteAfter: Time.nullable(),
  hold: z.object({ at: Time, byName: z.string().nullable(), reason: z.string() }).nullable(),
  deleted: z
    .object({
      at: Time,
      byName: z.string().nullable(),
      why: z.enum(['retention', 'objection', 'request']),
      reason: z.string(),
    })
    .nullable(),
  /** Newest first. Whoever looks at a recording sees who listened to it. */
  listenings: z.array(Listening),
  may: z.object({ listen: z.boolean(), copy: z.boolean(), govern: z.boolean() }),
});
export type RecordingDetail = z.infer<typeof RecordingDetail>;

export const listRecordings = endpoint({
  method: 'GET',
  path: '/api/recordings',
  summary: 'The recordings that you may listen to, newest first, a page at a time',
  query: z.object({
    clientId: Id.optional(),
    queueId: Id.optional(),
    agentId: Id.optional(),
    purpose: RecordingPurpose.optional(),
    /** Days in the time zone of the product, both included. The last thirty when left out. */
    from: z.iso.date().optional(),
    until: z.iso.date().optional(),
    minSeconds: z.coerce.number().int().min(0).optional(),
    maxSeconds: z.coerce.number().int().min(0).optional(),
    after: z.string().max(200).optional(),
  }),
  reply: z.object({
    recordings: z.array(RecordingLine),
    next: z.string().nullable(),
    agents: z.array(z.object({ id: Id, name: z.string() })),
    queues: z.array(z.object({ id: Id, clientId: Id, name: BothNames })),
  }),
});
/** What the desk needs along a call and after it. */
export const readCallRecordings = endpoint({
  method: 'GET',
  path: '/api/calls/:conversationId/recordings',
  summary: 'The recordings of a call, and what an agent may do about recording it',
  params: call,
  reply: z.object({
    /** Null: nothing may be recorded here. */
    policy: RecordingPolicy.pick({
      mode: true,
      agentMayPause: true,
      agentMayStop: true,
      remindSeconds: true,
      purposes: true,
    }).nullable(),
    objected: z.boolean(),
    recordings: z.array(RecordingDetail),
  }),
});
const one = z.object({ recordingId: Id });
export const readRecording = endpoint({
  method: 'GET',
  path: '/api/recordings/:recordingId',
  summary: 'One recording: what happened along it and who listened',
  params: one,
  reply: RecordingDetail,
});
/** The sound itself is at `/api/recordings/:recordingId/audio?listening=…`, by ranges. */
export const beginListening = endpoint({
  method: 'POST',
  path: '/api/recordings/:recordingId/listenings',
  summary: 'Begin to listen, which is logged; the answer opens the sound. With a reason: take a copy',
  params: one,
  body: z.object({ copyReason: z.string().trim().min(5).max(500).nullable() }),
  reply: z.object({ listeningId: Id }),
});
export const tellHeard = endpoint({
  method: 'PUT',
  path: '/api/recordings/:recordingId/heard',
  summary: 'Say which parts were played',
  params: one,
  body: z.object({ listeningId: Id, heard: z.array(HeardPart).max(500) }),
  reply: Done,
});
export const holdRecording = endpoint({
  method: 'PUT',
  path: '/api/recordings/:recordingId/hold',
  summary: 'Keep a recording whatever its retention says (legal hold), or let it go again (null)',
  params: one,
  body: z.object({ reason: z.string().trim().min(5).max(500).nullable() }),
  reply: RecordingDetail,
});
export const deleteRecording = endpoint({
  method: 'POST',
  path: '/api/recordings/:recordingId/deletion',
  summary: 'Delete a recording at the customer’s request; that it was there and why it went remains',
  params: one,
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  reply: RecordingDetail,
});
/** For who governs recordings: whether what is recorded also gets stored. */
export const readRecordingHealth = endpoint({
  method: 'GET',
  path: '/api/recordings/health',
  summary: 'How many recordings still have to be stored, and what stands in the way',
  reply: z.object({
    waiting: z.number().int(),
    oldest: Time.nullable(),
    trouble: z.enum(['disk-full', 'engine', 'other']).nullable(),
  }),
});
