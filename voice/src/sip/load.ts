/**
 * Whether this process still keeps up. When its thread had no pause for half a second, datagrams pile up in the kernel
 * and each that is lost there is sent again by its peer: new calls then make it worse for those under way.
 */
import { performance, type EventLoopUtilization } from 'node:perf_hooks';

const sampleMilliseconds = 250;
/** Share of the time in which there was work. */
const tooHigh = 0.97;
const inARow = 2;

export class Load {
  private timer: NodeJS.Timeout | undefined;
  private before: EventLoopUtilization | undefined;
  private high = 0;

  watch(): void {
    this.before = performance.eventLoopUtilization();
    this.timer = setInterval(() => this.sample(), sampleMilliseconds).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  get isTooHigh(): boolean {
    return this.high >= inARow;
  }

  private sample(): void {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.before);
    this.before = now;
    this.high = utilization > tooHigh ? this.high + 1 : 0;
  }
}
