import type { Media, MediaEvents, RtpLeg } from '../media/media.ts';

export type { RtpLeg };

type Doings =
  | 'openRtp'
  | 'openBrowser'
  | 'play'
  | 'stopPlaying'
  | 'bridge'
  | 'unbridge'
  | 'mute'
  | 'sendDtmf'
  | 'record'
  | 'pauseRecording'
  | 'stopRecording'
  | 'recordings'
  | 'quality'
  | 'bridgeOf'
  | 'isMuted'
  | 'close';

/** What calls need of the media side. */
export interface CallMedia extends Pick<Media, Doings> {
  on<Name extends keyof MediaEvents>(event: Name, listener: (...facts: MediaEvents[Name]) => void): unknown;
}
