/**
 * The beat of all playback and mixing: one timer, one tick per 20 ms, counted from the start so that it never
 * drifts. After a late wake-up the missed ticks are made up for two at a time, for a burst overruns jitter buffers;
 * what is too old to be worth playing is skipped.
 */
const tickMs = 20;
const ticksPerWake = 2;
const catchUpMs = 8;
const skippedBeyond = 10;

/** What tells the time, in milliseconds, and wakes us; tests have one of their own. */
export interface Time {
  now(): number;
  /** @returns how to call it off */
  wakeAfter(ms: number, wake: () => void): () => void;
}

const realTime: Time = {
  now: () => performance.now(),
  wakeAfter: (ms, wake) => {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};

export class Clock {
  private readonly onTick: (tick: number, now: number) => void;
  private readonly time: Time;
  private readonly startedAt: number;
  private next = 1;
  private timer: (() => void) | null = null;

  constructor(onTick: (tick: number, now: number) => void, time: Time = realTime) {
    this.onTick = onTick;
    this.time = time;
    this.startedAt = time.now();
  }

  /** Does nothing when it runs already. The time it stood still is skipped. */
  start(): void {
    if (this.timer) return;
    this.next = this.due() + 1;
    this.sleep();
  }

  stop(): void {
    this.timer?.();
    this.timer = null;
  }

  private due(): number {
    return Math.floor((this.time.now() - this.startedAt) / tickMs);
  }

  private wake(): void {
    const due = this.due();
    if (due - this.next > skippedBeyond) this.next = due;
    const { timer } = this;
    for (let i = 0; i < ticksPerWake && this.next <= due && this.timer === timer; i++)
      this.onTick(this.next++, this.time.now());
    if (this.timer === timer) this.sleep(); // a tick may have stopped the clock, and started it again
  }

  private sleep(): void {
    const wait = this.startedAt + this.next * tickMs - this.time.now();
    this.timer = this.time.wakeAfter(Math.max(wait, wait < 0 ? catchUpMs : 1), () => this.wake());
  }
}
