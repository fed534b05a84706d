import { describe, expect, it } from 'vitest';
import { afterWork, choose, missed, wentHome } from './agent.ts';
import type { Agent } from './agent.ts';

const then = new Date('2026-11-23T09:00:00Z');
const now = new Date('2026-11-23T09:10:00Z');
const ready: Agent = {
  personId: 'a',
  state: 'ready',
  pauseReason: null,
  since: then,
  nextState: null,
  nextPauseReason: null,
  idleSince: then,
  missedInRow: 0,
};
const nothing = { handling: 0, wrapUp: 0 };
const oneCall = { handling: 1, wrapUp: 0 };

describe('an agent', () => {
  it('pauses at once with empty hands', () => {
    expect(choose(ready, { state: 'paused', pauseReason: 'lunch' }, nothing, now)).toMatchObject({
      state: 'paused',
      pauseReason: 'lunch',
      since: now,
    });
  });

  it('pauses after the present contact while one is in hand', () => {
    const busy = afterWork(ready, oneCall, now);
    const asked = choose(busy, { state: 'paused', pauseReason: 'lunch' }, oneCall, now);
    expect(asked).toMatchObject({ state: 'busy', nextState: 'paused', nextPauseReason: 'lunch' });
    expect(afterWork(asked, { handling: 0, wrapUp: 1 }, now)).toMatchObject({ state: 'wrap-up', nextState: 'paused' });
    expect(afterWork(asked, nothing, now)).toMatchObject({ state: 'paused', pauseReason: 'lunch', nextState: null });
  });

  it('takes back what it asked for by choosing ready', () => {
    const asked = choose(afterWork(ready, oneCall, now), { state: 'offline', pauseReason: null }, oneCall, now);
    expect(choose(asked, { state: 'ready', pauseReason: null }, oneCall, now)).toMatchObject({
      state: 'busy',
      nextState: null,
    });
  });

  it('keeps the time of its state when nothing changes', () => {
    expect(choose(ready, { state: 'ready', pauseReason: null }, nothing, now).since).toBe(then);
  });

  it('is idle from the moment its hands are empty', () => {
    expect(afterWork(afterWork(ready, oneCall, then), nothing, now).idleSince).toBe(now);
  });

  it('is paused by the last of the missed offers in a row', () => {
    const once = missed(ready, 2, nothing, now);
    expect(once).toMatchObject({ state: 'ready', missedInRow: 1 });
    expect(missed(once, 2, nothing, now)).toMatchObject({ state: 'paused', pauseReason: 'missed', missedInRow: 0 });
  });

  it('that is paused and takes something in hand is paused again afterwards', () => {
    const paused = choose(ready, { state: 'paused', pauseReason: 'lunch' }, nothing, then);
    const busy = afterWork(paused, oneCall, now);
    expect(busy).toMatchObject({ state: 'busy' });
    expect(afterWork(busy, nothing, now)).toMatchObject({ state: 'paused', pauseReason: 'lunch' });
  });

  it('is not called from a break by a registration that is left to do', () => {
    const paused = choose(ready, { state: 'paused', pauseReason: 'lunch' }, nothing, then);
    expect(afterWork(paused, { handling: 0, wrapUp: 1 }, now)).toBe(paused);
  });

  it('that is paused stays paused when a last contact ends elsewhere', () => {
    const paused = choose(ready, { state: 'paused', pauseReason: 'lunch' }, nothing, then);
    expect(afterWork(paused, nothing, now)).toBe(paused);
  });

  it('who comes back from a break to a registration that is left to do is at it, and then ready', () => {
    const paused = choose(ready, { state: 'paused', pauseReason: 'lunch' }, nothing, now);
    const left = { handling: 0, wrapUp: 1 };
    const offline = choose(paused, { state: 'offline', pauseReason: null }, left, now);
    expect(offline).toMatchObject({ state: 'offline', nextState: null });
    const back = choose(offline, { state: 'ready', pauseReason: null }, left, now);
    expect(back).toMatchObject({ state: 'wrap-up', nextState: null });
    expect(afterWork(back, nothing, now)).toMatchObject({ state: 'ready' });
  });

  it('who went home is offline at once, whatever is left to register', () => {
    const left = { handling: 0, wrapUp: 1 };
    expect(wentHome(afterWork(ready, left, now), left, now)).toMatchObject({ state: 'offline', nextState: null });
    expect(wentHome(afterWork(ready, oneCall, now), oneCall, now)).toMatchObject({
      state: 'busy',
      nextState: 'offline',
    });
  });
});
