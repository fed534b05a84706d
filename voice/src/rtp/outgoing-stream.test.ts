import { expect, test } from 'vitest';
import { OutgoingStream } from './outgoing-stream.ts';
import { parseRtp } from './packet.ts';
import type { RtpPacket } from './packet.ts';

const payload = Buffer.alloc(160, 0xd5);

function recorded() {
  const sent: RtpPacket[] = [];
  const stream = new OutgoingStream((data) => {
    const packet = parseRtp(data);
    if (packet) sent.push(packet);
  });
  return { stream, sent };
}

function incoming(sequence: number, timestamp = sequence * 160, ssrc = 77): RtpPacket {
  return { payloadType: 8, marker: false, sequence: sequence & 0xffff, timestamp: timestamp >>> 0, ssrc, payload };
}

function steps(sent: RtpPacket[]) {
  return sent.slice(1).map((packet, i) => {
    const before = sent[i] ?? packet;
    return [(packet.sequence - before.sequence) & 0xffff, (packet.timestamp - before.timestamp) >>> 0];
  });
}

test('numbers go on through changes of source, and each change is marked', () => {
  const { stream, sent } = recorded();
  const music = {};
  const caller = {};
  for (let tick = 0; tick < 4; tick++) stream.frame(music, 8, payload, tick, tick * 20 + (tick % 2));
  for (let i = 4; i < 8; i++) stream.forward(caller, incoming(65000 + i), true, 8, payload, i * 20 + 7);
  for (let tick = 8; tick < 12; tick++) stream.frame(music, 8, payload, tick, tick * 20);
  expect(steps(sent)).toEqual(Array.from({ length: 11 }, () => [1, 160]));
  expect(sent.map((p) => p.marker)).toEqual([
    true,
    false,
    false,
    false,
    true,
    false,
    false,
    false,
    true,
    false,
    false,
    false,
  ]);
  expect(new Set(sent.map((p) => p.ssrc)).size).toBe(1);
});

test('time without packets shows in the timestamps, not in the sequence', () => {
  const { stream, sent } = recorded();
  stream.frame({}, 8, payload, 0, 0);
  stream.frame({}, 8, payload, 10, 203);
  expect(steps(sent)).toEqual([[1, 1600]]);
});

test('loss and disorder of a relayed leg are passed on as they are, across the wrap', () => {
  const { stream, sent } = recorded();
  const order = [65533, 65534, 65537, 65536, 65538];
  order.forEach((n, i) => stream.forward(order, incoming(n, n * 160), true, 8, payload, i * 20));
  const [first] = sent;
  expect(sent.map((p) => (p.sequence - (first?.sequence ?? 0)) & 0xffff)).toEqual([0, 1, 4, 3, 5]);
  expect(sent.map((p) => (p.timestamp - (first?.timestamp ?? 0)) >>> 0)).toEqual([0, 160, 640, 480, 800]);
});

test('a relayed leg is followed for longer than its sequence numbers last', () => {
  const { stream, sent } = recorded();
  for (let i = 0; i < 70_000; i++) stream.forward(sent, incoming(i), true, 8, payload, i * 20);
  expect(steps(sent).every(([sequence, timestamp]) => sequence === 1 && timestamp === 160)).toBe(true);
  expect(sent.filter((p) => p.marker)).toHaveLength(1);
});

test('a packet from before the switch does not take a number that was used', () => {
  const { stream, sent } = recorded();
  const caller = {};
  stream.frame({}, 8, payload, 0, 0);
  stream.forward(caller, incoming(10), true, 8, payload, 20);
  stream.forward(caller, incoming(9), true, 8, payload, 21);
  expect(sent).toHaveLength(2);
});

test('a far end that begins anew is a new source', () => {
  const { stream, sent } = recorded();
  const caller = {};
  stream.forward(caller, incoming(10), true, 8, payload, 0);
  stream.forward(caller, incoming(30_000, 5), true, 8, payload, 20);
  stream.forward(caller, incoming(30_001, 165, 78), true, 8, payload, 40);
  stream.forward(caller, incoming(30_002, 4_000_000, 78), true, 8, payload, 60);
  expect(steps(sent)).toEqual([
    [1, 160],
    [1, 160],
    [1, 160],
  ]);
  expect(sent.every((p) => p.marker)).toBe(true);
});

test('all packets of an event bear one timestamp, and audio goes on behind it', () => {
  const { stream, sent } = recorded();
  const silence = {};
  stream.frame(silence, 8, payload, 0, 0);
  for (let i = 0; i < 8; i++) stream.event(101, Buffer.alloc(4), i === 0, 20 + i * 20);
  stream.frame(silence, 8, payload, 9, 180);
  expect(steps(sent).map(([, timestamp]) => timestamp)).toEqual([160, 0, 0, 0, 0, 0, 0, 0, 160 * 8]);
  expect(steps(sent).every(([sequence]) => sequence === 1)).toBe(true);
});

test('a long relayed event stays one event', () => {
  const { stream, sent } = recorded();
  for (let i = 0; i < 150; i++) stream.forward(sent, incoming(i, 800), false, 101, Buffer.alloc(4), i * 20);
  expect(new Set(sent.map((p) => p.timestamp)).size).toBe(1);
  expect(sent.filter((p) => p.marker)).toHaveLength(1);
});
