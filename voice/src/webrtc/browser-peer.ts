/**
 * The browser of an agent as a leg's transport: ICE, DTLS and SRTP by node-datachannel, packets in and out as plain
 * RTP. It is connected once, at sign-in; calls only change what is sent, so answering needs no ICE and no DTLS.
 */
import { performance } from 'node:perf_hooks';
import nodeDataChannel from 'node-datachannel';
import type { PeerConnection, Track } from 'node-datachannel';
import { BadSdp } from '../rtp/bad-sdp.ts';
import { lawOf } from '../rtp/g711.ts';
import { isRtcp, parseRtp } from '../rtp/packet.ts';
import { OutOfPorts } from '../rtp/ports.ts';
import type { MediaReceiver, MediaTransport } from '../rtp/transport.ts';
import { completeAnswer, readOffer } from './browser-sdp.ts';
import type { BrowserOffer } from './browser-sdp.ts';

export interface BrowserPeerOptions {
  bindAddress: string;
  publicAddress: string;
  portMin: number;
  portMax: number;
  ssrc: number;
  cname: string;
}

export interface BrowserPeerEvents {
  connected(): void;
  /** ICE failed, or the far end said goodbye. Not called for our own `close`. */
  disconnected(): void;
}

/** The answer is complete when it is ready: no candidates trickle after it. @throws BadSdp, OutOfPorts */
export async function openBrowserPeer(
  offerSdp: string,
  options: BrowserPeerOptions,
  receiver: MediaReceiver,
  events: BrowserPeerEvents,
): Promise<{ transport: MediaTransport; answer: string }> {
  const offer = readOffer(offerSdp);
  const connection = new nodeDataChannel.PeerConnection(options.cname, {
    iceServers: [],
    ...(options.bindAddress === '0.0.0.0' || options.bindAddress === '::' ? {} : { bindAddress: options.bindAddress }),
    ...(options.portMin === 0 ? {} : { portRangeBegin: options.portMin, portRangeEnd: options.portMax }),
  });
  const transport = new BrowserTransport(connection, offer, options, receiver, events);
  try {
    const answer = completeAnswer(await answerTo(connection, offer), offer, options.publicAddress);
    return { transport, answer };
  } catch (error) {
    transport.close();
    if (error instanceof BadSdp) throw error;
    if (/gather/.test(String(error))) throw new OutOfPorts(`${options.portMin}–${options.portMax}`);
    throw new BadSdp(`the browser's offer: ${String(error)}`);
  }
}

/** Host addresses are there at once; nobody is asked for others. */
const gatheringTimeoutMs = 5000;

class BrowserTransport implements MediaTransport {
  readonly sending: { codec: BrowserOffer['law']; telephoneEvent: number | null };
  /** From the answer on: a browser that never connects is as gone as one that falls silent. */
  readonly receiving = true;
  readonly opus: number | null;
  private readonly connection: PeerConnection;
  private readonly track: Track;
  private open = false;
  private closed = false;

  constructor(
    connection: PeerConnection,
    offer: BrowserOffer,
    options: BrowserPeerOptions,
    receiver: MediaReceiver,
    events: BrowserPeerEvents,
  ) {
    this.connection = connection;
    this.opus = offer.opus;
    this.sending = { codec: offer.law, telephoneEvent: offer.telephoneEvent };
    // The track that `addTrack` gives has to be kept: without a reference it is collected and falls silent.
    this.track = connection.addTrack(describeAudio(offer, options));
    this.track.onMessage((data) => this.take(data, receiver));
    // Does nothing, but only a closed track that has this handler is let go of, and with it the process at its end.
    this.track.onClosed(() => {});
    connection.onStateChange((state) => {
      if (this.closed) return;
      this.open = state === 'connected';
      if (state === 'connected') events.connected();
      if (state === 'failed' || state === 'closed' || state === 'disconnected') events.disconnected();
    });
  }

  isTelephoneEvent(payloadType: number): boolean {
    return payloadType === this.sending.telephoneEvent;
  }

  send(packet: Buffer): void {
    if (!this.open) return;
    try {
      this.track.sendMessageBinary(packet);
    } catch {
      // Closed by the far end, which the native threads know before we are told.
    }
  }

  sendControl(packet: Buffer): void {
    this.send(packet); // told apart by its packet type (RFC 5761)
  }

  close(): void {
    this.closed = true;
    this.open = false;
    this.track.close();
    this.connection.close();
  }

  private take(data: Buffer, receiver: MediaReceiver): void {
    if (this.closed) return;
    const now = performance.now();
    if (isRtcp(data)) {
      receiver.control(data, now);
      return;
    }
    const packet = parseRtp(data);
    if (!packet) return;
    const { payloadType } = packet;
    if (lawOf(payloadType) !== null || payloadType === this.opus || this.isTelephoneEvent(payloadType))
      receiver.packet(packet, now);
  }
}

function describeAudio(offer: BrowserOffer, options: BrowserPeerOptions) {
  const audio = new nodeDataChannel.Audio(offer.mid, 'SendRecv');
  audio.addAudioCodec(offer.law === 'PCMU' ? 0 : 8, offer.law);
  if (offer.opus !== null) audio.addAudioCodec(offer.opus, 'opus');
  if (offer.telephoneEvent !== null) audio.addAudioCodec(offer.telephoneEvent, 'telephone-event');
  audio.addSSRC(options.ssrc, options.cname, 'kernlijn', 'voice');
  return audio;
}

async function answerTo(connection: PeerConnection, offer: BrowserOffer): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  connection.onGatheringStateChange((state) => {
    if (state === 'complete') resolve(connection.localDescription()?.sdp ?? '');
  });
  connection.setRemoteDescription(offer.sdp, 'offer');
  const timer = setTimeout(() => reject(new BadSdp('no answer was made in time')), gatheringTimeoutMs);
  return promise.finally(() => clearTimeout(timer));
}
