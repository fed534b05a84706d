/** Who could take a call of a queue at this moment, for an agent who wants to speak with one of them. */
import type { Tx } from '../platform/db.ts';
import { wishesAt } from './demand.ts';
import type { Wish } from './demand.ts';
import type { Agent, Settings } from './matcher.ts';
import { agentsOnFloor, readSettings } from './store.ts';

export interface Floor {
  settings: Settings;
  agents: readonly Agent[];
}

/** As far as the reader may see: what an agent does for other clients is not known here, and his slot decides. */
export async function readFloor(tx: Tx): Promise<Floor> {
  const [settings, agents] = await Promise.all([readSettings(tx), agentsOnFloor(tx)]);
  return { settings, agents };
}

/** Best first: who has all that the queue asks now, then who would do after a while; within each, the longest idle. */
export function freeForCall({ settings, agents }: Floor, queueId: string, language: string): string[] {
  const queue = settings.queues.find(({ id }) => id === queueId);
  if (queue === undefined) return [];
  const free = agents.filter(
    ({ onDuty, clientIds, capacity, taken }) =>
      onDuty && clientIds.includes(queue.clientId) && capacity.call > 0 && taken.call === 0,
  );
  const skill = settings.languageSkills.get(language);
  const best = (waited: number) =>
    wishesAt(queue, undefined, skill, waited).flatMap((wish) =>
      free
        .filter((agent) => has(agent, wish.required))
        .toSorted((a, b) => merit(b, wish) - merit(a, wish) || a.idleSince - b.idleSince),
    );
  return [...new Set([...best(0), ...best(Infinity)].map(({ id }) => id))];
}

const has = ({ skills }: Agent, asked: Wish['required']): boolean =>
  asked.every(({ skill, level }) => skills.some((each) => each.skill === skill && each.level >= level));

const merit = (agent: Agent, { preferred }: Wish): number => preferred.filter((each) => has(agent, [each])).length;
