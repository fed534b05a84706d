/** A telephone of a few lines: plain SIP over UDP (RFC 3261), one call at a time, that says and hears PCMU (RFC 3551). */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { buildRtp, parseRtp } from '../../voice/src/rtp/packet.ts';

export interface Ringing {
  /** When the INVITE left and its 100 and 200 came, in ms since the epoch. */
  invitedAt: number;
  trying: Promise<number>;
  answered: Promise<number>;
  hangUp(): Promise<void>;
}

const packetMs = 20;
/** Bytes and samples of a packet at 8 kHz. */
const packetSize = 160;

export class SipCaller {
  /** Called with the µ-law bytes of every packet that comes in. */
  onSound: (payload: Buffer) => void = () => {};
  readonly #sip: Socket;
  readonly #rtp: Socket;
  readonly #server: number;
  #onResponse: (text: string, at: number) => void = () => {};

  static async open(sipPort: number): Promise<SipCaller> {
    const [sip, rtp] = await Promise.all([bound(), bound()]);
    return new SipCaller(sip, rtp, sipPort);
  }

  private constructor(sip: Socket, rtp: Socket, server: number) {
    this.#sip = sip;
    this.#rtp = rtp;
    this.#server = server;
    sip.on('message', (data) => this.#heard(data.toString(), Date.now()));
    rtp.on('message', (data) => {
      const packet = parseRtp(data);
      if (packet !== null) this.onSound(packet.payload);
    });
  }

  /** @param sound a packet of µ-law that is said over and over from the answer on */
  ring(from: string, to: string, sound: Buffer | null = null): Ringing {
    const port = this.#sip.address().port;
    const [callId, tag, branch] = [token(), token(), token()];
    const target = `sip:${to}@127.0.0.1:${this.#server}`;
    const request = (method: string, uri: string, sequence: number, via: string, toTag: string, body = '') =>
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${via};rport`,
        'Max-Forwards: 70',
        `From: <sip:${from}@127.0.0.1>;tag=${tag}`,
        `To: <${target}>${toTag === '' ? '' : `;tag=${toTag}`}`,
        `Call-ID: ${callId}`,
        `CSeq: ${sequence} ${method}`,
        `Contact: <sip:${from}@127.0.0.1:${port}>`,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n');
    const send = (text: string) => this.#sip.send(text, this.#server, '127.0.0.1');
    const [trying, answer, over] = [
      Promise.withResolvers<number>(),
      Promise.withResolvers<number>(),
      Promise.withResolvers<void>(),
    ];
    answer.promise.catch(() => {}); // told to whoever awaits it
    let [contact, toTag] = ['', ''];
    const talking = new AbortController();
    this.#onResponse = (text, at) => {
      const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1]);
      const method = /^CSeq: *\d+ +(\w+)/im.exec(text)?.[1];
      if (!text.includes(callId)) return;
      if (method === 'BYE' && status >= 200) return over.resolve();
      if (method !== 'INVITE') return;
      if (status === 100) trying.resolve(at);
      if (status > 299) answer.reject(new Error(text.split('\r\n')[0]));
      if (status < 200 || status > 299) return;
      contact = /^Contact: *<([^>]+)>/im.exec(text)?.[1] ?? target;
      toTag = /^To:.*;tag=([^;\r\n]+)/im.exec(text)?.[1] ?? '';
      send(request('ACK', contact, 1, token(), toTag));
      answer.resolve(at);
      const media = Number(/^m=audio (\d+)/m.exec(text)?.[1]);
      if (sound !== null) void this.#say(sound, media, talking.signal);
    };
    const invitedAt = Date.now();
    send(request('INVITE', target, 1, branch, '', this.#offer()));
    return {
      invitedAt,
      trying: trying.promise,
      answered: answer.promise,
      hangUp: async () => {
        await answer.promise;
        talking.abort();
        send(request('BYE', contact, 2, token(), toTag));
        await over.promise;
      },
    };
  }

  close(): void {
    this.#sip.close();
    this.#rtp.close();
  }

  #heard(text: string, at: number): void {
    if (text.startsWith('SIP/2.0')) return this.#onResponse(text, at);
    // A request of theirs: a BYE that crosses ours, for instance. Whatever it is, it is fine.
    const copied = text.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
    this.#sip.send(['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n'), this.#server, '127.0.0.1');
  }

  #offer(): string {
    const port = this.#rtp.address().port;
    const lines = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${port} RTP/AVP 0`,
    ];
    return [...lines, 'a=rtpmap:0 PCMU/8000', `a=ptime:${packetMs}`, 'a=sendrecv', ''].join('\r\n');
  }

  async #say(payload: Buffer, port: number, signal: AbortSignal): Promise<void> {
    for (let sequence = 0; !signal.aborted; sequence++) {
      const packet = {
        payloadType: 0,
        marker: sequence === 0,
        sequence: sequence & 0xffff,
        timestamp: sequence * packetSize,
        ssrc: 1,
      };
      this.#rtp.send(buildRtp({ ...packet, payload }), port, '127.0.0.1');
      await pause(packetMs);
    }
  }
}

const token = (): string => randomBytes(8).toString('hex');

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
