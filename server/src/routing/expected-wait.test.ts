/** Against queues that are simulated: agents, callers who come by chance, calls that last by chance. */
import { describe, expect, it } from 'vitest';
import { expectedWait, leastGaps, wholeMinutes } from './expected-wait.ts';
import type { Answer } from './expected-wait.ts';

/** The same numbers each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

interface Centre {
  seed: number;
  agents: (second: number) => number;
  /** Mean seconds between two callers, and of a call. */
  between: number;
  lasts: number;
  /** Mean patience in seconds. */
  patience?: number;
  hours: number;
}

interface Told {
  position: number;
  said: number;
  was: number;
}

/** Second by second; each caller asks once, when he has waited a while, what he may expect. */
function simulate({ seed, agents, between, lasts, patience = Infinity, hours }: Centre) {
  const random = dice(seed);
  const by = (mean: number) => -mean * Math.log(random());
  // Log-normal, as calls last.
  const call = () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return lasts * Math.exp(0.7 * normal - 0.245);
  };
  const waiting: { at: number; leaves: number; asked: number | null; position: number }[] = [];
  const answers: Answer[] = [];
  const busyUntil: number[] = [];
  const told: Told[] = [];
  let asked = 0;
  let next = by(between);
  for (let now = 0; now < hours * 3_600; now += 1) {
    for (; next <= now; next += by(between))
      waiting.push({
        at: next,
        leaves: next + (patience === Infinity ? Infinity : by(patience)),
        asked: null,
        position: 0,
      });
    for (let i = waiting.length - 1; i >= 0; i -= 1) if ((waiting[i]?.leaves ?? 0) <= now) waiting.splice(i, 1);
    for (let i = busyUntil.length - 1; i >= 0; i -= 1) if ((busyUntil[i] ?? 0) <= now) busyUntil.splice(i, 1);
    while (waiting.length > 0 && busyUntil.length < agents(now)) {
      const first = waiting.shift();
      if (first === undefined) break;
      answers.push({ queuedAt: first.at * 1_000, answeredAt: now * 1_000 });
      busyUntil.push(now + call());
      if (first.asked !== null) told.push({ position: first.position, said: first.asked, was: now - first.at - 20 });
    }
    for (const [n, each] of waiting.entries()) {
      if (Math.floor(now - each.at) !== 20) continue;
      asked += 1;
      each.asked = expectedWait(answers.slice(-60), n + 1, now * 1_000);
      each.position = n + 1;
    }
  }
  return { told, asked };
}

const meanOf = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
/** Of what was said: how far it was off, in minutes, and as a share of the wait where that was over two minutes. */
function errorOf(told: Told[]) {
  const long = told.filter(({ was }) => was > 120);
  return {
    minutes: meanOf(told.map(({ said, was }) => Math.abs(said - was) / 60)),
    bias: meanOf(told.map(({ said, was }) => said - was)) / Math.max(1, meanOf(told.map(({ was }) => was))),
    share: meanOf(long.map(({ said, was }) => Math.abs(said - was) / was)),
    within: told.filter(({ said, was }) => Math.abs(said - was) <= Math.max(60, 0.5 * was)).length / told.length,
  };
}

describe('the wait that callers are told', () => {
  it('is right to a minute or half of it for most, in a busy centre', () => {
    const { told, asked } = simulate({ seed: 7, agents: () => 8, between: 31, lasts: 240, hours: 60 });
    const { within, bias, share } = errorOf(told);
    expect(told.length / asked, 'said to most who ask').toBeGreaterThan(0.5);
    expect(within).toBeGreaterThan(0.75);
    expect(Math.abs(bias)).toBeLessThan(0.2);
    expect(share).toBeLessThan(0.5);
  });

  it('errs to the long side when callers ahead give up', () => {
    const { told } = simulate({ seed: 11, agents: () => 8, between: 24, lasts: 240, patience: 400, hours: 60 });
    const { bias, within } = errorOf(told);
    expect(bias).toBeGreaterThan(0);
    expect(within).toBeGreaterThan(0.6);
  });

  it('is not said with one agent, whose calls last as they happen to', () => {
    const { told, asked } = simulate({ seed: 5, agents: () => 1, between: 250, lasts: 240, hours: 200 });
    // Seldom enough in one stretch; and then not for long.
    expect(told.length).toBeLessThan(asked);
    expect(errorOf(told).within).toBeGreaterThan(0.5);
  });

  it('holds when a third of the agents goes home every other hour', () => {
    const { told } = simulate({
      seed: 3,
      agents: (second) => (second % 7_200 < 3_600 ? 9 : 6),
      between: 31,
      lasts: 240,
      patience: 900,
      hours: 80,
    });
    expect(errorOf(told).within).toBeGreaterThan(0.65);
  });

  it('is nothing with too few answers, after a standstill, or of a queue nobody waits in', () => {
    const steady = (n: number): Answer[] =>
      Array.from({ length: n }, (_, i) => ({ queuedAt: (i - 3) * 60_000, answeredAt: i * 60_000 }));
    const now = (leastGaps + 1) * 60_000;
    expect(expectedWait(steady(leastGaps + 1), 3, now)).toBe(180);
    expect(expectedWait(steady(leastGaps), 3, now)).toBeNull();
    expect(expectedWait(steady(leastGaps + 1), 3, now + 3_600_000)).toBeNull();
    const calm = Array.from({ length: 40 }, (_, i) => ({ queuedAt: i * 60_000, answeredAt: i * 60_000 + 2_000 }));
    expect(expectedWait(calm, 1, 40 * 60_000)).toBeNull();
  });

  it('is spoken in whole minutes', () => {
    expect([10, 89, 91, 400].map(wholeMinutes)).toEqual([1, 1, 2, 7]);
  });
});
