/** What the board says, from the figures of the server. Pure. */
import type { AgentState } from '@kernlijn/contract/agents';
import type { Board, ChannelFigures, Figures, QueueFigures } from '@kernlijn/contract/reporting';

/** The part answered in time that a centre aims for; below it the board says so. */
export const serviceNorm = 0.8;

export type BoardAgent = Board['agents'][number];
export type { Figures } from '@kernlijn/contract/reporting';

export function totalOf(queues: readonly Figures[]): Figures {
  const sum = (pick: (queue: Figures) => number) => queues.reduce((total, queue) => total + pick(queue), 0);
  const answered = sum((queue) => queue.answered);
  const offered = sum((queue) => queue.offered);
  const answeredInTime = sum((queue) => queue.answeredInTime);
  const oldest = queues
    .flatMap((queue) => queue.oldestQueuedAt ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))[0];
  return {
    waiting: sum((queue) => queue.waiting),
    oldestQueuedAt: oldest ?? null,
    handling: sum((queue) => queue.handling),
    wrapUp: sum((queue) => queue.wrapUp),
    unregistered: sum((queue) => queue.unregistered),
    offered,
    answered,
    answeredInTime,
    abandoned: sum((queue) => queue.abandoned),
    turnedAway: sum((queue) => queue.turnedAway),
    leftMenu: sum((queue) => queue.leftMenu),
    forwarded: sum((queue) => queue.forwarded),
    callbacks: sum((queue) => queue.callbacks),
    callbacksKept: sum((queue) => queue.callbacksKept),
    called: sum((queue) => queue.called),
    reached: sum((queue) => queue.reached),
    serviceLevel: offered === 0 ? null : answeredInTime / offered,
    averageSpeedOfAnswer:
      answered === 0 ? null : sum((queue) => (queue.averageSpeedOfAnswer ?? 0) * queue.answered) / answered,
  };
}

export const belowNorm = (serviceLevel: number | null): boolean => serviceLevel !== null && serviceLevel < serviceNorm;

/** The channels of a queue on which somebody has waited longer than its norm. */
export const lateChannels = ({ channels }: Pick<QueueFigures, 'channels'>, now: number): ChannelFigures[] =>
  channels.filter(
    ({ oldestQueuedAt, answerWithinSeconds }) =>
      oldestQueuedAt !== null && now - Date.parse(oldestQueuedAt) > answerWithinSeconds * 1_000,
  );

export const beyondNorm = (queue: Pick<QueueFigures, 'channels'>, now: number): boolean =>
  lateChannels(queue, now).length > 0;

/** Rounded down: 79.9 % is not yet 80 %. */
export const percent = (part: number): number => Math.floor(part * 100 + 1e-9);

export const agentStates = ['busy', 'wrap-up', 'ready', 'paused', 'offline'] as const satisfies readonly AgentState[];

export function countStates(agents: readonly BoardAgent[]): Record<AgentState, number> {
  const counts: Record<AgentState, number> = { ready: 0, busy: 0, 'wrap-up': 0, paused: 0, offline: 0 };
  for (const agent of agents) counts[agent.state] += 1;
  return counts;
}

export type Shown = AgentState | 'present' | 'all';

/** By state in the order of the board; who is in it longest stands first. */
export function agentsShown(agents: readonly BoardAgent[], shown: Shown): BoardAgent[] {
  // Who went home and left work is still of interest.
  const fits = (agent: BoardAgent) =>
    shown === 'all' || (shown === 'present' ? agent.state !== 'offline' || agent.handling > 0 : agent.state === shown);
  return agents
    .filter(fits)
    .toSorted(
      (a, b) =>
        agentStates.indexOf(a.state) - agentStates.indexOf(b.state) || Date.parse(a.since) - Date.parse(b.since),
    );
}

/** `answered-in-time/offered@2` is the name and the version. */
export function formulaParts(formula: string): { name: string; version: string } {
  const at = formula.lastIndexOf('@');
  return at < 0 ? { name: formula, version: '1' } : { name: formula.slice(0, at), version: formula.slice(at + 1) };
}
