/**
 * Calls through any SIP peer, from both sides: each number is dialled at the peer, which has to call `number@us` and
 * connect the two. Both ends are here, so that a packet's delay is told by one clock. Plain SIP over UDP, PCMU.
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { buildRtp, parseRtp } from '../../voice/src/rtp/packet.ts';
import { silent, stamped, StampReader } from './stamp.ts';

export interface Peer {
  host: string;
  port: number;
}

interface End {
  number: string;
  socket: Socket;
  ssrc: number;
  /** Where the peer wants our packets; known once it is answered. */
  remotePort: number | null;
  speaks: boolean;
  sequence: number;
  reader: StampReader;
}

const address = '127.0.0.1';
const framesPerSecond = 50;
const token = () => randomBytes(6).toString('hex');

export class Load {
  readonly delays: number[] = [];
  sent = 0;
  private readonly peer: Peer;
  private readonly sip: Socket;
  private readonly ends: End[] = [];
  private readonly answered = new Map<string, () => void>();
  private readonly responses = new Map<string, (text: string) => void>();
  private readonly dialogs = new Map<string, string>();
  private readonly goodbyes: (() => void)[] = [];
  private isMeasuring = false;

  static async open(peer: Peer): Promise<Load> {
    return new Load(peer, await bound());
  }

  private constructor(peer: Peer, sip: Socket) {
    this.peer = peer;
    this.sip = sip;
    sip.on('message', (data, from) => this.heard(data.toString(), from.port));
  }

  get sipPort(): number {
    return this.sip.address().port;
  }

  /** Dials a number; resolves when both ends are up. Who speaks says when; the others send silence. */
  async call(number: string, speaks: { caller: boolean; callee: boolean }): Promise<void> {
    const callee = this.awaited(number, speaks.callee);
    const caller = await this.end(`${number} caller`, speaks.caller);
    const callId = token();
    let uri = `sip:${number}@${this.peer.host}:${this.peer.port}`;
    const request = (method: string, sequence: number, to: string, body: string) =>
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP ${address}:${this.sipPort};branch=z9hG4bK${callId}${method};rport`,
        'Max-Forwards: 70',
        `From: <sip:load@${address}>;tag=${callId}`,
        to,
        `Call-ID: ${callId}`,
        `CSeq: ${sequence} ${method}`,
        `Contact: <sip:load@${address}:${this.sipPort}>`,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    const to = `To: <sip:${number}@${this.peer.host}>`;
    const final = new Promise<string>((resolve) => this.responses.set(callId, resolve));
    const invite = request('INVITE', 1, to, this.describe(caller));
    this.say(invite, this.peer.port);
    const repeat = setInterval(() => this.say(invite, this.peer.port), 1000);
    const response = await final.finally(() => clearInterval(repeat));
    if (!response.startsWith('SIP/2.0 200 ')) throw new Error(`${number}: ${response.split('\r\n')[0]}`);
    caller.remotePort = mediaPort(response);
    uri = /^(?:contact|m):.*<([^>]+)>/im.exec(response)?.[1] ?? uri;
    const tagged = /^To:.*$/im.exec(response)?.[0] ?? to;
    this.say(request('ACK', 1, tagged, ''), this.peer.port);
    this.goodbyes.push(() => this.say(request('BYE', 2, tagged, ''), this.peer.port));
    await callee;
  }

  /** Resolves when the peer has called this number and is answered. */
  async awaited(number: string, speaks: boolean): Promise<void> {
    await this.end(number, speaks);
    await new Promise<void>((resolve) => this.answered.set(number, resolve));
  }

  /** Every end says 50 packets a second, taking turns within each 20 ms, as calls do. What the first seconds take is not counted. */
  async speak(warmUpSeconds: number, seconds: number): Promise<void> {
    const startedAt = performance.now();
    const { ends } = this;
    const total = (warmUpSeconds + seconds) * framesPerSecond * ends.length;
    const counted = warmUpSeconds * framesPerSecond * ends.length;
    for (let n = 0; n < total;) {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * framesPerSecond * ends.length));
      for (; n < due; n++) {
        if (n === counted) this.isMeasuring = true;
        const end = ends[n % ends.length];
        if (end) this.send(end);
      }
      await pause(1);
    }
    await pause(300);
  }

  percentile(share: number): number {
    return this.delays.toSorted((a, b) => a - b)[Math.floor(this.delays.length * share)] ?? Number.NaN;
  }

  async close(): Promise<void> {
    for (const hangUp of this.goodbyes) hangUp();
    await pause(1000);
    this.sip.close();
    for (const { socket } of this.ends) socket.close();
  }

  private async end(number: string, speaks: boolean): Promise<End> {
    const reader = new StampReader();
    const socket = await bound();
    const ssrc = randomBytes(4).readUInt32BE();
    const end: End = { number, socket, ssrc, remotePort: null, speaks, sequence: 0, reader };
    this.ends.push(end);
    socket.on('message', (data) => {
      const now = performance.now();
      const packet = this.isMeasuring ? parseRtp(data) : null;
      if (packet?.payloadType !== 0) return;
      const delay = reader.delay(packet.payload, now);
      if (delay !== null && delay >= 0 && delay < 10_000) this.delays.push(delay);
    });
    return end;
  }

  private send(end: End): void {
    if (end.remotePort === null) return;
    end.sequence += 1;
    if (end.speaks && this.isMeasuring) this.sent += 1;
    const packet = buildRtp({
      payloadType: 0,
      marker: end.sequence === 1,
      sequence: end.sequence & 0xffff,
      timestamp: end.sequence * 160,
      ssrc: end.ssrc,
      payload: end.speaks ? stamped(performance.now()) : silent,
    });
    end.socket.send(packet, end.remotePort, this.peer.host);
  }

  private describe(end: End): string {
    const { port } = end.socket.address();
    return `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\na=ptime:20\r\n`;
  }

  private heard(text: string, port: number): void {
    const callId = /^(?:call-id|i):\s*(\S+)/im.exec(text)?.[1] ?? '';
    if (text.startsWith('SIP/2.0')) {
      if (/^SIP\/2\.0 [2-6]/.test(text) && /^cseq:.*INVITE/im.test(text)) this.responses.get(callId)?.(text);
    } else if (!text.startsWith('ACK')) {
      const body = text.startsWith('INVITE') ? this.accept(text, callId) : '';
      this.say(responseTo(text, body, this.sipPort), port);
    }
  }

  /** Our answer to the peer's call; the same when it is asked again. */
  private accept(text: string, callId: string): string {
    const known = this.dialogs.get(callId);
    if (known !== undefined) return known;
    const number = /^INVITE sips?:([^@;>\s]+)@/.exec(text)?.[1] ?? '';
    const end = this.ends.find((one) => one.number === number && one.remotePort === null);
    if (!end) return '';
    end.remotePort = mediaPort(text);
    const answer = this.describe(end);
    this.dialogs.set(callId, answer);
    this.answered.get(number)?.();
    this.answered.delete(number);
    return answer;
  }

  private say(text: string, port: number): void {
    this.sip.send(text, port, this.peer.host);
  }
}

function responseTo(request: string, body: string, port: number): string {
  const kept = request.split('\r\n').filter((line) => /^(via|v|from|f|call-id|i|cseq|record-route):/i.test(line));
  const to = /^(?:to|t):.*$/im.exec(request)?.[0] ?? '';
  return [
    'SIP/2.0 200 OK',
    ...kept,
    /;tag=/.test(to) ? to : `${to};tag=load`,
    `Contact: <sip:load@${address}:${port}>`,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

function mediaPort(text: string): number {
  return Number(/^m=audio (\d+)/m.exec(text)?.[1] ?? 0);
}

async function bound(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) });
  const listening = once(socket, 'listening'); // which it may be before bind() returns
  socket.bind(0, address);
  await listening;
  return socket;
}
