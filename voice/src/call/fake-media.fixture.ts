/** A media side without sound, for tests of signalling: it accepts any SDP with an audio line. */
import { EventEmitter } from 'node:events';
import type { RecordingSnapshot } from '@kernlijn/contract/voice';
import type { MediaEvents, RtpLeg } from '../media/media.ts';
import { BadSdp } from '../rtp/bad-sdp.ts';
import type { CallMedia } from './call-media.ts';

const description = (port: number) =>
  [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    '',
  ].join('\r\n');

export class FakeMedia extends EventEmitter<MediaEvents> implements CallMedia {
  readonly open = new Set<string>();
  readonly bridges = new Map<string, string>();
  readonly muted = new Set<string>();
  readonly playing = new Map<string, readonly string[]>();
  private readonly recorded = new Map<string, RecordingSnapshot>();
  private nextPort = 30_000;

  async openRtp(legId: string): Promise<RtpLeg> {
    this.open.add(legId);
    const local = description((this.nextPort += 2));
    return {
      offer: () => local,
      accept: (remote) => (usable(remote), local),
      applyAnswer: (remote) => usable(remote),
      renegotiate: (remote) => (usable(remote), { sdp: local, held: /a=(sendonly|inactive)/.test(remote) }),
    };
  }
  async openBrowser(legId: string, offer: string): Promise<string> {
    usable(offer);
    this.open.add(legId);
    return description(9);
  }
  play(legId: string, { prompts }: { prompts: readonly string[] }): void {
    this.playing.set(legId, prompts);
  }
  stopPlaying(legId: string): void {
    this.playing.delete(legId);
  }
  bridge(bridgeId: string, legIds: readonly string[]): void {
    for (const legId of legIds) this.bridges.set(legId, bridgeId);
  }
  unbridge(legId: string): void {
    this.bridges.delete(legId);
  }
  mute(legId: string, muted: boolean): void {
    if (muted) this.muted.add(legId);
    else this.muted.delete(legId);
  }
  sendDtmf(): void {}
  async record(legId: string, recordingId: string): Promise<void> {
    this.recorded.set(recordingId, { recordingId, legId, startedAt: new Date(0).toISOString(), paused: false });
  }
  pauseRecording(_legId: string, recordingId: string, paused: boolean): void {
    const recording = this.recorded.get(recordingId);
    if (recording) this.recorded.set(recordingId, { ...recording, paused });
  }
  stopRecording(_legId: string, recordingId: string): void {
    this.recorded.delete(recordingId);
  }
  recordings(): RecordingSnapshot[] {
    return [...this.recorded.values()];
  }
  quality() {
    return { packetsReceived: 1, packetsLost: 0, jitterMs: 0, roundTripMs: null, mos: 4.4 };
  }
  bridgeOf(legId: string): string | null {
    return this.bridges.get(legId) ?? null;
  }
  isMuted(legId: string): boolean {
    return this.muted.has(legId);
  }
  close(legId: string): void {
    this.open.delete(legId);
    this.bridges.delete(legId);
  }
  async closeAll(): Promise<void> {
    this.open.clear();
  }
}

function usable(sdp: string): void {
  if (!/^m=audio /m.test(sdp)) throw new BadSdp('no audio');
}
