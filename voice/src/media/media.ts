import { EventEmitter } from 'node:events';
import type { LegQuality, Playback } from '@kernlijn/contract/voice';

export { BadSdp } from '../rtp/bad-sdp.ts';
export { NoSuchLeg, NoSuchPrompt, WrongState } from './refusals.ts';

export interface MediaEvents {
  dtmf: [{ legId: string; digit: string }];
  played: [{ legId: string }];
  'browser-connected': [{ legId: string }];
  'browser-disconnected': [{ legId: string }];
  'media-timeout': [{ legId: string }];
}

/** The part of a pino logger that is used here. */
export interface MediaLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface MediaOptions {
  bindAddress: string;
  publicAddress: string;
  rtpPortMin: number;
  rtpPortMax: number;
  promptDirs: string[];
  mediaTimeoutSeconds: number;
  log: MediaLog;
}

/** The session description side of a SIP leg's media (offer/answer, RFC 3264). */
export interface RtpLeg {
  /** Our SDP offer: for a call we make, or a re-INVITE without SDP. */
  offer(): string;
  /** Our answer to a first offer. `from` is the address the SIP message came from, for peers behind NAT. @throws BadSdp */
  accept(remoteSdp: string, from?: string): string;
  /** The answer to our `offer()`. @throws BadSdp */
  applyAnswer(remoteSdp: string, from?: string): void;
  /** Our answer to a re-INVITE; `held` when the far end no longer wants to hear us. @throws BadSdp */
  renegotiate(remoteSdp: string, from?: string): { sdp: string; held: boolean };
}

export class Media extends EventEmitter<MediaEvents> {
  readonly options: MediaOptions;

  constructor(options: MediaOptions) {
    super();
    this.options = options;
  }

  openRtp(_legId: string): Promise<RtpLeg> {
    throw new Error('not there yet');
  }
  /** @throws BadSdp */
  openBrowser(_legId: string, _offerSdp: string): Promise<string> {
    throw new Error('not there yet');
  }
  /** @throws NoSuchLeg, NoSuchPrompt, WrongState when bridged */
  play(_legId: string, _playback: Playback): void {}
  stopPlaying(_legId: string): void {}
  /** @throws NoSuchLeg; then nothing was changed */
  bridge(_bridgeId: string, _legIds: readonly string[]): void {}
  unbridge(_legId: string): void {}
  mute(_legId: string, _muted: boolean): void {}
  /** @throws NoSuchLeg, WrongState when the far end knows no telephone-event */
  sendDtmf(_legId: string, _digits: string): void {}
  quality(_legId: string): LegQuality | null {
    return null;
  }
  bridgeOf(_legId: string): string | null {
    return null;
  }
  isMuted(_legId: string): boolean {
    return false;
  }
  /** Ends a leg's media; unknown legs are ignored. Ask `quality` before. */
  close(_legId: string): void {}
  closeAll(): Promise<void> {
    return Promise.resolve();
  }
}
