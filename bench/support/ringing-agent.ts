/** An agent's telephone that is always busy: it says when it was rung. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface RingingAgent {
  port: number;
  /** The moment at which the next INVITE for it arrives, in ms since the epoch. */
  rung(): Promise<number>;
  close(): void;
}

export async function ringingAgent(): Promise<RingingAgent> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const waiting: ((at: number) => void)[] = [];
  const seen = new Set<string>();
  socket.on('message', (data, { port }) => {
    const at = performance.timeOrigin + performance.now();
    const text = data.toString();
    const method = text.slice(0, text.indexOf(' '));
    if (method !== 'INVITE' && method !== 'OPTIONS' && method !== 'CANCEL' && method !== 'BYE') return;
    const callId = /^Call-ID: *(\S+)/im.exec(text)?.[1] ?? '';
    const copied = text.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
    const tagged = copied.map((line) => (/^to:/i.test(line) && !line.includes(';tag=') ? `${line};tag=agent` : line));
    const status = method === 'INVITE' ? '486 Busy Here' : '200 OK';
    socket.send([`SIP/2.0 ${status}`, ...tagged, 'Content-Length: 0', '', ''].join('\r\n'), port, '127.0.0.1');
    if (method !== 'INVITE' || seen.has(callId)) return;
    seen.add(callId);
    waiting.shift()?.(at);
  });
  return {
    port: socket.address().port,
    rung: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => socket.close(),
  };
}
