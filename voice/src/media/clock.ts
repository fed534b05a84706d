/**
 * The beat of all playback and mixing: one timer, one tick per 20 ms, counted from the start so that it never
 * drifts. After a late wake-up the missed ticks are made up for two at a time, for a burst overruns jitter buffers;
 * what is too old to be worth playing is skipped.
 */
import { performance } from 'node:perf_hooks';

const tickMs = 20;
const ticksPerWake = 2;
const catchUpMs = 8;
const skippedBeyond = 10;

export class Clock {
  private readonly onTick: (tick: number, now: number) => void;
  private readonly startedAt = performance.now();
  private next = 1;
  private timer: NodeJS.Timeout | null = null;

  constructor(onTick: (tick: number, now: number) => void) {
    this.onTick = onTick;
  }

  /** Does nothing when it runs already. The time it stood still is skipped. */
  start(): void {
    if (this.timer) return;
    this.next = this.due() + 1;
    this.sleep();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private due(): number {
    return Math.floor((performance.now() - this.startedAt) / tickMs);
  }

  private wake(): void {
    const due = this.due();
    if (due - this.next > skippedBeyond) this.next = due;
    const { timer } = this;
    for (let i = 0; i < ticksPerWake && this.next <= due && this.timer === timer; i++)
      this.onTick(this.next++, performance.now());
    if (this.timer === timer) this.sleep(); // a tick may have stopped the clock, and started it again
  }

  private sleep(): void {
    const wait = this.startedAt + this.next * tickMs - performance.now();
    this.timer = setTimeout(() => this.wake(), Math.max(wait, wait < 0 ? catchUpMs : 1));
  }
}
