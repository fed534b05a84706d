/** The media of all legs: what each hears, who hears whom, and what was noticed on the way. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { LegQuality, Playback, RecordingSnapshot } from '@kernlijn/contract/voice';
import { bindPair } from '../rtp/ports.ts';
import { RtpTransport } from '../rtp/rtp-transport.ts';
import type { RtpLeg } from '../rtp/rtp-transport.ts';
import type { MediaTransport } from '../rtp/transport.ts';
import { isDigit } from '../rtp/telephone-event.ts';
import { openBrowserPeer } from '../webrtc/browser-peer.ts';
import { Bridge } from './bridge.ts';
import { Clock } from './clock.ts';
import { MediaLeg } from './leg.ts';
import { Player } from './player.ts';
import { PromptLibrary } from './prompts.ts';
import { Recorder, snapshotsOf, stopAll } from './recorder.ts';
import type { RecordingEnd } from './recorder.ts';
import { NoSuchLeg, WrongState } from './refusals.ts';

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
  /** What the browser should speak from now on. */
  'browser-codec': [{ legId: string; codec: 'opus' | 'g711' }];
  /** The browser is gone and so is the leg. */
  'browser-disconnected': [{ legId: string }];
  /** A SIP peer that should be sending was silent so long; told again after as long again. */
  'media-timeout': [{ legId: string }];
  /** It is on disk, or with a `problem` what could be written of it. */
  'recording-ended': [RecordingEnd];
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
/** Of a tick; every leg has its turn in one of them, all of a bridge in the same. */
const parts = 4;
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
  /** Connections of browsers that will take over from an earlier one. */
  private readonly arriving = new Map<MediaLeg, MediaTransport>();
  private readonly bridges = new Map<string, Bridge<MediaLeg>>();
  private readonly recorder: Recorder;
  private readonly clock = new Clock((tick, now, part) => this.tick(tick, now, part), undefined, parts);
  private nextPart = 0;
  /** RFC 7022 §4.2: a random name, new with every start. */
  private readonly cname = randomBytes(12).toString('base64url');

  constructor(options: MediaOptions) {
    super();
    this.options = options;
    this.prompts = new PromptLibrary(options.promptDirs);
    this.recorder = new Recorder(options.recordingDir ?? null, {
      find: (legId) => this.legs.get(legId),
      ended: (facts) => this.emit('recording-ended', facts),
      log: options.log,
    });
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
   * The answer to a browser's offer. A second one of the same leg (another tab, a reload, an ICE restart) takes over from
   * the first once it is connected, as the same stream; until then the first goes on. @throws BadSdp, OutOfPorts
   */
  async openBrowser(legId: string, offerSdp: string): Promise<string> {
    const { bindAddress, publicAddress, rtpPortMin: portMin, rtpPortMax: portMax } = this.options;
    const leg = this.legs.get(legId) ?? this.newLeg(legId);
    const { transport, answer } = await openBrowserPeer(
      offerSdp,
      { bindAddress, publicAddress, portMin, portMax, ssrc: leg.ssrc, cname: this.cname },
      leg,
      {
        connected: () => this.browserConnected(leg, transport),
        disconnected: () => this.browserGone(leg, transport),
      },
    );
    if (this.legs.get(legId) === leg) {
      this.arriving.get(leg)?.close();
      this.arriving.set(leg, transport);
    } else {
      leg.connect(transport);
      this.legs.set(legId, leg);
      this.browsers.add(leg);
      this.clock.start();
    }
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

  /** @throws NoSuchLeg, CannotRecord */
  async record(legId: string, recordingId: string): Promise<void> {
    this.leg(legId);
    await this.recorder.record(() => this.leg(legId), recordingId);
  }

  /** @throws NoSuchLeg, NoSuchRecording */
  pauseRecording(legId: string, recordingId: string, paused: boolean): void {
    this.recorder.of(this.leg(legId), recordingId).pause(paused);
  }

  /** @throws NoSuchLeg, NoSuchRecording */
  stopRecording(legId: string, recordingId: string): void {
    this.recorder.stop(this.leg(legId), recordingId);
  }

  recordings(): RecordingSnapshot[] {
    return snapshotsOf(this.legs.values());
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
    await this.recorder.close();
  }

  private leg(legId: string): MediaLeg {
    const leg = this.legs.get(legId);
    if (!leg) throw new NoSuchLeg(legId);
    return leg;
  }

  private newLeg(legId: string): MediaLeg {
    const leg = new MediaLeg(
      legId,
      this.cname,
      (digit) => this.emit('dtmf', { legId, digit }),
      (codec) => this.emit('browser-codec', { legId, codec }),
    );
    leg.part = this.nextPart++ % parts;
    return leg;
  }

  private addLeg(legId: string): MediaLeg {
    const leg = this.newLeg(legId);
    this.legs.set(legId, leg);
    this.clock.start();
    return leg;
  }

  private takeOut(leg: MediaLeg): void {
    const { bridge } = leg;
    if (!bridge) return;
    bridge.leave(leg);
    this.rearranged(bridge, [leg]);
  }

  /** Tells the members, and those who were, what they have to do with each other now. */
  private rearranged(bridge: Bridge<MediaLeg>, before: readonly MediaLeg[]): void {
    const { members } = bridge;
    for (const leg of before) if (!members.includes(leg)) leg.bridge = null;
    for (const leg of members) {
      leg.bridge = bridge;
      leg.part = members[0]?.part ?? 0;
    }
    for (const leg of new Set([...before, ...members])) leg.arrange();
    if (members.length === 0) this.bridges.delete(bridge.id);
  }

  private remove(leg: MediaLeg): void {
    this.takeOut(leg);
    if (this.legs.get(leg.id) === leg) this.legs.delete(leg.id);
    this.browsers.delete(leg);
    this.arriving.get(leg)?.close();
    this.arriving.delete(leg);
    stopAll(leg);
    leg.close();
    if (this.legs.size === 0) this.clock.stop();
  }

  private browserConnected(leg: MediaLeg, transport: MediaTransport): void {
    if (this.arriving.get(leg) === transport) {
      this.arriving.delete(leg);
      leg.connect(transport);
      this.options.log.info({ legId: leg.id }, 'a browser took over from an earlier one');
    }
    this.emit('browser-connected', { legId: leg.id });
  }

  /** One that took over, or is about to, lets the other go in peace. */
  private browserGone(leg: MediaLeg, transport: MediaTransport): void {
    if (this.arriving.get(leg) === transport) {
      this.arriving.delete(leg);
      transport.close();
    } else if (leg.travelsBy(transport) && !this.arriving.has(leg)) this.browserLost(leg);
  }

  private browserLost(leg: MediaLeg): void {
    if (!this.browsers.has(leg)) return;
    this.remove(leg);
    this.emit('browser-disconnected', { legId: leg.id });
  }

  private tick(tick: number, now: number, part: number): void {
    const legs = [...this.legs.values()].filter((leg) => leg.isDue(part, tick));
    for (const leg of legs) leg.speak();
    for (const leg of legs) leg.record(tick);
    // Told afterwards: whoever hears of it will change what is being walked through.
    const played = legs.filter((leg) => leg.tick(tick, now));
    for (const leg of played) this.emit('played', { legId: leg.id });
    if (part === 0 && tick % ticksPerSecond === 0) this.checkTimeouts(now);
  }

  private checkTimeouts(now: number): void {
    const { mediaTimeoutSeconds } = this.options;
    for (const leg of [...this.legs.values()]) {
      const isBrowser = this.browsers.has(leg);
      const seconds = isBrowser ? Math.min(browserTimeoutSeconds, mediaTimeoutSeconds) : mediaTimeoutSeconds;
      if (!leg.timedOut(seconds * 1000, now)) continue;
      if (isBrowser) this.browserLost(leg);
      else this.emit('media-timeout', { legId: leg.id });
    }
  }
}
