import type { QueueFigures } from '@kernlijn/contract/reporting';
import { describe, expect, it } from 'vitest';
import {
  agentsShown,
  belowNorm,
  beyondNorm,
  formulaParts,
  lateChannels,
  percent,
  totalOf,
  type BoardAgent,
} from './figures.ts';
import { readBoardSearch, readRowsSearch } from './search.ts';

const nothing = {
  waiting: 0,
  oldestQueuedAt: null,
  handling: 0,
  call: null,
  wrapUp: 0,
  unregistered: 0,
  offered: 0,
  answered: 0,
  answeredInTime: 0,
  abandoned: 0,
  turnedAway: 0,
  leftMenu: 0,
  forwarded: 0,
  callbacks: 0,
  callbacksKept: 0,
  called: 0,
  reached: 0,
  serviceLevel: null,
  averageSpeedOfAnswer: null,
};
const queue = (part: Partial<QueueFigures>): QueueFigures => ({
  ...nothing,
  queueId: 'q',
  clientId: 'c',
  name: { nl: 'Service', en: 'Service' },
  channels: [],
  ...part,
});

describe('a total', () => {
  it('weighs its queues by what they were offered and answered, not each queue the same', () => {
    const total = totalOf([
      queue({ offered: 90, answered: 90, answeredInTime: 90, averageSpeedOfAnswer: 10 }),
      queue({ offered: 10, answered: 10, answeredInTime: 0, averageSpeedOfAnswer: 110 }),
    ]);
    expect(total).toMatchObject({ serviceLevel: 0.9, averageSpeedOfAnswer: 20 });
  });

  it('of nothing has no service level, and its longest wait is the oldest of all queues', () => {
    expect(totalOf([])).toMatchObject({ serviceLevel: null, averageSpeedOfAnswer: null, oldestQueuedAt: null });
    expect(
      totalOf([
        queue({ oldestQueuedAt: '2026-03-18T11:00:00Z' }),
        queue({ oldestQueuedAt: '2026-03-18T11:59:00+01:00' }),
      ]).oldestQueuedAt,
    ).toBe('2026-03-18T11:59:00+01:00');
  });
});

describe('a threshold', () => {
  it('is not met by rounding up', () => {
    expect(percent(0.7999)).toBe(79);
    expect([belowNorm(0.7999), belowNorm(0.8), belowNorm(null)]).toEqual([true, false, false]);
    // 0.29 * 100 is a little less than 29 in floating point.
    expect(percent(0.29)).toBe(29);
  });

  it('of waiting is the norm of the channel: a caller is late where a mail is not', () => {
    const since = { ...nothing, oldestQueuedAt: '2026-03-18T11:00:00Z' };
    const one = queue({
      channels: [
        { ...since, channel: 'call', answerWithinSeconds: 60 },
        { ...since, channel: 'email', answerWithinSeconds: 28_800 },
      ],
    });
    expect(beyondNorm(one, Date.parse('2026-03-18T11:01:00Z'))).toBe(false);
    expect(lateChannels(one, Date.parse('2026-03-18T11:01:01Z')).map(({ channel }) => channel)).toEqual(['call']);
    expect(beyondNorm(queue({}), Date.now())).toBe(false);
  });
});

it('agents stand by state, the longest in it first; who is offline is not at work', () => {
  const agent = (agentId: string, state: BoardAgent['state'], since: string): BoardAgent => ({
    agentId,
    name: agentId,
    state,
    since,
    pauseReason: null,
    nextState: null,
    nextPauseReason: null,
    missedInRow: 0,
    call: null,
    capacity: { call: 1, chat: 1, written: 1 },
    clientIds: [],
    handling: 0,
  });
  const agents = [
    agent('a', 'offline', '2026-03-18T08:00:00Z'),
    agent('b', 'ready', '2026-03-18T10:00:00Z'),
    agent('c', 'busy', '2026-03-18T11:00:00Z'),
    agent('d', 'busy', '2026-03-18T09:00:00Z'),
  ];
  expect(agentsShown(agents, 'present').map((each) => each.agentId)).toEqual(['d', 'c', 'b']);
  expect(agentsShown(agents, 'offline').map((each) => each.agentId)).toEqual(['a']);
});

it('a formula is told by name and version', () => {
  expect(formulaParts('answered-in-time/offered@1')).toEqual({ name: 'answered-in-time/offered', version: '1' });
});

describe('an address', () => {
  it('with something that is no filter still opens the rows', () => {
    expect(readRowsSearch({ is: 'nonsense', queueId: 'x', day: '2026-13-45' })).toEqual({ is: 'waiting' });
    expect(readRowsSearch({ is: 'answered', queueId: '01a2092a-1a0e-706b-a499-56ce4df9c3a0', other: 1 })).toEqual({
      is: 'answered',
      queueId: '01a2092a-1a0e-706b-a499-56ce4df9c3a0',
    });
  });

  it('of the board keeps client, agents and wall', () => {
    expect(readBoardSearch({ client: 'c', agents: 'paused', wall: 1 })).toEqual({
      client: 'c',
      agents: 'paused',
      wall: 1,
    });
    expect(readBoardSearch({ agents: 'asleep', wall: 'yes' })).toEqual({});
  });
});
