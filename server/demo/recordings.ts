/** What the clients of the demo record, and a few calls of the past weeks that can be listened to. */
import { sql } from 'kysely';
import type { RecordingPolicy } from '@kernlijn/contract/recordings';
import type { Context } from '../src/platform/context.ts';
import type { Tx } from '../src/platform/db.ts';
import { addPolicy, importRecording } from '../src/recordings/index.ts';
import type { PastRecording } from '../src/recordings/index.ts';
import { murmur } from './murmur.ts';
import type { ClientSlug } from './staff.ts';

const policy: RecordingPolicy = {
  mode: 'always',
  purposes: ['quality', 'dispute'],
  announcement: 'recorded-nl',
  objectionKey: '9',
  agentMayPause: true,
  agentMayStop: false,
  remindSeconds: 60,
};

/** The shop's agents decide themselves: so both ways can be seen. */
const policies: Record<ClientSlug, RecordingPolicy> = {
  noorderlicht: policy,
  lindeboom: { ...policy, mode: 'agent', purposes: ['quality'] },
};

/** What happened along each, in milliseconds. */
const stories: readonly Pick<PastRecording, 'pauses' | 'marks'>[] = [
  {
    pauses: [{ from: 21_000, to: 29_500 }],
    marks: [
      { kind: 'paused', at: 21_000, byAgent: true, detail: 'payment' },
      { kind: 'resumed', at: 29_500, byAgent: true },
    ],
  },
  {
    pauses: [],
    marks: [
      { kind: 'hold', at: 14_000, byAgent: true },
      { kind: 'unhold', at: 22_000, byAgent: true },
    ],
  },
  { pauses: [], marks: [] },
];

export async function addRecordings(
  tx: Tx,
  files: Context['files'],
  clientIds: Record<ClientSlug, string>,
  now: Date,
): Promise<void> {
  let seed = 0;
  for (const slug of ['noorderlicht', 'lindeboom'] as const) {
    const clientId = clientIds[slug];
    await addPolicy(tx, clientId, {
      purposes: [
        {
          purpose: 'quality',
          retentionDays: 30,
          onObjection: 'drop',
          listeners: ['own', 'team-leader', 'coach'],
          decision: 'Verzonnen besluit van de demo',
        },
        {
          purpose: 'dispute',
          retentionDays: 183,
          onObjection: 'keep',
          listeners: ['team-leader', 'administrator'],
          decision: '',
        },
      ],
      policy: policies[slug],
    });
    for (const call of await recentCalls(tx, clientId, now)) {
      const story = stories[seed % stories.length] ?? { pauses: [], marks: [] };
      const seconds = 38 + seed * 3;
      const silent = [...story.pauses, ...(story.marks[0]?.kind === 'hold' ? [{ from: 14_000, to: 22_000 }] : [])];
      await importRecording(tx, files, {
        ...{ clientId, ...call, purposes: policies[slug].purposes, startedAt: call.answeredAt },
        ...{ sound: murmur(seed, seconds, silent), pauses: story.pauses },
        marks: [{ kind: 'started', at: 0 }, ...story.marks, { kind: 'stopped', at: seconds * 1_000, byAgent: true }],
      });
      seed += 1;
    }
  }
}

async function recentCalls(tx: Tx, clientId: string, now: Date) {
  const { rows } = await sql<{ conversationId: string; queueId: string; agentId: string; answeredAt: Date }>`
    select id as "conversationId", queue_id as "queueId", agent_id as "agentId", answered_at as "answeredAt" from conversation
    where client_id = ${clientId} and channel = 'call' and state = 'closed' and answered_at > ${new Date(now.getTime() - 20 * 86_400_000)}
      and ended_at - answered_at > interval '75 seconds' and agent_id is not null
    order by answered_at desc limit 4`.execute(tx);
  return rows;
}
