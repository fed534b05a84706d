/** The media of one leg, whatever it travels by: what it is sent, what it says, and where that goes. */
import type { LegQuality } from '@kernlijn/contract/voice';
import { ControlSession } from '../rtp/control-session.ts';
import { convert, decode, encode, lawOf, payloadTypeOf } from '../rtp/g711.ts';
import type { Law } from '../rtp/g711.ts';
import { OutgoingStream } from '../rtp/outgoing-stream.ts';
import type { RtpPacket } from '../rtp/packet.ts';
import { buildEvent, DigitReceiver, DigitSender, parseEvent } from '../rtp/telephone-event.ts';
import type { MediaReceiver, MediaTransport } from '../rtp/transport.ts';
import { alone } from './bridge.ts';
import type { Bridge, Hearing } from './bridge.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { mix } from './mix.ts';
import type { Player } from './player.ts';
import type { Recording } from '../recording/recording.ts';
import { silence } from './silence.ts';

const frameSamples = 160;
/** Longer than any jitter that is worth waiting for. */
const starvedAfterMs = 200;

interface Frame {
  /** What made it: a change of it is a change of source on the line. */
  source: object;
  payload: Buffer;
}

export class MediaLeg implements MediaReceiver {
  readonly id: string;
  muted = false;
  player: Player | null = null;
  readonly recordings = new Map<string, Recording>();
  private membership: Bridge<MediaLeg> | null = null;
  private hearing: Hearing<MediaLeg> = alone;
  /** Only while somebody needs its speech by the clock: a mix, a recording. */
  private playout: JitterBuffer | null = null;
  private isListenedTo = false;
  /** What it says in this tick; `null` for silence. */
  private said: Int16Array | null = null;
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

  constructor(id: string, cname: string, onDigit: (digit: string) => void) {
    this.id = id;
    this.session = new ControlSession(this.stream, cname);
    this.onDigit = onDigit;
  }

  get ssrc(): number {
    return this.stream.ssrc;
  }

  connect(transport: MediaTransport): void {
    this.transport = transport;
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
  }

  packet(packet: RtpPacket, now: number): void {
    this.heardAt = now;
    this.aliveAt = now;
    if (this.transport?.isTelephoneEvent(packet.payloadType)) {
      this.session.reception.count(packet, now, false);
      if (!parseEvent(packet.payload)) return;
      const digit = this.digitsIn.hear(packet);
      this.passKey(packet, digit, now);
      if (digit !== null) this.onDigit(digit);
      return;
    }
    const law = lawOf(packet.payloadType);
    if (law === null) return;
    this.session.reception.count(packet, now, true);
    this.playout?.put(packet.ssrc, packet.timestamp, decode(law, packet.payload));
    if (!this.muted) for (const hearer of this.hearing.direct) hearer.forward(this, packet, law, now);
  }

  control(packet: Buffer, now: number): void {
    this.aliveAt = now;
    this.session.receive(packet, now);
  }

  sendDigits(digits: string): void {
    if (this.canSendDigits) this.digitsOut.add(digits);
  }

  /** Takes what it says in this tick; of every leg before any is asked for what it hears. */
  speak(): void {
    if (!this.isListenedTo) this.playout = null; // only now: on the way from one bridge to another it stays
    const frame = this.playout?.next() ?? null;
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
      this.sendDigit(to.law, to.telephoneEvent, tick, now);
      return false;
    }
    const { player } = this;
    const frame = this.frame(to.law, now);
    if (frame) this.stream.frame(frame.source, payloadTypeOf[to.law], frame.payload, tick, now);
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

  private forward(from: MediaLeg, packet: RtpPacket, law: Law, now: number): void {
    const to = this.transport?.sending;
    if (!to || this.digitsOut.busy) return;
    this.stream.forward(from, packet, true, payloadTypeOf[to.law], convert(law, to.law, packet.payload), now);
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
  private frame(law: Law, now: number): Frame | null {
    if (this.isMixedFor) {
      const heard = mix(this.hearing.sources.map((source) => source.said));
      return { source: this.hearing, payload: heard ? encode(law, heard) : silence[law] };
    }
    const [source] = this.hearing.sources;
    if (source && !source.muted && now - source.heardAt < starvedAfterMs) return null;
    if (this.player && !this.membership) return { source: this.player, payload: this.player.next(law, frameSamples) };
    return { source: silence, payload: silence[law] };
  }

  private sendDigit(law: Law, telephoneEvent: number | null, tick: number, now: number): void {
    const step = this.digitsOut.next();
    if (step && telephoneEvent !== null) this.stream.event(telephoneEvent, buildEvent(step.event), step.first, now);
    else this.stream.frame(silence, payloadTypeOf[law], silence[law], tick, now);
  }
}
