import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { InboundCall } from './inbound-call.ts';
import { BadMessage } from './message.ts';
import { parseMessage } from './parse.ts';
import { spoiltMessages } from './spoilt.fixture.ts';
import { stampSource } from './transport.ts';
import { agentOn, PaperMedia, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('spoilt messages are refused or served, and a while later nothing of them is left', async () => {
  const wire = new Wire('UDP');
  wire.send = () => undefined;
  const errors: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (facts: object) => void errors.push(facts) };
  const { agent, calls, hear } = agentOn(wire, { maxCalls: 1_000_000, log });
  let read = 0;
  for (const text of spoiltMessages(12_000)) {
    try {
      const message = parseMessage(Buffer.from(text));
      hear(message.kind === 'request' ? stampSource(message, wire) : message);
      read++;
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
    }
  }
  // Enough of them are good enough to get far; what is refused at the door tries nothing behind it.
  expect(read).toBeGreaterThan(2_000);
  expect(calls.length).toBeGreaterThan(300);
  for (const [n, call] of calls.entries()) {
    if (n % 3 === 0) answer(call);
    else if (n % 3 === 1) call.ring(null);
    else call.refuse(486, { reason: 'busy', by: 'server' });
  }
  await vi.advanceTimersByTimeAsync(1_000);
  for (const call of calls) call.hangup({ reason: 'hangup', by: 'server' });
  await vi.advanceTimersByTimeAsync(200_000);
  expect(errors).toEqual([]);
  expect(agent.usage).toEqual({ calls: 0, dialogs: 0, transactions: 0, inviting: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

/** As the owner of calls does it. */
function answer(call: InboundCall): void {
  try {
    call.answer(new PaperMedia());
  } catch {
    call.refuse(488, { reason: 'error', by: 'engine' }); // no description that could be used
  }
}
