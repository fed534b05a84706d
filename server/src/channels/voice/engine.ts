/** What the telephone channel asks of an engine. The embedded one and Asterisk stand behind the same port. */
import type { Readable } from 'node:stream';
import type {
  LegSnapshot,
  RecordingSnapshot,
  TrunkState,
  VoiceCommand,
  VoiceErrorCode,
  VoiceEvent,
} from '@kernlijn/contract/voice';

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
  /** The connection is there, with every leg that exists and what is recorded of them. */
  connected: [readonly LegSnapshot[], readonly RecordingSnapshot[]];
  disconnected: [];
}

/** How the trunks fare, and which desk phones are there. */
export interface NetworkState {
  trunks: readonly TrunkState[];
  phones: readonly string[];
}

export interface VoiceEngine {
  /** @throws EngineRefusal */
  tell(command: Exclude<VoiceCommand, { command: 'connect-browser' }>): Promise<void>;
  /** WebRTC offer in, answer out. @throws EngineRefusal */
  connectBrowser(legId: string, sdp: string): Promise<string>;
  /** The file of a recording that is over, as far as it goes. @throws EngineRefusal `no-such-recording` */
  recording(recordingId: string): Promise<Readable>;
  /** It is kept elsewhere or not wanted: gone when it resolves, whether or not it was there. */
  forgetRecording(recordingId: string): Promise<void>;
  /** @throws EngineRefusal */
  network(): Promise<NetworkState>;
  on<Name extends keyof EngineEvents>(name: Name, listener: (...args: EngineEvents[Name]) => void): unknown;
  off<Name extends keyof EngineEvents>(name: Name, listener: (...args: EngineEvents[Name]) => void): unknown;
  close(): void;
}
