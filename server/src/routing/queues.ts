/** Queues as people see and set them. */
import type { z } from 'zod';
import { isOpen, opensAt } from '@kernlijn/contract/opening-hours';
import type { changeQueueSettings, QueuePicture, QueueSettings } from '@kernlijn/contract/routing';
import { audit } from '../access/index.ts';
import { skillsThere } from '../agents/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { openingHours } from './hours-store.ts';
import {
  lockQueue,
  notifyRouting,
  openingHoursOf,
  promptsMissing,
  queuePictures,
  queueSettings,
  saveQueueSettings,
} from './store.ts';

/**
 * Whether the entrance of a queue is open: whoever comes in now may wait in it. Who waits already stays, and is served,
 * after closing time. @throws Refusal `not-found`
 */
export async function queueOpen(tx: Tx, queueId: string, now: Date): Promise<boolean> {
  const hours = await openingHoursOf(tx, queueId);
  if (hours === undefined) throw new Refusal('not-found', { queue: queueId });
  return hours === null || isOpen(hours, now);
}

/** When it opens; `now` when it is open, null when it never does. @throws Refusal `not-found` */
export async function queueOpensAt(tx: Tx, queueId: string, now: Date): Promise<Date | null> {
  const hours = await openingHoursOf(tx, queueId);
  if (hours === undefined) throw new Refusal('not-found', { queue: queueId });
  return hours === null ? now : opensAt(hours, now);
}

export async function readQueues(tx: Tx, now: Date): Promise<QueuePicture[]> {
  const rows = await queuePictures(tx);
  return rows.map(({ hours, oldestQueuedAt, ...row }) => ({
    ...row,
    oldestQueuedAt: oldestQueuedAt?.toISOString() ?? null,
    open: hours === null || isOpen(hours, now),
  }));
}

export type QueueChange = z.output<typeof changeQueueSettings.body>;

/** Changes a queue; also for those who wait in it now. @throws Refusal `not-found`, `bad-input` */
export async function changeQueue(
  tx: Tx,
  viewer: Viewer,
  queueId: string,
  change: QueueChange,
): Promise<QueueSettings> {
  const locked = await lockQueue(tx, queueId);
  const [before] = await queueSettings(tx, queueId);
  if (locked === undefined || before === undefined) throw new Refusal('not-found');
  const given: Partial<Record<string, unknown>> = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  );
  // Norms are set channel by channel.
  if (change.answerWithin !== undefined) given['answerWithin'] = { ...before.answerWithin, ...change.answerWithin };
  const after: QueueSettings = { ...before, ...given };
  // Calls abroad and to dear numbers are paid for: who may let strangers make them is for administrators to say.
  const outside = after.waiting?.overflow?.number ?? null;
  if (outside !== null && outside !== before.waiting?.overflow?.number && viewer.role !== 'administrator')
    throw new Refusal('not-permitted', { permission: 'outside-number' });
  const wrong = await faults(tx, after, locked.hasDefaultCodes);
  if (wrong.length > 0) throw new Refusal('bad-input', { fields: wrong });
  await saveQueueSettings(tx, after);
  await audit(tx, {
    clientId: before.clientId,
    personId: viewer.personId,
    action: 'queue.changed',
    subject: queueId,
    facts: { before: pick(before, given), after: given },
  });
  await notifyRouting(tx, 'settings');
  await append(tx, before.clientId, { type: 'settings.changed', body: { clientId: before.clientId } });
  return after;
}

/** The fields that cannot be as they are. */
async function faults(tx: Tx, queue: QueueSettings, hasDefaultCodes: boolean): Promise<string[]> {
  const wrong: string[] = [];
  const skills = new Set((await skillsThere(tx)).map(({ id }) => id));
  if (queue.demands.some(({ skill }) => !skills.has(skill))) wrong.push('demands');
  if ((queue.overflowQueueId === null) !== (queue.overflowAfterSeconds === null)) wrong.push('overflowAfterSeconds');
  if (queue.overflowAfterSeconds !== null && queue.overflowAfterSeconds < 0) wrong.push('overflowAfterSeconds');
  if (queue.overflowQueueId !== null) {
    const [overflow] = await queueSettings(tx, queue.overflowQueueId);
    if (queue.overflowQueueId === queue.id || overflow?.clientId !== queue.clientId) wrong.push('overflowQueueId');
  }
  if (queue.openingHoursId !== null) {
    const [hours] = await openingHours(tx, queue.openingHoursId);
    if (hours?.clientId !== queue.clientId) wrong.push('openingHoursId');
  }
  const played = { greeting: queue.greeting, closedMessage: queue.closedMessage, music: queue.music };
  for (const [field, prompt] of Object.entries(played))
    if (prompt !== null && (await promptsMissing(tx, queue.clientId, [prompt]))) wrong.push(field);
  if (queue.wrapUp === 'timed' && queue.wrapUpSeconds === null) wrong.push('wrapUpSeconds');
  if (queue.wrapUpSeconds !== null && (queue.wrapUpSeconds < 5 || queue.wrapUpSeconds > 3600))
    wrong.push('wrapUpSeconds');
  if (queue.wrapUp !== 'required' && !hasDefaultCodes) wrong.push('wrapUp');
  return wrong;
}

function pick(from: object, like: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => key in like));
}
