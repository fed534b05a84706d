/**
 * The playout side of one speaker: packets in as they come, 20 ms frames out by the clock. How long a packet waits
 * follows what was measured: as long as nearly all lately took more than the quickest. It waits longer at
 * once when packets come too late, and less by and by, a pitch period at a time, or where nothing is said.
 */
import { timestampAhead } from '../rtp/packet.ts';
import { Concealment } from './concealment.ts';
import { DelayTarget } from './delay-target.ts';

const frame = 160;
const capacity = 4096; // samples, a power of two; half a second
const firstDelay = 2 * frame;
const longestDelay = 15 * frame;
const restingTicks = 5;
const quietPeak = 64;

export class JitterBuffer {
  private readonly ring = new Int16Array(capacity);
  private readonly filled = new Uint8Array(capacity);
  private readonly out = new Int16Array(frame);
  private readonly present = new Uint8Array(frame);
  private readonly concealment = new Concealment();
  private readonly target = new DelayTarget();
  private ssrc = -1;
  /** Timestamp of the next sample to play. */
  private playAt = 0;
  /** Timestamp after the newest sample received. */
  private newest = 0;
  /** Samples the clock has asked for, which is the time. */
  private clock = 0;
  private changedAt = 0;
  /** Whether the last frame was made up altogether. */
  isConcealed = false;

  put(ssrc: number, timestamp: number, samples: Int16Array): void {
    if (samples.length === 0 || samples.length > longestDelay) return;
    const ahead = timestampAhead(timestamp, this.playAt);
    if (ssrc !== this.ssrc || ahead > capacity - 2 * frame - samples.length || ahead < -capacity)
      this.begin(ssrc, timestamp);
    else if (ahead < 0 && timestampAhead(this.newest, this.playAt) <= 0) this.goBack(-ahead);
    this.target.arrived((this.clock - timestamp) | 0);
    const late = Math.min(samples.length, Math.max(0, timestampAhead(this.playAt, timestamp)));
    this.write((timestamp + late) | 0, samples.subarray(late));
    const end = (timestamp + samples.length) | 0;
    if (timestampAhead(end, this.newest) > 0) this.newest = end;
  }

  /** The next frame, valid until the next call, or `null` when there is nothing worth hearing. */
  next(): Int16Array | null {
    if (this.ssrc === -1) return null;
    this.clock += frame;
    const missing = this.read();
    this.isConcealed = missing === frame;
    if (missing === 0 && !this.concealment.isBlending) {
      this.adapt();
      this.concealment.heard(this.out);
      return this.out;
    }
    this.playAt = (this.playAt + frame) | 0;
    return this.concealment.mend(this.out, this.present) ? this.out : null;
  }

  private begin(ssrc: number, timestamp: number): void {
    this.ssrc = ssrc;
    this.filled.fill(0);
    this.playAt = (timestamp - firstDelay) | 0;
    this.newest = timestamp | 0;
    this.target.reset();
  }

  /** Nothing was left to play when this packet came: it was late by so much, and everything after it may be. */
  private goBack(samples: number): void {
    const back = Math.ceil(samples / frame) * frame;
    if (back <= longestDelay) this.playAt = (this.playAt - back) | 0;
    else this.begin(this.ssrc, (this.playAt - samples) | 0);
  }

  private write(timestamp: number, samples: Int16Array): void {
    const at = timestamp & (capacity - 1);
    const head = Math.min(samples.length, capacity - at);
    this.ring.set(head === samples.length ? samples : samples.subarray(0, head), at);
    this.filled.fill(1, at, at + head);
    if (head === samples.length) return;
    this.ring.set(samples.subarray(head), 0);
    this.filled.fill(1, 0, samples.length - head);
  }

  /** The frame at `playAt` to `out` and `present`; it is forgotten then. How many samples are missing. */
  private read(): number {
    let missing = 0;
    for (let i = 0; i < frame; i++) {
      const at = (this.playAt + i) & (capacity - 1);
      const isThere = this.filled[at] ?? 0;
      this.out[i] = isThere === 1 ? (this.ring[at] ?? 0) : 0;
      this.present[i] = isThere;
      this.filled[at] = 0;
      missing += 1 - isThere;
    }
    return missing;
  }

  /** Steps on, and a little more or less when packets wait too long or too short. */
  private adapt(): void {
    let step = frame;
    const excess = this.target.excess((this.clock - frame - this.playAt) | 0);
    const isResting = this.clock - this.changedAt < restingTicks * frame;
    if (excess > longestDelay) {
      step += excess - (excess % frame);
    } else if (excess !== 0 && !isResting) {
      const isQuiet = this.out.every((sample) => Math.abs(sample) < quietPeak);
      if (isQuiet) step += excess > 0 ? Math.min(excess, frame) : -frame;
      else step += excess > 0 ? this.shorten(excess) : -this.stretch();
      if (step !== frame) this.changedAt = this.clock;
    }
    if (step < frame) this.giveBack(frame - step);
    else if (step > frame) this.forget(step - frame);
    this.playAt = (this.playAt + step) | 0;
  }

  /** Blends from this frame to what comes a pitch period later, when that is here already. How much was left out. */
  private shorten(most: number): number {
    const lag = this.concealment.pitchPeriod(most);
    for (let i = 0; i < lag; i++) if (this.filled[(this.playAt + frame + i) & (capacity - 1)] !== 1) return 0;
    // The frame itself was read; what is a period later is partly in it.
    const later = (i: number) =>
      i + lag < frame ? (this.out[i + lag] ?? 0) : (this.ring[(this.playAt + i + lag) & (capacity - 1)] ?? 0);
    for (let i = 0; i < frame; i++) this.out[i] = blend(this.out[i] ?? 0, later(i), i);
    return lag;
  }

  /** Blends from this frame to what came a pitch period earlier. How much was put in. */
  private stretch(): number {
    const lag = this.concealment.pitchPeriod();
    for (let i = frame - 1; i >= 0; i--) {
      const earlier = i >= lag ? (this.out[i - lag] ?? 0) : this.concealment.past(lag - i);
      this.out[i] = blend(this.out[i] ?? 0, earlier, i);
    }
    return lag;
  }

  /** The end of the frame will be played (again). */
  private giveBack(samples: number): void {
    for (let i = frame - samples; i < frame; i++) this.filled[(this.playAt + i) & (capacity - 1)] = 1;
  }

  private forget(samples: number): void {
    for (let i = 0; i < Math.min(samples, capacity); i++) this.filled[(this.playAt + frame + i) & (capacity - 1)] = 0;
  }
}

function blend(from: number, to: number, at: number): number {
  const share = (at + 1) / frame;
  return Math.round(from * (1 - share) + to * share);
}
