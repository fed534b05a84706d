import { randomUUID } from 'node:crypto';
import type { FromServer, LiveEvent } from '@kernlijn/contract/live';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocketServer, type WebSocket as Peer } from 'ws';
import { LiveConnection } from './live.ts';

let server: WebSocketServer;
let peers: Peer[];
let heard: unknown[];
let stop: AbortController;
let welcome: number;

const changed = (): LiveEvent => ({
  type: 'customer.changed',
  body: { customerId: randomUUID(), clientId: randomUUID() },
});
const tell = (message: FromServer) => peers.at(-1)?.send(JSON.stringify(message));

beforeEach(async () => {
  [peers, heard, welcome, stop] = [[], [], 10, new AbortController()];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (peer) => {
    peers.push(peer);
    peer.on('message', (data) => heard.push(JSON.parse(Buffer.isBuffer(data) ? data.toString() : '')));
    peer.send(JSON.stringify({ is: 'welcome', seq: welcome }));
  });
});
afterEach(async () => {
  stop.abort();
  for (const peer of peers) peer.terminate();
  await new Promise((resolve) => server.close(resolve));
});

function open(options: Partial<ConstructorParameters<typeof LiveConnection>[0]> = {}) {
  const events: number[] = [];
  const startOver = vi.fn<() => void>();
  const address = server.address();
  const url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const live = new LiveConnection({
    url,
    seq: 7,
    onEvent: (_, seq) => events.push(seq),
    onWhisper: () => undefined,
    onStartOver: startOver,
    signal: stop.signal,
    firstRetryMs: 10,
    ...options,
  });
  return { live, events, startOver };
}

test('it says what it has, and is live once welcomed', async () => {
  const { live } = open();
  await vi.waitFor(() => expect(live.state.get()).toEqual({ is: 'live' }));
  await vi.waitFor(() => expect(heard).toEqual([{ is: 'resume', seq: 7 }]));
});

test('an event that is repeated is heard once; one that was overtaken is still heard', async () => {
  const { live, events } = open();
  await vi.waitFor(() => expect(peers).toHaveLength(1));
  const [eleven, nine] = [changed(), changed()];
  tell({ is: 'event', seq: 11, event: eleven });
  tell({ is: 'event', seq: 9, event: nine });
  tell({ is: 'event', seq: 11, event: eleven });
  tell({ is: 'event', seq: 12, event: changed() });
  await vi.waitFor(() => expect(events).toEqual([11, 9, 12]));
  expect(live.seq).toBe(12);
});

test('after a lost connection it comes back by itself and resumes from the last number', async () => {
  const { live } = open();
  const states: string[] = [];
  live.state.subscribe(() => states.push(live.state.get().is));
  await vi.waitFor(() => expect(peers).toHaveLength(1));
  tell({ is: 'event', seq: 42, event: changed() });
  await vi.waitFor(() => expect(live.seq).toBe(42));
  welcome = 50;
  peers[0]?.terminate();
  await vi.waitFor(() => expect(states).toContain('lost'));
  await vi.waitFor(() => expect(heard.at(-1)).toEqual({ is: 'resume', seq: 42 }), { timeout: 3_000 });
  await vi.waitFor(() => expect(live.state.get()).toEqual({ is: 'live' }));
});

test('a peer that has gone silent counts as lost', async () => {
  const { live } = open({ pingMs: 20, silenceMs: 60 });
  await vi.waitFor(() => expect(live.state.get().is).toBe('lost'), { timeout: 3_000 });
});

test('start-over asks for the snapshots again, and so does a server with another history', async () => {
  const { startOver } = open();
  await vi.waitFor(() => expect(peers).toHaveLength(1));
  tell({ is: 'start-over' });
  await vi.waitFor(() => expect(startOver).toHaveBeenCalledTimes(1));
  welcome = 3;
  peers[0]?.terminate();
  await vi.waitFor(() => expect(startOver).toHaveBeenCalledTimes(2), { timeout: 3_000 });
});

test('without a number to begin with it reads everything once the connection stands', async () => {
  const { live, startOver } = open({ seq: undefined });
  await vi.waitFor(() => expect(startOver).toHaveBeenCalledTimes(1));
  expect(live.seq).toBe(10);
  expect(heard).toEqual([]);
});

test('a message it does not understand makes it read the snapshots again', async () => {
  const { startOver } = open();
  await vi.waitFor(() => expect(peers).toHaveLength(1));
  peers[0]?.send('{"is":"news from the future"}');
  await vi.waitFor(() => expect(startOver).toHaveBeenCalledTimes(1));
});

test('once stopped it stays away', async () => {
  const { live } = open();
  await vi.waitFor(() => expect(live.state.get().is).toBe('live'));
  stop.abort();
  await vi.waitFor(() => expect(peers[0]?.readyState).toBe(3));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(peers).toHaveLength(1);
});
