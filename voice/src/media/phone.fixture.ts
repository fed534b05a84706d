/** A telephone for tests: real RTP over UDP on loopback, which speaks a tone and knows which tones it hears. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import { codecOf, payloadTypeOf } from '../rtp/codec.ts';
import type { Codec } from '../rtp/codec.ts';
import { decode, encode } from '../rtp/g711.ts';
import { G722Decoder, G722Encoder } from '../rtp/g722.ts';
import { buildRtp, isRtcp, parseRtp } from '../rtp/packet.ts';
import type { RtpPacket } from '../rtp/packet.ts';
import { parseRtcp } from '../rtp/rtcp.ts';
import type { Report } from '../rtp/rtcp.ts';
import { parseSdp } from '../rtp/sdp.ts';
import { buildEvent, DigitReceiver, DigitSender } from '../rtp/telephone-event.ts';
import { share } from './goertzel.fixture.ts';

export interface Heard extends RtpPacket {
  at: number;
  /** What it says, if it is speech. */
  samples: Int16Array;
}

export class Phone {
  readonly heard: Heard[] = [];
  readonly reports: Report[] = [];
  readonly digits: string[] = [];
  readonly codec: Codec;
  private readonly socket: Socket;
  private remote: { address: string; port: number } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly pressed = new DigitSender();
  private readonly digitReceiver = new DigitReceiver();
  private readonly encoder = new G722Encoder();
  private readonly decoder = new G722Decoder();
  private sequence = 65_500; // wraps within the first second
  private timestamp = 0xffff_f000;
  private eventAt = 0;
  private readonly ssrc = Math.floor(Math.random() * 2 ** 32);

  static async open(codec: Codec = 'PCMA', address = '127.0.0.1'): Promise<Phone> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    return new Phone(socket, codec);
  }

  private constructor(socket: Socket, codec: Codec) {
    this.socket = socket;
    this.codec = codec;
    socket.on('message', (data) => {
      if (isRtcp(data)) {
        this.reports.push(...parseRtcp(data));
        return;
      }
      const packet = parseRtp(data);
      if (!packet) return;
      this.heard.push({ ...packet, at: performance.now(), samples: this.decoded(packet) });
      const digit = packet.payloadType === 101 ? this.digitReceiver.hear(packet) : null;
      if (digit !== null) this.digits.push(digit);
    });
  }

  get port(): number {
    return this.socket.address().port;
  }

  sdp(direction = 'sendrecv'): string {
    const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
    const media = [
      `m=audio ${this.port} RTP/AVP ${payloadTypeOf[this.codec]} 101`,
      'a=rtpmap:101 telephone-event/8000',
      'a=rtcp-mux',
      `a=${direction}`,
    ];
    return [...lines, ...media, ''].join('\r\n');
  }

  apply(sdp: string): void {
    const { address, port } = parseSdp(sdp).audio;
    this.remote = { address, port };
  }

  /** Sends a tone, or silence for 0 Hz, 50 packets a second from now on. */
  speak(hertz: number): void {
    this.hush();
    const startedAt = performance.now();
    let sent = 0;
    this.timer = setInterval(() => {
      for (; sent * 20 < performance.now() - startedAt; sent++) this.sendFrame(hertz);
    }, 5);
  }

  hush(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** Only while speaking. */
  press(digits: string): void {
    this.pressed.add(digits);
  }

  sendRaw(data: Buffer, port = this.remote?.port ?? 0): void {
    this.socket.send(data, port, '127.0.0.1');
  }

  /** Comfort noise of so many dB below the loudest (RFC 3389). */
  sayNoise(level: number): void {
    this.sendRaw(this.build(13, this.timestamp, Buffer.from([level])));
  }

  /** So many samples are never said. */
  skip(samples: number): void {
    this.timestamp += samples;
  }

  packetOf(hertz: number): Buffer {
    const frame = Int16Array.from(
      { length: 160 },
      (_, i) => 8000 * Math.sin((2 * Math.PI * hertz * (this.timestamp + i)) / 8000),
    );
    return this.build(payloadTypeOf[this.codec], this.timestamp, this.encoded(frame));
  }

  /** How much of what was heard in the last so many milliseconds is this tone: 0–1; 0 when it was next to silence. */
  hears(hertz: number, lastMs = 200): number {
    const since = performance.now() - lastMs;
    const samples = this.heard.filter((packet) => packet.at >= since).flatMap((packet) => [...packet.samples]);
    return share(Int16Array.from(samples), hertz);
  }

  async untilHears(hertz: number): Promise<void> {
    await until(() => this.hears(hertz) > 0.97, `a phone to hear ${hertz} Hz`);
  }

  /** Hears nothing but silence, yet packets all the same. */
  async untilSilence(): Promise<void> {
    await until(() => {
      const recent = this.heard.filter((packet) => packet.at >= performance.now() - 200 && packet.payloadType < 96);
      return recent.length >= 5 && recent.every((packet) => packet.samples.every((sample) => Math.abs(sample) <= 16));
    }, 'silence');
  }

  close(): void {
    this.hush();
    this.socket.close();
  }

  private encoded(samples: Int16Array): Buffer {
    return this.codec === 'G722' ? this.encoder.encode(samples) : encode(this.codec, samples);
  }

  private decoded({ payloadType, payload }: RtpPacket): Int16Array {
    if (codecOf(payloadType) !== this.codec) return new Int16Array();
    return this.codec === 'G722' ? this.decoder.decode(payload) : decode(this.codec, payload);
  }

  private sendFrame(hertz: number): void {
    if (this.pressed.busy) {
      const step = this.pressed.next();
      if (step?.first) this.eventAt = this.timestamp;
      this.sendRaw(step ? this.build(101, this.eventAt, buildEvent(step.event)) : this.packetOf(0));
    } else this.sendRaw(this.packetOf(hertz));
    this.timestamp += 160;
  }

  private build(payloadType: number, timestamp: number, payload: Buffer): Buffer {
    const sequence = this.sequence++ & 0xffff;
    return buildRtp({ payloadType, marker: false, sequence, timestamp: timestamp >>> 0, ssrc: this.ssrc, payload });
  }
}

/** Waits for something that will be so; fails after `timeoutMs` naming it. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string, timeoutMs = 8000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}
