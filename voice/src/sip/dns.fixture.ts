/** A name server on this machine, for tests: answers from a table over UDP (RFC 1035), and may be silent. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';

type Answer =
  | { type: 'A'; ttl: number; address: string }
  | { type: 'SRV'; ttl: number; priority: number; weight: number; port: number; name: string }
  | { type: 'NAPTR'; ttl: number; order: number; preference: number; service: string; replacement: string };

const types = { A: 1, SRV: 33, NAPTR: 35 } as const;

export class NameServer {
  /** By name. */
  readonly zone = new Map<string, Answer[]>();
  /** Every question, as `SRV _sip._udp.example.org`. */
  readonly asked: string[] = [];
  isSilent = false;
  private readonly socket: Socket = createSocket('udp4');

  async resolver(): Promise<Resolver> {
    this.socket.on('message', (query, from) => {
      const answer = this.answer(query);
      if (answer) this.socket.send(answer, from.port, from.address);
    });
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    const resolver = new Resolver({ timeout: 200, tries: 1 });
    resolver.setServers([`127.0.0.1:${this.socket.address().port}`]);
    return resolver;
  }

  close(): void {
    this.socket.close();
  }

  private answer(query: Buffer): Buffer | null {
    let end = 12;
    while (query[end] !== 0 && end < query.length) end += (query[end] ?? 0) + 1;
    const question = query.subarray(12, end + 5);
    const name = labels(question);
    const type = query.readUInt16BE(end + 1);
    const kind = Object.entries(types).find(([, number]) => number === type)?.[0] ?? String(type);
    this.asked.push(`${kind} ${name}`);
    if (this.isSilent) return null;
    const found = (this.zone.get(name) ?? []).filter((one) => types[one.type] === type);
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(found.length === 0 && !this.zone.has(name) ? 0x8183 : 0x8180, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(found.length, 6);
    return Buffer.concat([head, question, ...found.map(record)]);
  }
}

function labels(question: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; question[at] !== 0; at += (question[at] ?? 0) + 1)
    parts.push(question.toString('latin1', at + 1, at + 1 + (question[at] ?? 0)));
  return parts.join('.').toLowerCase();
}

function encoded(name: string): Buffer {
  return Buffer.concat([...name.split('.').map(text), Buffer.alloc(1)]);
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}

function numbers(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => buffer.writeUInt16BE(value, at * 2));
  return buffer;
}

function record(answer: Answer): Buffer {
  const data =
    answer.type === 'A'
      ? Buffer.from(answer.address.split('.').map(Number))
      : answer.type === 'SRV'
        ? Buffer.concat([numbers(answer.priority, answer.weight, answer.port), encoded(answer.name)])
        : Buffer.concat([
            numbers(answer.order, answer.preference),
            text('s'),
            text(answer.service),
            text(''),
            encoded(answer.replacement),
          ]);
  const head = numbers(0xc00c, types[answer.type], 1, 0, answer.ttl, data.length); // the name of the question again
  return Buffer.concat([head, data]);
}
