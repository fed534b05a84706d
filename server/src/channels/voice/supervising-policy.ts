/** Whether calls of a client may be listened to without being asked: from when the works council's decision is recorded. */
import type { SupervisingPolicy } from '@kernlijn/contract/supervising';
import { audit } from '../../access/index.ts';
import type { Tx } from '../../platform/db.ts';
import { append } from '../../platform/events.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { readPolicies, savePolicy } from './supervising-store.ts';

/** Those who listen now go on; nobody new begins. @throws Refusal `not-found` */
export async function changePolicy(
  tx: Tx,
  viewer: Pick<Viewer, 'personId'> | null,
  clientId: string,
  decision: string,
  now: Date,
): Promise<SupervisingPolicy> {
  const [before] = await readPolicies(tx, clientId);
  if (before === undefined) throw new Refusal('not-found');
  await savePolicy(tx, clientId, decision, viewer?.personId ?? null, now);
  await audit(tx, {
    clientId,
    personId: viewer?.personId ?? null,
    action: 'supervising.changed',
    subject: clientId,
    facts: { before: { decision: before.decision }, after: { decision } },
  });
  await append(tx, clientId, { type: 'settings.changed', body: { clientId } });
  const [after] = await readPolicies(tx, clientId);
  return after ?? before;
}
