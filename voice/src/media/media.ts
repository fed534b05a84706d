/** The media of all legs: what each hears, who hears whom, and what was noticed on the way. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { LegQuality, Playback, RecordingSnapshot } from '@kernlijn/contract/voice';
import { Recording } from '../recording/recording.ts';
import type { RecordingResult } from '../recording/recording.ts';
import { RecordingWriter } from '../recording/recording-writer.ts';
import { bindPair } from '../rtp/ports.ts';
import { RtpTransport } from '../rtp/rtp-transport.ts';
import type { RtpLeg } from '../rtp/rtp-transport.ts';
import { isDigit } from '../rtp/telephone-event.ts';
import { openBrowserPeer } from '../webrtc/browser-peer.ts';
import { Bridge } from './bridge.ts';
import { Clock } from './clock.ts';
import { MediaLeg } from './leg.ts';
import { Player } from './player.ts';
import { PromptLibrary } from './prompts.ts';
import { CannotRecord, NoSuchLeg, NoSuchRecording, WrongState } from './refusals.ts';

export { BadSdp } from '../rtp/bad-sdp.ts';
export { OutOfPorts } from '../rtp/ports.ts';
export type { RtpLeg } from '../rtp/rtp-transport.ts';
export { CannotRecord, NoSuchLeg, NoSuchPrompt, NoSuchRecording, WrongState } from './refusals.ts';

export interface MediaEvents {
  /** A key the far end pressed, once for each press. */
  dtmf: [{ legId: string; digit: string }];
  /** A playback without loop came to its end. */
  played: [{ legId: string }];
  'browser-connected': [{ legId: string }];
  /** The browser is gone and so is the leg. */
  'browser-disconnected': [{ legId: string }];
  /** A SIP peer that should be sending was silent so long; told again after as long again. */
  'media-timeout': [{ legId: string }];
  /** It is on disk, or with a `problem` what could be written of it. */
  'recording-ended': [{ legId: string; recordingId: string } & RecordingResult];
}

/** Of a bridge: who hears its parties, and by whom he is heard. */
export interface Listener {
  legId: string;
  heardBy: readonly string[];
}

/** The part of a pino logger that is used here. */
export interface MediaLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface MediaOptions {
  /** Where sockets are bound. */
  bindAddress: string;
  /** What peers are told: the address of the router when behind one. */
  publicAddress: string;
  /** Inclusive; `rtpPortMin` 0 means any free port. */
  rtpPortMin: number;
  rtpPortMax: number;
  /** Searched first to last. */
  promptDirs: string[];
  /** Where recordings go; without it there are none. */
  recordingDir?: string | null;
  mediaTimeoutSeconds: number;
  log: MediaLog;
}

const ticksPerSecond = 50;
/**
 * A browser sends without pause, also when its microphone is off. ICE itself notices a tab that went away without a
 * goodbye only after some 30 s (RFC 7675 §5.1).
 */
const browserTimeoutSeconds = 10;

export class Media extends EventEmitter<MediaEvents> {
  private readonly options: MediaOptions;
  private readonly prompts: PromptLibrary;
  private readonly legs = new Map<string, MediaLeg>();
  private readonly browsers = new Set<MediaLeg>();
  private readonly bridges = new Map<string, Bridge<MediaLeg>>();
  private readonly writer: RecordingWriter | null;
  private readonly clock = new Clock((tick, now) => this.tick(tick, now));
  /** RFC 7022 §4.2: a random name, new with every start. */
  private readonly cname = randomBytes(12).toString('base64url');

  constructor(options: MediaOptions) {
    super();
    this.options = options;
    this.prompts = new PromptLibrary(options.promptDirs);
    this.writer = options.recordingDir == null ? null : new RecordingWriter(options.recordingDir);
  }

  /** @throws WrongState when the leg exists, OutOfPorts */
  async openRtp(legId: string): Promise<RtpLeg> {
    const { bindAddress, publicAddress, rtpPortMin, rtpPortMax } = this.options;
    if (this.legs.has(legId)) throw new WrongState(`leg ${legId} exists`);
    const leg = this.addLeg(legId);
    try {
      const ports = await bindPair(bindAddress, rtpPortMin, rtpPortMax);
      const transport = new RtpTransport(ports, publicAddress, leg);
      leg.connect(transport);
      if (this.legs.get(legId) !== leg) leg.close(); // closed while the ports were bound
      return transport;
    } catch (error) {
      this.remove(leg);
      throw error;
    }
  }

  /**
   * The answer to a browser's offer. A second one of the same leg replaces the first and takes its place: what it
   * hears, its bridge, whether it is muted. @throws BadSdp, OutOfPorts; then an earlier one stays
   */
  async openBrowser(legId: string, offerSdp: string): Promise<string> {
    const { bindAddress, publicAddress, rtpPortMin: portMin, rtpPortMax: portMax, log } = this.options;
    const leg = this.newLeg(legId);
    const { transport, answer } = await openBrowserPeer(
      offerSdp,
      { bindAddress, publicAddress, portMin, portMax, ssrc: leg.ssrc, cname: this.cname },
      leg,
      {
        connected: () => this.emit('browser-connected', { legId }),
        disconnected: () => this.browserGone(leg),
      },
    );
    leg.connect(transport);
    const earlier = this.legs.get(legId);
    if (earlier) {
      log.info({ legId }, 'a browser replaces an earlier one');
      this.succeed(earlier, leg);
    }
    this.legs.set(legId, leg);
    this.browsers.add(leg);
    this.clock.start();
    return answer;
  }

  /** @throws NoSuchLeg, NoSuchPrompt, WrongState when bridged */
  play(legId: string, playback: Playback): void {
    const leg = this.leg(legId);
    const prompts = playback.prompts.map((name) => this.prompts.find(name));
    if (leg.bridge) throw new WrongState(`leg ${legId} is in bridge ${leg.bridge.id}`);
    leg.player = new Player(prompts, playback.loop);
  }

  /** @throws NoSuchLeg */
  stopPlaying(legId: string): void {
    this.leg(legId).player = null;
  }

  /** Exactly these legs are in the bridge then. @throws NoSuchLeg, WrongState; then nothing was changed */
  bridge(bridgeId: string, legIds: readonly string[], listeners: readonly Listener[] = []): void {
    const parties = new Set(legIds.map((legId) => this.leg(legId)));
    const listening = new Map(
      listeners.map(({ legId, heardBy }) => [this.leg(legId), new Set(heardBy.map((other) => this.leg(other)))]),
    );
    const bridge = this.bridges.get(bridgeId) ?? new Bridge<MediaLeg>(bridgeId);
    const before = bridge.members;
    for (const leg of [...parties, ...listening.keys()]) {
      if (leg.bridge !== bridge) this.takeOut(leg);
      leg.player = null;
    }
    bridge.arrange(parties, listening);
    this.bridges.set(bridgeId, bridge);
    this.rearranged(bridge, before);
  }

  /** @throws NoSuchLeg */
  unbridge(legId: string): void {
    this.takeOut(this.leg(legId));
  }

  /** @throws NoSuchLeg */
  mute(legId: string, muted: boolean): void {
    this.leg(legId).muted = muted;
  }

  /** @throws NoSuchLeg, WrongState when the far end knows no telephone-event */
  sendDtmf(legId: string, digits: string): void {
    const leg = this.leg(legId);
    if (!leg.canSendDigits || !digits.split('').every(isDigit))
      throw new WrongState(`leg ${legId} cannot be sent ${digits}`);
    leg.sendDigits(digits);
  }

  /** @throws NoSuchLeg, WrongState when there is such a recording, CannotRecord */
  async record(legId: string, recordingId: string): Promise<void> {
    this.leg(legId);
    if (!this.writer) throw new CannotRecord('no folder for recordings is set');
    const sink = await this.writer.open(recordingId).catch((error: unknown) => {
      throw new CannotRecord(String(error));
    });
    const leg = this.legs.get(legId);
    const recording = new Recording(recordingId, sink);
    if (!leg) {
      recording.stop();
      throw new NoSuchLeg(legId);
    }
    leg.recordings.set(recordingId, recording);
    this.heardAnew(leg);
    void recording.ended.then((result) => this.recorded(legId, recording, result));
  }

  /** @throws NoSuchLeg, NoSuchRecording */
  pauseRecording(legId: string, recordingId: string, paused: boolean): void {
    this.recording(legId, recordingId).pause(paused);
  }

  /** @throws NoSuchLeg, NoSuchRecording */
  stopRecording(legId: string, recordingId: string): void {
    this.recording(legId, recordingId).stop();
    this.leg(legId).recordings.delete(recordingId);
    this.heardAnew(this.leg(legId));
  }

  recordings(): RecordingSnapshot[] {
    return [...this.legs.values()].flatMap((leg) =>
      [...leg.recordings.values()].map(({ recordingId, startedAt, paused }) => ({
        recordingId,
        legId: leg.id,
        startedAt: startedAt.toISOString(),
        paused,
      })),
    );
  }

  quality(legId: string): LegQuality | null {
    return this.legs.get(legId)?.quality() ?? null;
  }

  bridgeOf(legId: string): string | null {
    return this.legs.get(legId)?.bridge?.id ?? null;
  }

  isMuted(legId: string): boolean {
    return this.legs.get(legId)?.muted ?? false;
  }

  /** Ends a leg's media without an event; an unknown leg is ended already. Ask `quality` before. */
  close(legId: string): void {
    const leg = this.legs.get(legId);
    if (leg) this.remove(leg);
  }

  async closeAll(): Promise<void> {
    for (const leg of [...this.legs.values()]) this.remove(leg);
    this.clock.stop();
    await this.writer?.close();
  }

  private leg(legId: string): MediaLeg {
    const leg = this.legs.get(legId);
    if (!leg) throw new NoSuchLeg(legId);
    return leg;
  }

  private recording(legId: string, recordingId: string): Recording {
    const recording = this.leg(legId).recordings.get(recordingId);
    if (!recording) throw new NoSuchRecording(recordingId);
    return recording;
  }

  private recorded(legId: string, recording: Recording, result: RecordingResult): void {
    const { recordingId } = recording;
    const leg = this.legs.get(legId);
    if (leg?.recordings.get(recordingId) === recording) {
      leg.recordings.delete(recordingId);
      this.heardAnew(leg);
    }
    if (result.problem !== null)
      this.options.log.warn(
        { legId, recordingId, problem: result.problem },
        'a recording could not be written to its end',
      );
    this.emit('recording-ended', { legId, recordingId, ...result });
  }

  /** After a recording of it began or ended. */
  private heardAnew(leg: MediaLeg): void {
    for (const one of leg.bridge?.members ?? [leg]) one.arrange();
  }

  private newLeg(legId: string): MediaLeg {
    return new MediaLeg(legId, this.cname, (digit) => this.emit('dtmf', { legId, digit }));
  }

  private addLeg(legId: string): MediaLeg {
    const leg = this.newLeg(legId);
    this.legs.set(legId, leg);
    this.clock.start();
    return leg;
  }

  private succeed(earlier: MediaLeg, leg: MediaLeg): void {
    const { bridge, player, muted } = earlier;
    leg.player = player;
    leg.muted = muted;
    for (const [recordingId, recording] of earlier.recordings) leg.recordings.set(recordingId, recording);
    earlier.recordings.clear();
    leg.arrange();
    if (bridge) {
      bridge.replace(earlier, leg);
      this.rearranged(bridge, [earlier]);
    }
    this.remove(earlier);
  }

  private takeOut(leg: MediaLeg): void {
    const { bridge } = leg;
    if (!bridge) return;
    bridge.replace(leg, null);
    this.rearranged(bridge, [leg]);
  }

  /** Tells the members, and those who were, what they have to do with each other now. */
  private rearranged(bridge: Bridge<MediaLeg>, before: readonly MediaLeg[]): void {
    const { members } = bridge;
    for (const leg of before) if (!members.includes(leg)) leg.bridge = null;
    for (const leg of members) leg.bridge = bridge;
    for (const leg of new Set([...before, ...members])) leg.arrange();
    if (members.length === 0) this.bridges.delete(bridge.id);
  }

  private remove(leg: MediaLeg): void {
    this.takeOut(leg);
    if (this.legs.get(leg.id) === leg) this.legs.delete(leg.id);
    this.browsers.delete(leg);
    for (const recording of leg.recordings.values()) recording.stop();
    leg.recordings.clear();
    leg.close();
    if (this.legs.size === 0) this.clock.stop();
  }

  private browserGone(leg: MediaLeg): void {
    if (!this.browsers.has(leg)) return;
    this.remove(leg);
    this.emit('browser-disconnected', { legId: leg.id });
  }

  private tick(tick: number, now: number): void {
    for (const leg of this.legs.values()) leg.speak();
    for (const leg of this.legs.values()) leg.record(tick);
    // Told afterwards: whoever hears of it will change what is being walked through.
    const played = [...this.legs.values()].filter((leg) => leg.tick(tick, now));
    for (const leg of played) this.emit('played', { legId: leg.id });
    if (tick % ticksPerSecond === 0) this.checkTimeouts(now);
  }

  private checkTimeouts(now: number): void {
    const { mediaTimeoutSeconds } = this.options;
    for (const leg of [...this.legs.values()]) {
      const isBrowser = this.browsers.has(leg);
      const seconds = isBrowser ? Math.min(browserTimeoutSeconds, mediaTimeoutSeconds) : mediaTimeoutSeconds;
      if (!leg.timedOut(seconds * 1000, now)) continue;
      if (isBrowser) this.browserGone(leg);
      else this.emit('media-timeout', { legId: leg.id });
    }
  }
}
