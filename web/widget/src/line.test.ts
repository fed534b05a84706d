import type { ToVisitor } from '@kernlijn/contract/chat';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { Line } from './line.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

function listen(port = 0): Promise<{ server: WebSocketServer; port: number }> {
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  closing.push(() => server.close());
  return new Promise((resolve) =>
    server.on('listening', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : 0 });
    }),
  );
}

function lineTo(port: number) {
  const seen: string[] = [];
  const frames: ToVisitor[] = [];
  const line = new Line(`ws://127.0.0.1:${port}/api/chat/socket`, {
    up: () => seen.push('up'),
    down: () => seen.push('down'),
    frame: (frame) => frames.push(frame),
  });
  closing.push(() => line.close());
  return { line, seen, frames };
}

test('frames arrive in order and what is no frame is ignored', async () => {
  const { server, port } = await listen();
  server.on('connection', (socket) => {
    for (const data of [
      '{"is":"welcome","state":"waiting","agentName":null}',
      'nonsense',
      '{"is":"typing","name":"Sanne"}',
    ])
      socket.send(data);
  });
  const { frames } = lineTo(port);
  await vi.waitFor(() => expect(frames.map((frame) => frame.is)).toEqual(['welcome', 'typing']));
});

test('a lost connection is reported and opened again', async () => {
  const { server, port } = await listen();
  const { line, seen } = lineTo(port);
  await vi.waitFor(() => expect(seen).toEqual(['up']));
  for (const socket of server.clients) socket.terminate();
  await vi.waitFor(() => expect(seen).toEqual(['up', 'down', 'up']), { timeout: 5_000 });
  expect(line.send({ is: 'ping' })).toBe(true);
});

test('while there is no server it keeps trying, and says that nothing is sent', async () => {
  const { server, port } = await listen();
  const { line, seen } = lineTo(port);
  await vi.waitFor(() => expect(seen).toEqual(['up']));
  server.close();
  for (const socket of server.clients) socket.terminate();
  await vi.waitFor(() => expect(seen.filter((each) => each === 'down').length).toBeGreaterThan(1), { timeout: 5_000 });
  expect(line.send({ is: 'ping' })).toBe(false);
  await listen(port);
  await vi.waitFor(() => expect(seen.at(-1)).toBe('up'), { timeout: 10_000 });
});

test('a server that drops every connection without a word is asked less and less often', async () => {
  const tries: number[] = [];
  const server: Server = createServer((socket) => {
    tries.push(Date.now());
    socket.destroy();
  });
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  lineTo(typeof address === 'object' && address !== null ? address.port : 0);
  await vi.waitFor(() => expect(tries.length).toBeGreaterThanOrEqual(4), { timeout: 10_000 });
  const pauses = tries.slice(1).map((time, at) => time - (tries[at] ?? 0));
  // Pauses double and are spread by a half: the third is longer than the first even at the edges.
  expect(pauses[2]).toBeGreaterThan(pauses[0] ?? Infinity);
});

test('closed for good, it opens nothing any more', async () => {
  const { server, port } = await listen();
  const { line, seen } = lineTo(port);
  await vi.waitFor(() => expect(seen).toEqual(['up']));
  line.close();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  line.tryNow();
  expect(seen).toEqual(['up']);
});
