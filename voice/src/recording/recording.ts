/**
 * A recording under way: two channels of A-law in step with the clock. Every tick has its place in the file, whatever
 * came in it, so the file is as long as the time that went by; what did not arrive is silence.
 */
import type { RecordingPause } from '@kernlijn/contract/voice';
import { alawOf } from '../rtp/g711.ts';
import { bytesPerSecond } from './alaw-wav.ts';
import { batchBytes } from './recording-writer.ts';
import type { Sink } from './recording-writer.ts';

const frame = 160;
const frameBytes = 2 * frame;
const frameMs = 20;
const silentCode = 0xd5;

export interface RecordingResult {
  milliseconds: number;
  pauses: RecordingPause[];
  problem: string | null;
}

export class Recording {
  readonly recordingId: string;
  readonly startedAt = new Date();
  private readonly sink: Sink;
  private readonly pauses: RecordingPause[] = [];
  private firstTick: number | null = null;
  private frames = 0;
  private pausedSince: number | null = null;
  private batch: Uint8Array<ArrayBuffer>;
  private filled = 0;

  constructor(recordingId: string, sink: Sink) {
    this.recordingId = recordingId;
    this.sink = sink;
    this.batch = sink.batch();
  }

  get paused(): boolean {
    return this.pausedSince !== null;
  }

  /** What both sides said in this tick; `null` is silence. A tick the clock left out was silent. */
  write(left: Int16Array | null, right: Int16Array | null, tick: number): void {
    this.firstTick ??= tick;
    while (this.frames < tick - this.firstTick) this.put(null, null);
    if (this.paused) this.put(null, null);
    else this.put(left, right);
  }

  pause(paused: boolean): void {
    const at = this.frames * frameMs;
    if (paused) this.pausedSince ??= at;
    else if (this.pausedSince !== null) {
      this.pauses.push({ from: this.pausedSince, to: at });
      this.pausedSince = null;
    }
  }

  /** Rejects never. */
  get ended(): Promise<RecordingResult> {
    return this.sink.ended.then(({ bytes, problem }) => {
      const whole = this.frames * frameMs;
      // A writer that vanished does not say how much it wrote.
      const milliseconds = problem === null ? whole : Math.round((1000 * bytes) / bytesPerSecond);
      this.pause(false);
      const pauses = this.pauses.filter(({ from }) => from < milliseconds);
      return {
        milliseconds,
        pauses: pauses.map(({ from, to }) => ({ from, to: Math.min(to, milliseconds) })),
        problem,
      };
    });
  }

  stop(): void {
    this.flush();
    this.sink.end();
  }

  private put(left: Int16Array | null, right: Int16Array | null): void {
    this.frames += 1;
    interleave(this.batch, this.filled, left);
    interleave(this.batch, this.filled + 1, right);
    this.filled += frameBytes;
    if (this.filled < batchBytes) return;
    this.flush();
    this.batch = this.sink.batch();
  }

  private flush(): void {
    if (this.filled > 0) this.sink.append(this.batch, this.filled);
    this.filled = 0;
  }
}

function interleave(batch: Uint8Array, from: number, samples: Int16Array | null): void {
  const end = from + frameBytes;
  if (samples === null) for (let at = from; at < end; at += 2) batch[at] = silentCode;
  else for (let at = from, i = 0; at < end; at += 2, i++) batch[at] = alawOf[(samples[i] ?? 0) + 0x8000] ?? silentCode;
}
