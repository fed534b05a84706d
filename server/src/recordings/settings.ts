/** Why and what is recorded, as people set it. */
import type { z } from 'zod';
import type {
  changePolicy as changePolicyEndpoint,
  changePurposes as changePurposesEndpoint,
  ClientRecordingSettings,
  PurposeRule,
  RecordingPolicy,
} from '@kernlijn/contract/recordings';
import { wantsDecision } from '@kernlijn/contract/recordings';
import { sql } from 'kysely';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { choicesOf } from './reading-store.ts';
import { policiesOf, rulesOf } from './store.ts';

export async function recordingSettings(tx: Tx, viewer: Viewer): Promise<ClientRecordingSettings[]> {
  const { queues } = await choicesOf(tx);
  return await Promise.all(viewer.clientIds.map((clientId) => settingsOf(tx, clientId, queues)));
}

async function settingsOf(
  tx: Tx,
  clientId: string,
  queues: Awaited<ReturnType<typeof choicesOf>>['queues'],
): Promise<ClientRecordingSettings> {
  const [purposes, policies] = await Promise.all([rulesOf(tx, clientId), policiesOf(tx, clientId)]);
  return {
    clientId,
    purposes: [...purposes],
    policies,
    queues: queues.filter((queue) => queue.clientId === clientId).map(({ id, name }) => ({ id, name })),
  };
}

/**
 * A shorter retention holds for what is there as well, and a longer one: the purpose is the same.
 * @throws Refusal `not-found`, `bad-input`, `in-use` for a purpose that a policy or a recording needs
 */
export async function changePurposes(
  tx: Tx,
  viewer: Viewer,
  { clientId, purposes }: z.output<typeof changePurposesEndpoint.body>,
): Promise<ClientRecordingSettings> {
  await lockClient(tx, viewer, clientId);
  const before = await rulesOf(tx, clientId);
  const names = new Set(purposes.map(({ purpose }) => purpose));
  if (names.size < purposes.length) throw new Refusal('bad-input', { fields: ['purposes'] });
  if (purposes.some(({ purpose, decision }) => wantsDecision(purpose) && decision === ''))
    throw new Refusal('bad-input', { fields: ['decision'] });
  for (const { purpose } of before)
    if (!names.has(purpose) && (await isNeeded(tx, clientId, purpose))) throw new Refusal('in-use', { by: purpose });
  await tx.deleteFrom('recording_purpose').where('client_id', '=', clientId).execute();
  if (purposes.length > 0) await insertPurposes(tx, clientId, purposes);
  await sql`
    update recording r set delete_after = r.ended_at + make_interval(secs => 86400.0 * coalesce((select max(p.retention_days) from recording_purpose p where p.client_id = r.client_id and p.purpose = any(r.purposes)), 0))
    where r.client_id = ${clientId} and r.state in ('ended','stored')`.execute(tx);
  await audit(tx, {
    clientId,
    personId: viewer.personId,
    action: 'recording-purposes.changed',
    subject: clientId,
    facts: { before: byPurpose(before), after: byPurpose(purposes) },
  });
  return await changed(tx, viewer, clientId);
}

/** @throws Refusal `not-found`, `bad-input`, `conflict` when somebody saved first */
export async function changePolicy(
  tx: Tx,
  viewer: Viewer,
  { clientId, queueId, version, policy }: z.output<typeof changePolicyEndpoint.body>,
): Promise<ClientRecordingSettings> {
  await lockClient(tx, viewer, clientId);
  if (queueId !== null) {
    const queue = await tx.selectFrom('queue').select('client_id').where('id', '=', queueId).executeTakeFirst();
    if (queue?.client_id !== clientId) throw new Refusal('not-found');
  }
  const before = (await policiesOf(tx, clientId)).find((each) => each.queueId === queueId);
  if ((before?.version ?? 0) !== version) throw new Refusal('conflict', { version: before?.version ?? 0 });
  if (policy !== null && policy.mode !== 'never') {
    const known = new Set((await rulesOf(tx, clientId)).map(({ purpose }) => purpose));
    if (policy.purposes.length === 0 || policy.purposes.some((purpose) => !known.has(purpose)))
      throw new Refusal('bad-input', { fields: ['purposes'] });
  }
  await sql`delete from recording_policy where client_id = ${clientId} and queue_id is not distinct from ${queueId}`.execute(
    tx,
  );
  if (policy !== null) await insertPolicy(tx, clientId, queueId, version + 1, policy);
  await audit(tx, {
    clientId,
    personId: viewer.personId,
    action: 'recording-policy.changed',
    subject: queueId ?? clientId,
    facts: { before: before ?? null, after: policy },
  });
  return await changed(tx, viewer, clientId);
}

async function changed(tx: Tx, viewer: Viewer, clientId: string): Promise<ClientRecordingSettings> {
  await append(tx, clientId, { type: 'settings.changed', body: { clientId } });
  const all = await recordingSettings(tx, viewer);
  const own = all.find((each) => each.clientId === clientId);
  if (own === undefined) throw new Refusal('not-found');
  return own;
}

/** Two who save at once do so one after the other. */
async function lockClient(tx: Tx, viewer: Viewer, clientId: string): Promise<void> {
  if (!viewer.clientIds.includes(clientId)) throw new Refusal('not-found');
  const row = await tx.selectFrom('client').select('id').where('id', '=', clientId).forNoKeyUpdate().executeTakeFirst();
  if (row === undefined) throw new Refusal('not-found');
}

async function isNeeded(tx: Tx, clientId: string, purpose: string): Promise<boolean> {
  const { rows } = await sql<{ needed: boolean }>`
    select exists (select from recording_policy where client_id = ${clientId} and mode <> 'never' and ${purpose} = any(purposes))
        or exists (select from recording where client_id = ${clientId} and state in ('announcing','running','paused','ending','ended','stored') and ${purpose} = any(purposes)) as needed`.execute(
    tx,
  );
  return rows[0]?.needed ?? false;
}

const byPurpose = (rules: readonly { purpose: string }[]): Record<string, unknown> =>
  Object.fromEntries(rules.map(({ purpose, ...rule }) => [purpose, rule]));

/** Of a client that has none yet: when it is made. */
export async function addPolicy(
  tx: Tx,
  clientId: string,
  { purposes, policy }: { purposes: readonly PurposeRule[]; policy: RecordingPolicy },
): Promise<void> {
  await insertPurposes(tx, clientId, purposes);
  await insertPolicy(tx, clientId, null, 1, policy);
}

async function insertPurposes(tx: Tx, clientId: string, purposes: readonly PurposeRule[]): Promise<void> {
  await tx
    .insertInto('recording_purpose')
    .values(
      purposes.map(({ purpose, retentionDays, onObjection, listeners, decision }) => ({
        decision,
        client_id: clientId,
        purpose,
        retention_days: retentionDays,
        on_objection: onObjection,
        listeners: [...new Set(listeners)],
      })),
    )
    .execute();
}

async function insertPolicy(
  tx: Tx,
  clientId: string,
  queueId: string | null,
  version: number,
  policy: RecordingPolicy,
): Promise<void> {
  await tx
    .insertInto('recording_policy')
    .values({
      client_id: clientId,
      queue_id: queueId,
      mode: policy.mode,
      purposes: [...new Set(policy.purposes)],
      announcement: policy.announcement,
      objection_key: policy.objectionKey,
      agent_may_pause: policy.agentMayPause,
      agent_may_stop: policy.agentMayStop,
      remind_seconds: policy.remindSeconds,
      version,
    })
    .execute();
}
