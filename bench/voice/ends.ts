/** The two kinds of far ends that speak in the benchmarks, and what they heard of each other. */
import { createSocket } from 'node:dgram';
import nodeDataChannel from 'node-datachannel';
import { buildRtp } from '../../voice/src/rtp/packet.ts';

export interface End {
  /** What the relay has to know: a UDP port, or an SDP offer. */
  readonly introduction: string | number;
  /** What the relay said to it. */
  meet(answer: string | number): void;
  isConnected(): boolean;
  send(packet: Buffer): void;
  close(): void;
}

const payloadBytes = 160;
const headerBytes = 12;

/** Sent by one end, arrived at the other: delays in milliseconds. The payload carries the time of sending. */
export class Tally {
  sent = 0;
  readonly delays: number[] = [];

  next(sequence: number): Buffer {
    this.sent += 1;
    const payload = Buffer.alloc(payloadBytes);
    payload.writeDoubleBE(performance.now(), 0);
    return buildRtp({
      payloadType: 0,
      marker: false,
      sequence: sequence & 0xffff,
      timestamp: (sequence * payloadBytes) >>> 0,
      ssrc: 1,
      payload,
    });
  }

  arrived(packet: Buffer): void {
    const sentAt = packet.length === headerBytes + payloadBytes ? packet.readDoubleBE(headerBytes) : 0;
    if (sentAt > 1 && sentAt <= performance.now()) this.delays.push(performance.now() - sentAt); // else silence of the relay's own
  }

  get loss(): number {
    return 1 - this.delays.length / Math.max(1, this.sent);
  }

  percentile(share: number): number {
    return this.delays.toSorted((a, b) => a - b)[Math.floor(this.delays.length * share)] ?? Number.NaN;
  }
}

export async function openTelephone(tally: Tally): Promise<End> {
  const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  let port = 0;
  socket.on('message', (data) => tally.arrived(data));
  return {
    introduction: socket.address().port,
    meet: (answer) => (port = Number(answer)),
    isConnected: () => port !== 0,
    send: (packet) => socket.send(packet, port, '127.0.0.1'),
    close: () => socket.close(),
  };
}

export async function openBrowser(tally: Tally): Promise<End> {
  const connection = new nodeDataChannel.PeerConnection('bench', { iceServers: [], bindAddress: '127.0.0.1' });
  const audio = new nodeDataChannel.Audio('0', 'SendRecv');
  audio.addAudioCodec(0, 'PCMU');
  audio.addSSRC(1, 'bench', 'bench', 'bench');
  const track = connection.addTrack(audio);
  track.onMessage((data) => tally.arrived(data));
  let isConnected = false;
  connection.onStateChange((state) => (isConnected = state === 'connected'));
  const gathered = new Promise<void>((resolve) =>
    connection.onGatheringStateChange((state) => state === 'complete' && resolve()),
  );
  connection.setLocalDescription('offer');
  await gathered;
  return {
    introduction: connection.localDescription()?.sdp ?? '',
    meet: (answer) => connection.setRemoteDescription(String(answer), 'answer'),
    isConnected: () => isConnected,
    send: (packet) => void (track.isOpen() && track.sendMessageBinary(packet)),
    close: () => {
      track.close();
      connection.close();
    },
  };
}
