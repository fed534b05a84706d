/** What the telephone channel asks of an engine. The embedded one and Asterisk stand behind the same port. */
import type { LegSnapshot, RecordingSnapshot, VoiceCommand, VoiceErrorCode, VoiceEvent } from '@kernlijn/contract/voice';

export class EngineRefusal extends Error {
  readonly code: VoiceErrorCode | 'unavailable';

  constructor(code: VoiceErrorCode | 'unavailable', detail: string) {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.name = 'EngineRefusal';
    this.code = code;
  }
}

export interface EngineEvents {
  event: [VoiceEvent];
  /** The connection is there, with every leg that exists and what is being recorded. */
  connected: [readonly LegSnapshot[], readonly RecordingSnapshot[]];
  disconnected: [];
}

export interface VoiceEngine {
  /** @throws EngineRefusal */
  tell(command: Exclude<VoiceCommand, { command: 'connect-browser' }>): Promise<void>;
  /** WebRTC offer in, answer out. @throws EngineRefusal */
  connectBrowser(legId: string, sdp: string): Promise<string>;
  /** The WAV file of a recording that has ended. @throws EngineRefusal `no-such-recording` */
  recording(recordingId: string): Promise<Buffer>;
  on<Name extends keyof EngineEvents>(name: Name, listener: (...args: EngineEvents[Name]) => void): unknown;
  off<Name extends keyof EngineEvents>(name: Name, listener: (...args: EngineEvents[Name]) => void): unknown;
  close(): void;
}
