/** Whom an agent can ask: colleagues and queues of a client with who is free, and numbers outside. */
import type { Colleague, Directory, QueueToAsk } from '@kernlijn/contract/telephone';
import { pauseReasons } from '../../agents/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { freeForCall, queuePicturesOf, readFloor } from '../../routing/index.ts';
import { colleaguesOf, recentWaits } from './directory-store.ts';
import { outsideNumbers } from './outside-numbers.ts';
import { trustedWait } from './trusted-wait.ts';

export async function readDirectory(
  tx: Tx,
  viewer: Viewer,
  clientId: string,
  language: string,
  now: Date,
): Promise<Directory> {
  if (!viewer.clientIds.includes(clientId)) throw new Refusal('not-found');
  const [floor, people, pictures, waits, reasons, numbers] = await Promise.all([
    readFloor(tx),
    colleaguesOf(tx, clientId),
    queuePicturesOf(tx, now),
    recentWaits(tx, clientId, now),
    pauseReasons(tx),
    outsideNumbers(tx, clientId),
  ]);
  const queues = pictures
    .filter((queue) => queue.clientId === clientId)
    .map(({ queueId, name, open, waiting }): QueueToAsk => {
      const free = freeForCall(floor, queueId, language).filter((id) => id !== viewer.personId).length;
      const oldest = waits.waiting.get(queueId) ?? null;
      const expectedWaitSeconds = trustedWait({ free, waiting, oldest, answered: waits.answered.get(queueId) ?? [] });
      return { queueId, name, open, waiting, free, expectedWaitSeconds };
    });
  const serves = new Map<string, string[]>();
  const everyone = { ...floor, agents: floor.agents.map((agent) => ({ ...agent, onDuty: true, taken: noneTaken })) };
  for (const { queueId } of queues)
    for (const id of freeForCall(everyone, queueId, language)) serves.set(id, [...(serves.get(id) ?? []), queueId]);
  const colleagues = people
    .filter(({ agentId }) => agentId !== viewer.personId)
    .map(({ pauseReason, leaving, onPhone, ...person }): Colleague => ({
      ...person,
      onPhone,
      pauseReason: reasons.find(({ code }) => code === pauseReason)?.name ?? null,
      free: (person.state === 'ready' || person.state === 'busy') && !leaving && !onPhone,
      queueIds: serves.get(person.agentId) ?? [],
    }));
  return { colleagues, queues, numbers };
}

const noneTaken = { call: 0, chat: 0, written: 0 };
