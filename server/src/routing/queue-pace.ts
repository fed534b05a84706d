/** Where a caller stands, and how fast it goes: read when it is to be said. */
import type { Tx } from '../platform/db.ts';
import { expectedWait } from './expected-wait.ts';
import { callersBefore, recentAnswers, signedInFor } from './store.ts';

/** 1 is next; of those who called, whoever comes before by priority and by time. */
export async function placeInQueue(tx: Tx, conversationId: string): Promise<number> {
  return 1 + (await callersBefore(tx, conversationId));
}

/** In seconds; null when it cannot be trusted. */
export async function waitExpected(tx: Tx, queueId: string, position: number, now: Date): Promise<number | null> {
  return expectedWait(await recentAnswers(tx, queueId, now), position, now.getTime());
}

/** Whether an agent who takes calls of this client is signed in. */
export async function anybodyFor(tx: Tx, queueId: string): Promise<boolean> {
  return await signedInFor(tx, queueId);
}
