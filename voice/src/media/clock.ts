/**
 * The beat of all playback and mixing: one timer, one tick per 20 ms, counted from the start so that it never
 * drifts. A tick may come in parts, for as many legs each: all at once, hundreds of packets would go out in a burst and
 * those that came meanwhile would wait. After a late wake-up the missed ticks are made up for two at a time, for a burst overruns jitter buffers;
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
  private readonly onTick: (tick: number, now: number, part: number) => void;
  private readonly parts: number;
  private readonly time: Time;
  private readonly startedAt: number;
  /** Counted in parts. */
  private next = 1;
  private timer: (() => void) | null = null;

  constructor(onTick: (tick: number, now: number, part: number) => void, time: Time = realTime, parts = 1) {
    this.onTick = onTick;
    this.parts = parts;
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
    return Math.floor(((this.time.now() - this.startedAt) * this.parts) / tickMs);
  }

  private wake(): void {
    const due = this.due();
    const { timer, parts } = this;
    if (due - this.next > skippedBeyond * parts) this.next = due;
    for (let i = 0; i < ticksPerWake * parts && this.next <= due && this.timer === timer; i++) {
      const part = this.next++;
      this.onTick(Math.floor(part / parts), this.time.now(), part % parts);
    }
    if (this.timer === timer) this.sleep(); // a tick may have stopped the clock, and started it again
  }

  private sleep(): void {
    const wait = this.startedAt + (this.next * tickMs) / this.parts - this.time.now();
    this.timer = this.time.wakeAfter(Math.max(wait, wait < 0 ? catchUpMs : 1), () => this.wake());
  }
}
