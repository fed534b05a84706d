/**
 * The playout side of one party in a mix: packets in as they come, 20 ms frames out by the clock. Its delay adapts:
 * it grows when packets come too late and shrinks when they have been early for a while. What is missing is
 * concealed by the last frame, fading (ITU-T G.711 Appendix I in its simplest form).
 */
import { timestampAhead } from '../rtp/packet.ts';

const frame = 160;
const capacity = 8192; // samples, a power of two; about a second
const firstDelay = 2 * frame;
const longestDelay = 15 * frame;
const shrinkAfterFrames = 250;
const fadePerFrame = 0.6;

export class JitterBuffer {
  private readonly ring = new Int16Array(capacity);
  private readonly filled = new Uint8Array(capacity);
  private readonly last = new Int16Array(frame);
  private ssrc = -1;
  /** Timestamp of the next sample to play. */
  private playAt = 0;
  /** Timestamp after the newest sample received. */
  private newest = 0;
  private gain = 0;
  private smallestLead = Infinity;
  private framesWatched = 0;

  put(ssrc: number, timestamp: number, samples: Int16Array): void {
    const ahead = timestampAhead(timestamp, this.playAt);
    if (ssrc !== this.ssrc || ahead > capacity - 2 * frame - samples.length || ahead < -capacity)
      this.begin(ssrc, timestamp);
    else if (ahead < 0) this.wait(-ahead);
    for (let i = 0; i < samples.length; i++) {
      const at = (timestamp + i) & (capacity - 1);
      if (timestampAhead(timestamp + i, this.playAt) < 0) continue;
      this.ring[at] = samples[i] ?? 0;
      this.filled[at] = 1;
    }
    const end = (timestamp + samples.length) | 0;
    if (timestampAhead(end, this.newest) > 0) this.newest = end;
  }

  /** The next frame, or `null` when there is nothing worth hearing. */
  next(): Int16Array | null {
    if (this.ssrc === -1) return null;
    this.watchLead();
    const out = new Int16Array(frame);
    let missing = 0;
    for (let i = 0; i < frame; i++) {
      const at = (this.playAt + i) & (capacity - 1);
      if (this.filled[at] === 1) out[i] = this.ring[at] ?? 0;
      else missing += 1;
      this.filled[at] = 0;
    }
    this.playAt = (this.playAt + frame) | 0;
    if (missing === frame) return this.conceal();
    this.last.set(out);
    this.gain = 1;
    return out;
  }

  private begin(ssrc: number, timestamp: number): void {
    this.ssrc = ssrc;
    this.filled.fill(0);
    this.playAt = (timestamp - firstDelay) | 0;
    this.newest = timestamp | 0;
    this.forgetLead();
  }

  /** A packet came too late by so many samples: play later from now on, up to a limit, beyond which it is lost. */
  private wait(samples: number): void {
    const frames = Math.ceil(samples / frame);
    if (timestampAhead(this.newest, this.playAt) + frames * frame > longestDelay) return;
    this.playAt = (this.playAt - frames * frame) | 0;
    this.forgetLead();
  }

  /** When even the latest packet of five seconds came two frames early, one frame of delay is too much. */
  private watchLead(): void {
    const lead = timestampAhead(this.newest, this.playAt);
    if (lead > 0) this.smallestLead = Math.min(this.smallestLead, lead);
    this.framesWatched += 1;
    const isTooLong =
      lead > longestDelay ||
      (this.framesWatched >= shrinkAfterFrames && this.smallestLead > firstDelay + frame && lead > 2 * frame);
    if (isTooLong) {
      for (let i = 0; i < frame; i++) this.filled[(this.playAt + i) & (capacity - 1)] = 0;
      this.playAt = (this.playAt + frame) | 0;
    }
    if (isTooLong || this.framesWatched >= shrinkAfterFrames) this.forgetLead();
  }

  private forgetLead(): void {
    this.smallestLead = Infinity;
    this.framesWatched = 0;
  }

  private conceal(): Int16Array | null {
    this.gain *= fadePerFrame;
    if (this.gain < 0.1) return null;
    return this.last.map((sample) => Math.round(sample * this.gain));
  }
}
