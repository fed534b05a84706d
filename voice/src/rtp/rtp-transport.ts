/** The media of one SIP leg: its ports, what was agreed by offer and answer, and the packets between. */
import { randomInt } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';
import { BadSdp } from './bad-sdp.ts';
import { chosenOf, codecOf } from './codec.ts';
import type { Codec } from './codec.ts';
import { comfortNoiseType } from './comfort-noise.ts';
import { Latch } from './latch.ts';
import { MediaSecurity } from './media-security.ts';
import type { SrtpPolicy } from './media-security.ts';
import { isRtcp, parseRtp } from './packet.ts';
import type { PortPair } from './ports.ts';
import { answerTo, buildAnswer, buildOffer, parseSdp } from './sdp.ts';
import type { Direction, RemoteAudio, RemoteDescription } from './sdp.ts';
import type { MediaReceiver, MediaTransport } from './transport.ts';

/**
 * The session description side of a SIP leg's media (offer/answer, RFC 3264). `srtp` is whether it has to be encrypted;
 * without it what was said before holds, at first `off`.
 */
export interface RtpLeg {
  /** Our SDP offer: for a call we make, or a re-INVITE without SDP. */
  offer(srtp?: SrtpPolicy): string;
  /** Our answer to a first offer. `from` is the address the SIP message came from, for peers behind NAT. @throws BadSdp */
  accept(remoteSdp: string, from?: string, srtp?: SrtpPolicy): string;
  /** Takes the answer to our `offer()`. @throws BadSdp */
  applyAnswer(remoteSdp: string, from?: string, srtp?: SrtpPolicy): void;
  /** Our answer to a re-INVITE; `held` when the far end no longer wants to hear us. @throws BadSdp */
  renegotiate(remoteSdp: string, from?: string): { sdp: string; held: boolean };
}

interface Agreed {
  audio: RemoteAudio;
  codec: Codec;
  from: string | undefined;
  rtp: Latch;
  rtcp: Latch | null;
}

const ourTelephoneEvent = 101;
const spoken: Codec[] = ['PCMA', 'PCMU', 'G722'];

export class RtpTransport implements RtpLeg, MediaTransport {
  readonly opus = null;
  private readonly ports: PortPair;
  private readonly local: { family: string; port: number; rtcpPort: number };
  private readonly publicAddress: string;
  private readonly receiver: MediaReceiver;
  private readonly session = { id: randomInt(2 ** 31), version: 1 };
  private readonly security = new MediaSecurity();
  private agreed: Agreed | null = null;
  private lastSdp = '';

  constructor(ports: PortPair, publicAddress: string, receiver: MediaReceiver) {
    this.ports = ports;
    const { family, port } = ports.rtp.address();
    this.local = { family, port, rtcpPort: ports.rtcp.address().port };
    this.publicAddress = publicAddress;
    this.receiver = receiver;
    ports.rtp.on('message', (data, peer) => this.take(data, peer, false));
    ports.rtcp.on('message', (data, peer) => this.take(data, peer, true));
  }

  offer(srtp?: SrtpPolicy): string {
    const { agreed } = this;
    const codecs = agreed ? [agreed.codec, ...spoken.filter((codec) => codec !== agreed.codec)] : spoken;
    const security = this.security.offer(srtp);
    return this.describe(codecs, 'sendrecv', security, (local) => buildOffer(local));
  }

  accept(remoteSdp: string, from?: string, srtp?: SrtpPolicy): string {
    const remote = parseSdp(remoteSdp, (secured) => this.security.suits(secured, srtp));
    const agreement = this.agreement(remote, from);
    const security = this.security.answer(remote.audio.security, srtp, this.agreed?.rtp !== agreement.rtp);
    this.agreed = agreement;
    const { codec, audio } = agreement;
    return this.describe([codec], answerTo(audio.direction), security, (local) => buildAnswer(local, remote));
  }

  applyAnswer(remoteSdp: string, from?: string, srtp?: SrtpPolicy): void {
    const remote = parseSdp(remoteSdp, (secured) => this.security.suits(secured, srtp));
    const agreement = this.agreement(remote, from);
    this.security.answered(remote.audio.security, srtp);
    this.agreed = agreement;
  }

  renegotiate(remoteSdp: string, from?: string): { sdp: string; held: boolean } {
    const sdp = this.accept(remoteSdp, from);
    return { sdp, held: !this.farEndListens() };
  }

  get sending(): { codec: Codec; telephoneEvent: number | null } | null {
    const { agreed } = this;
    return agreed && this.farEndListens() ? { codec: agreed.codec, telephoneEvent: agreed.audio.telephoneEvent } : null;
  }

  /** A far end that put us on hold may send music or nothing. */
  get receiving(): boolean {
    return this.agreed !== null && this.agreed.audio.direction === 'sendrecv';
  }

  /** The answerer may use another number than we offered, and so may we (RFC 3264 §5.1). */
  isTelephoneEvent(payloadType: number): boolean {
    return payloadType === ourTelephoneEvent || payloadType === this.agreed?.audio.telephoneEvent;
  }

  send(packet: Buffer): void {
    if (this.agreed) sendTo(this.ports.rtp, this.security.protect(packet), this.agreed.rtp);
  }

  sendControl(clear: Buffer): void {
    if (!this.agreed) return;
    const packet = this.security.protectControl(clear);
    if (this.agreed.rtcp) sendTo(this.ports.rtcp, packet, this.agreed.rtcp);
    else sendTo(this.ports.rtp, packet, this.agreed.rtp);
  }

  close(): void {
    this.agreed = null;
    this.ports.rtp.close();
    this.ports.rtcp.close();
  }

  private farEndListens(): boolean {
    const direction = this.agreed?.audio.direction;
    return direction === 'sendrecv' || direction === 'recvonly';
  }

  private agreement(remote: RemoteDescription, from: string | undefined): Agreed {
    const { audio } = remote;
    const codec = chosenOf(audio.codecs);
    if (!codec) throw new BadSdp('no common codec');
    if (`IPv${isIP(audio.address)}` !== this.local.family) throw new BadSdp(`cannot reach ${audio.address}`);
    const before = this.agreed;
    const isSamePlace =
      before?.audio.address === audio.address &&
      before.audio.port === audio.port &&
      before.audio.rtcp === audio.rtcp &&
      before.from === from;
    const latches = isSamePlace
      ? { rtp: before.rtp, rtcp: before.rtcp }
      : {
          rtp: new Latch({ address: audio.address, port: audio.port }, from),
          rtcp: audio.rtcp === 'mux' ? null : new Latch({ address: audio.address, port: audio.rtcp }, from),
        };
    return { audio, codec, from, ...latches };
  }

  /** RFC 3264 §8: the version rises by one with every description that differs from the one before. */
  private describe(
    codecs: Codec[],
    direction: Direction,
    security: { profile: string; lines: string[] },
    build: (local: Parameters<typeof buildOffer>[0]) => string,
  ): string {
    const render = () =>
      build({
        address: this.publicAddress,
        port: this.local.port,
        rtcpPort: this.local.rtcpPort,
        codecs,
        telephoneEvent: this.agreed ? this.agreed.audio.telephoneEvent : ourTelephoneEvent,
        direction,
        security,
        rtcpMux: this.agreed?.audio.rtcp === 'mux',
        session: this.session,
      });
    if (this.lastSdp !== '' && render() !== this.lastSdp) this.session.version += 1;
    this.lastSdp = render();
    return this.lastSdp;
  }

  private isKnown(payloadType: number): boolean {
    return codecOf(payloadType) !== null || payloadType === comfortNoiseType || this.isTelephoneEvent(payloadType);
  }

  private take(data: Buffer, peer: { address: string; port: number }, isControlPort: boolean): void {
    const { agreed } = this;
    if (!agreed) return;
    const now = performance.now();
    if (isRtcp(data)) {
      const latch = isControlPort ? agreed.rtcp : agreed.rtp;
      const clear = latch ? this.security.unprotectControl(data) : null;
      if (clear && latch?.accepts(peer.address, peer.port, now)) this.receiver.control(clear, now);
    } else if (!isControlPort) {
      const clear = this.security.unprotect(data); // before the latch: what is not authentic decides nothing
      const packet = clear && parseRtp(clear);
      if (packet && this.isKnown(packet.payloadType) && agreed.rtp.accepts(peer.address, peer.port, now))
        this.receiver.packet(packet, now);
    }
  }
}

function sendTo(socket: Socket, packet: Buffer, latch: Latch): void {
  const { port, address } = latch.target;
  socket.send(packet, port, address);
}
