/** The media of one leg, whatever it travels by: what it is sent, what it says, and where that goes. */
import type { LegQuality } from '@kernlijn/contract/voice';
import { ControlSession } from '../rtp/control-session.ts';
import { codecOf, payloadTypeOf } from '../rtp/codec.ts';
import type { Codec } from '../rtp/codec.ts';
import { ComfortNoise, comfortNoiseType } from '../rtp/comfort-noise.ts';
import { convert, decode } from '../rtp/g711.ts';
import { OutgoingStream } from '../rtp/outgoing-stream.ts';
import type { RtpPacket } from '../rtp/packet.ts';
import { buildEvent, DigitReceiver, DigitSender, parseEvent } from '../rtp/telephone-event.ts';
import type { MediaReceiver, MediaTransport } from '../rtp/transport.ts';
import { alone } from './bridge.ts';
import type { Bridge, Hearing } from './bridge.ts';
import { Coder } from './coder.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { mix } from './mix.ts';
import type { Player } from './player.ts';
import type { Recording } from '../recording/recording.ts';
import { silence } from './silence.ts';

const frameSamples = 160;
/** Longer than any jitter that is worth waiting for. */
const starvedAfterMs = 200;
const tellAgainMs = 1000;

interface Frame {
  /** What made it: a change of it is a change of source on the line. */
  source: object;
  payload: Buffer;
}

export class MediaLeg implements MediaReceiver {
  readonly id: string;
  muted = false;
  /** In which part of a tick it has its turn. */
  part = 0;
  private lastTick = 0;
  player: Player | null = null;
  readonly recordings = new Map<string, Recording>();
  private membership: Bridge<MediaLeg> | null = null;
  private hearing: Hearing<MediaLeg> = alone;
  /** Only while somebody needs its speech by the clock: a mix, a recording. */
  private playout: JitterBuffer | null = null;
  private isListenedTo = false;
  /** What it says in this tick; `null` for silence. */
  private said: Int16Array | null = null;
  /** Of a far end that falls silent by saying how loud its silence is. */
  private noise: ComfortNoise | null = null;
  private readonly coder = new Coder();
  /** When its last packet came, on the monotonic clock in milliseconds. */
  private heardAt = 0;
  /** When anything at all came, or was not expected: what the time-out counts from. */
  private aliveAt: number | null = null;
  private transport: MediaTransport | null = null;
  private readonly stream = new OutgoingStream((packet) => this.transport?.send(packet));
  private readonly session: ControlSession;
  private readonly digitsIn = new DigitReceiver();
  private readonly digitsOut = new DigitSender();
  private readonly onDigit: (digit: string) => void;
  private readonly onCodec: (codec: 'opus' | 'g711') => void;
  /** What its browser was told to speak, and when it was last told; a browser begins with G.711. */
  private told: 'opus' | 'g711' = 'g711';
  private toldAt = 0;

  constructor(
    id: string,
    cname: string,
    onDigit: (digit: string) => void,
    onCodec: (codec: 'opus' | 'g711') => void = () => {},
  ) {
    this.id = id;
    this.onCodec = onCodec;
    this.session = new ControlSession(this.stream, cname);
    this.onDigit = onDigit;
  }

  get ssrc(): number {
    return this.stream.ssrc;
  }

  /** From now on it travels by this one; the far end hears one stream. */
  connect(transport: MediaTransport): void {
    const earlier = this.transport;
    this.transport = transport;
    earlier?.close();
    this.told = 'g711';
    for (const leg of [this, ...this.hearing.sources]) leg.arrange();
  }

  travelsBy(transport: MediaTransport): boolean {
    return this.transport === transport;
  }

  get canSendDigits(): boolean {
    return typeof this.transport?.sending?.telephoneEvent === 'number';
  }

  get bridge(): Bridge<MediaLeg> | null {
    return this.membership;
  }

  set bridge(bridge: Bridge<MediaLeg> | null) {
    this.membership = bridge;
    this.hearing = bridge?.hearingOf(this) ?? alone;
  }

  /** Whether what it is sent is made by the clock from what several say. */
  get isMixedFor(): boolean {
    return this.hearing.sources.length > 1;
  }

  /** To be told of every change of bridge or recording, once all members of the bridge know theirs. */
  arrange(): void {
    this.isListenedTo =
      this.recordings.size > 0 ||
      this.hearing.hearers.some((hearer) => hearer.isMixedFor || hearer.recordings.size > 0);
    if (this.isListenedTo) this.playout ??= new JitterBuffer();
    const { hearers } = this.hearing;
    const isForBrowsers = hearers.length > 0 && [this, ...hearers].every((leg) => leg.transport?.opus != null);
    const codec = isForBrowsers && !this.isListenedTo ? 'opus' : 'g711';
    if (codec !== this.told) this.tell(codec, performance.now());
  }

  private tell(codec: 'opus' | 'g711', now: number): void {
    this.told = codec;
    this.toldAt = now;
    this.onCodec(codec);
  }

  packet(packet: RtpPacket, now: number): void {
    this.aliveAt = now;
    if (this.transport?.isTelephoneEvent(packet.payloadType)) {
      this.session.reception.count(packet, now, false);
      if (!parseEvent(packet.payload)) return;
      this.heardAt = now;
      const digit = this.digitsIn.hear(packet);
      this.passKey(packet, digit, now);
      if (digit !== null) this.onDigit(digit);
      return;
    }
    if (packet.payloadType === this.transport?.opus) {
      this.passOpus(packet, now);
      return;
    }
    const codec = codecOf(packet.payloadType);
    this.session.reception.count(packet, now, codec !== null);
    this.noise = packet.payloadType === comfortNoiseType ? new ComfortNoise(packet.payload) : null;
    if (codec === null) return;
    this.heardAt = now;
    this.playout?.put(packet.ssrc, packet.timestamp, this.coder.decoded(packet, codec));
    if (!this.muted) for (const hearer of this.hearing.direct) hearer.forward(this, packet, codec, now);
  }

  control(packet: Buffer, now: number): void {
    this.aliveAt = now;
    this.session.receive(packet, now);
  }

  sendDigits(digits: string): void {
    if (this.canSendDigits) this.digitsOut.add(digits);
  }

  /** Once a tick, also where its part has changed meanwhile. */
  isDue(part: number, tick: number): boolean {
    if (part !== this.part || tick === this.lastTick) return false;
    this.lastTick = tick;
    return true;
  }

  /** Takes what it says in this tick; of every leg before any is asked for what it hears. */
  speak(): void {
    if (!this.isListenedTo) this.playout = null; // only now: on the way from one bridge to another it stays
    const frame = this.playout?.next() ?? this.noise?.next() ?? null;
    this.said = this.muted ? null : frame;
  }

  /** What it said, and what the others in its bridge said to it; after all have spoken. */
  record(tick: number): void {
    if (this.recordings.size === 0) return;
    const others = mix(this.hearing.sources.map((source) => source.truly));
    for (const recording of this.recordings.values()) recording.write(this.truly, others, tick);
  }

  /** Sends what is due in this tick. Returns whether a playback came to its end with it. */
  tick(tick: number, now: number): boolean {
    const { transport } = this;
    const report = this.session.due(now);
    if (report) transport?.sendControl(report);
    const to = transport?.sending;
    if (!to) return false;
    if (this.digitsOut.busy) {
      this.sendDigit(to.codec, to.telephoneEvent, tick, now);
      return false;
    }
    const { player } = this;
    const frame = this.frame(to.codec, now);
    if (frame) this.stream.frame(frame.source, payloadTypeOf[to.codec], frame.payload, tick, now);
    if (!player?.done) return false;
    this.player = null;
    return true;
  }

  /** Whether the far end, which should be sending, was not heard for so long. Counts anew after each time. */
  timedOut(afterMs: number, now: number): boolean {
    if (!this.transport?.receiving || this.aliveAt === null) this.aliveAt = now;
    if (now - this.aliveAt < afterMs) return false;
    this.aliveAt = now;
    return true;
  }

  quality(): LegQuality {
    return this.session.quality();
  }

  close(): void {
    this.transport?.sendControl(this.session.bye());
    this.transport?.close();
    this.transport = null;
  }

  /** What it says without what is made up. */
  private get truly(): Int16Array | null {
    return this.playout?.isConcealed ? null : this.said;
  }

  private forward(from: MediaLeg, packet: RtpPacket, codec: Codec, now: number): void {
    const to = this.transport?.sending;
    if (!to || this.digitsOut.busy) return;
    let { payload } = packet;
    if (codec !== to.codec) {
      payload =
        codec === 'G722' || to.codec === 'G722'
          ? this.coder.coded(to.codec, from.coder.decoded(packet, codec))
          : convert(codec, to.codec, payload);
    }
    this.stream.forward(from, packet, true, payloadTypeOf[to.codec], payload, now);
  }

  /** Untouched, to browsers only; nothing here can decode it, so one that speaks it to others is told again not to. */
  private passOpus(packet: RtpPacket, now: number): void {
    this.session.reception.count(packet, now, false);
    if (this.told === 'g711') {
      if (now - this.toldAt > tellAgainMs) this.tell('g711', now);
      return;
    }
    this.heardAt = now;
    if (this.muted) return;
    for (const { transport, stream, digitsOut } of this.hearing.direct) {
      if (transport?.opus != null && !digitsOut.busy)
        stream.forward(this, packet, false, transport.opus, packet.payload, now);
    }
  }

  /** A packet of a key press; `digit` is set with the first of each. In a mix the keys are pressed anew. */
  private passKey(packet: RtpPacket, digit: string | null, now: number): void {
    if (this.muted) return;
    for (const hearer of this.hearing.hearers) {
      if (!hearer.isMixedFor) hearer.forwardEvent(this, packet, now);
      else if (digit !== null) hearer.sendDigits(digit);
    }
  }

  private forwardEvent(from: MediaLeg, packet: RtpPacket, now: number): void {
    const to = this.transport?.sending;
    if (!to || to.telephoneEvent === null || this.digitsOut.busy) return;
    this.stream.forward(from, packet, false, to.telephoneEvent, packet.payload, now);
  }

  /** What the clock owes it; `null` when another's packets reach it by themselves. */
  private frame(codec: Codec, now: number): Frame | null {
    if (this.isMixedFor) {
      const heard = mix(this.hearing.sources.map((source) => source.said));
      return { source: this.hearing, payload: this.coder.coded(codec, heard) };
    }
    const [source] = this.hearing.sources;
    if (source && !source.muted) {
      if (source.noise) return { source: silence, payload: this.coder.coded(codec, source.noise.next()) };
      if (now - source.heardAt < starvedAfterMs) return null;
    }
    if (this.player && !this.membership) return { source: this.player, payload: this.played(this.player, codec) };
    return { source: silence, payload: this.coder.coded(codec, null) };
  }

  private played(player: Player, codec: Codec): Buffer {
    if (codec !== 'G722') return player.next(codec, frameSamples);
    return this.coder.coded(codec, decode('PCMA', player.next('PCMA', frameSamples)));
  }

  private sendDigit(codec: Codec, telephoneEvent: number | null, tick: number, now: number): void {
    const step = this.digitsOut.next();
    if (step && telephoneEvent !== null) this.stream.event(telephoneEvent, buildEvent(step.event), step.first, now);
    else this.stream.frame(silence, payloadTypeOf[codec], this.coder.coded(codec, null), tick, now);
  }
}
