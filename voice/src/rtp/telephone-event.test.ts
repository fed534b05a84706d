import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildEvent, DigitReceiver, DigitSender, parseEvent } from './telephone-event.ts';

function packet(timestamp: number, payload: Buffer) {
  return { payloadType: 101, marker: false, sequence: 0, timestamp, ssrc: 9, payload };
}

/** What a sender puts on the line, 20 ms a packet, with the timestamp of each event's beginning. */
function packetsOf(digits: string) {
  const sender = new DigitSender();
  sender.add(digits);
  const packets = [];
  let began = 0;
  for (let now = 0; sender.busy; now += 160) {
    const step = sender.next();
    if (step?.first) began = now;
    if (step) packets.push(packet(began, buildEvent(step.event)));
  }
  return packets;
}

test('each key press is heard once, also the same key twice', () => {
  const receiver = new DigitReceiver();
  const heard = packetsOf('0199*#ABCD').map((p) => receiver.hear(p));
  expect(heard.filter((digit) => digit !== null).join('')).toBe('0199*#ABCD');
});

test('an event ends in three packets with the end bit and the full duration', () => {
  const events = packetsOf('5').map((p) => parseEvent(p.payload));
  expect(events.map((e) => e?.duration)).toEqual([160, 320, 480, 640, 800, 800, 800, 800]);
  expect(events.map((e) => e?.end)).toEqual([false, false, false, false, false, true, true, true]);
});

test('any loss and doubling that leaves one packet of each press loses and doubles no digit', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 24, maxLength: 24 }), (copies) => {
      const packets = packetsOf('479');
      const survivors = packets.flatMap((p, i) => Array.from({ length: i % 8 === 4 ? 1 : (copies[i] ?? 1) }, () => p));
      const receiver = new DigitReceiver();
      const heard = survivors.map((p) => receiver.hear(p)).filter((digit) => digit !== null);
      expect(heard.join('')).toBe('479');
    }),
  );
});

test('an event longer than its duration field is one digit', () => {
  const receiver = new DigitReceiver();
  const event = { digit: '8', end: false };
  expect(receiver.hear(packet(0, buildEvent({ ...event, duration: 0xffff })))).toBe('8');
  expect(receiver.hear(packet(0xffff, buildEvent({ ...event, duration: 160 })))).toBeNull();
});

test('hostile payloads give a digit or nothing', () => {
  const receiver = new DigitReceiver();
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.uint8Array({ minLength: 1, maxLength: 8 }), (timestamp, bytes) => {
      expect(receiver.hear(packet(timestamp, Buffer.from(bytes))) ?? '0').toMatch(/^[0-9*#A-D]$/);
    }),
    { numRuns: 2000 },
  );
});
