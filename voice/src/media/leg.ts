/** The media of one leg, whatever it travels by: what it is sent, what it says, and where that goes. */
import type { LegQuality } from '@kernlijn/contract/voice';
import { ControlSession } from '../rtp/control-session.ts';
import { convert, lawOf, payloadTypeOf } from '../rtp/g711.ts';
import type { Law } from '../rtp/g711.ts';
import { OutgoingStream } from '../rtp/outgoing-stream.ts';
import type { RtpPacket } from '../rtp/packet.ts';
import { buildEvent, DigitReceiver, DigitSender, parseEvent } from '../rtp/telephone-event.ts';
import type { MediaReceiver, MediaTransport } from '../rtp/transport.ts';
import type { Bridge, Frame, Party } from './bridge.ts';
import type { Player } from './player.ts';
import { silence } from './silence.ts';

const frameSamples = 160;

export class MediaLeg implements MediaReceiver, Party {
  readonly id: string;
  muted = false;
  bridge: Bridge | null = null;
  player: Player | null = null;
  heardAt = 0;
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

  packet(packet: RtpPacket, now: number): void {
    this.heardAt = now;
    this.aliveAt = now;
    if (this.transport?.isTelephoneEvent(packet.payloadType)) {
      this.session.reception.count(packet, now, false);
      if (!parseEvent(packet.payload)) return;
      const digit = this.digitsIn.hear(packet);
      this.bridge?.event(this, packet, digit, now);
      if (digit !== null) this.onDigit(digit);
      return;
    }
    const law = lawOf(packet.payloadType);
    if (law === null) return;
    this.session.reception.count(packet, now, true);
    this.bridge?.audio(this, packet, law, now);
  }

  control(packet: Buffer, now: number): void {
    this.aliveAt = now;
    this.session.receive(packet, now);
  }

  forward(from: Party, packet: RtpPacket, law: Law, now: number): void {
    const to = this.transport?.sending;
    if (!to || this.digitsOut.busy) return;
    this.stream.forward(from, packet, true, payloadTypeOf[to.law], convert(law, to.law, packet.payload), now);
  }

  forwardEvent(from: Party, packet: RtpPacket, now: number): void {
    const to = this.transport?.sending;
    if (!to || to.telephoneEvent === null || this.digitsOut.busy) return;
    this.stream.forward(from, packet, false, to.telephoneEvent, packet.payload, now);
  }

  sendDigits(digits: string): void {
    if (this.canSendDigits) this.digitsOut.add(digits);
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

  private frame(law: Law, now: number): Frame | null {
    if (this.bridge) return this.bridge.frameFor(this, law, now);
    if (this.player) return { source: this.player, payload: this.player.next(law, frameSamples) };
    return { source: silence, payload: silence[law] };
  }

  private sendDigit(law: Law, telephoneEvent: number | null, tick: number, now: number): void {
    const step = this.digitsOut.next();
    if (step && telephoneEvent !== null) this.stream.event(telephoneEvent, buildEvent(step.event), step.first, now);
    else this.stream.frame(silence, payloadTypeOf[law], silence[law], tick, now);
  }
}
