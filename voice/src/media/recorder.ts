/** Which legs are recorded, from the command to the file that is on disk. */
import type { RecordingSnapshot } from '@kernlijn/contract/voice';
import { RecordingWriter } from '../recording/recording-writer.ts';
import { Recording } from '../recording/recording.ts';
import type { RecordingResult } from '../recording/recording.ts';
import type { MediaLeg } from './leg.ts';
import type { MediaLog } from './media.ts';
import { CannotRecord, NoSuchRecording } from './refusals.ts';

export type RecordingEnd = { legId: string; recordingId: string } & RecordingResult;

interface Around {
  /** The leg of this name now; a recording may outlive its leg by a moment. */
  find(legId: string): MediaLeg | undefined;
  ended(end: RecordingEnd): void;
  log: MediaLog;
}

export class Recorder {
  private readonly writer: RecordingWriter | null;
  private readonly around: Around;

  constructor(folder: string | null, around: Around) {
    this.writer = folder === null ? null : new RecordingWriter(folder);
    this.around = around;
  }

  /** `legOf` is asked once the file is open, and may throw then. @throws CannotRecord */
  async record(legOf: () => MediaLeg, recordingId: string): Promise<void> {
    if (!this.writer) throw new CannotRecord('no folder for recordings is set');
    const sink = await this.writer.open(recordingId).catch((error: unknown) => {
      throw new CannotRecord(String(error));
    });
    const recording = new Recording(recordingId, sink);
    try {
      const leg = legOf();
      leg.recordings.set(recordingId, recording);
      heardAnew(leg);
      void recording.ended.then((result) => this.recorded(leg.id, recording, result));
    } catch (error) {
      recording.stop();
      throw error;
    }
  }

  /** @throws NoSuchRecording */
  of(leg: MediaLeg, recordingId: string): Recording {
    const recording = leg.recordings.get(recordingId);
    if (!recording) throw new NoSuchRecording(recordingId);
    return recording;
  }

  /** @throws NoSuchRecording */
  stop(leg: MediaLeg, recordingId: string): void {
    this.of(leg, recordingId).stop();
    leg.recordings.delete(recordingId);
    heardAnew(leg);
  }

  /** Resolves when all that was stopped is on disk. */
  async close(): Promise<void> {
    await this.writer?.close();
  }

  private recorded(legId: string, recording: Recording, result: RecordingResult): void {
    const { recordingId } = recording;
    const leg = this.around.find(legId);
    if (leg?.recordings.get(recordingId) === recording) {
      leg.recordings.delete(recordingId);
      heardAnew(leg);
    }
    const { problem } = result;
    if (problem !== null)
      this.around.log.warn({ legId, recordingId, problem }, 'a recording could not be written to its end');
    this.around.ended({ legId, recordingId, ...result });
  }
}

export function stopAll(leg: MediaLeg): void {
  for (const recording of leg.recordings.values()) recording.stop();
  leg.recordings.clear();
}

export function snapshotsOf(legs: Iterable<MediaLeg>): RecordingSnapshot[] {
  return [...legs].flatMap((leg) =>
    [...leg.recordings.values()].map(({ recordingId, startedAt, paused }) => ({
      recordingId,
      legId: leg.id,
      startedAt: startedAt.toISOString(),
      paused,
    })),
  );
}

/** After a recording of it began or ended. */
function heardAnew(leg: MediaLeg): void {
  for (const one of leg.bridge?.members ?? [leg]) one.arrange();
}
