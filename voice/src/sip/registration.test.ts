import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { header } from './message.ts';
import { agentOn, response, trunkAt, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const credentials = { user: 'kernlijn', password: 'a-secret' };

async function registering() {
  const wire = new Wire('TCP');
  const { agent, hear, trunkStates } = agentOn(wire, { trunk: trunkAt({ credentials, registers: true }) });
  await agent.listen();
  await vi.advanceTimersByTimeAsync(0);
  const state = () => trunkStates.at(-1);
  return { wire, agent, hear, state, trunkStates };
}
const challenge = ['WWW-Authenticate: Digest realm="trunk.example.org", nonce="n1"'];

test('it proves who it is, and is renewed before the time the trunk granted is over', async () => {
  const { wire, hear, state } = await registering();
  const first = wire.lastRequest();
  expect(first).toMatchObject({ method: 'REGISTER', uri: { user: '', host: '192.0.2.9', port: 5062 } });
  expect([header(first, 'expires'), first.from.uri, first.to.uri]).toMatchObject([
    '600',
    { user: 'kernlijn' },
    { user: 'kernlijn' },
  ]);
  hear(response(first, 401, { more: challenge }));
  const second = wire.lastRequest();
  expect(header(second, 'authorization')).toContain('username="kernlijn"');
  const contact = header(second, 'contact') ?? '';
  const elsewhere = '<sip:kernlijn@192.0.2.77>;expires=7200';
  expect(state()).toBeUndefined();
  const granted = response(second, 200);
  const listed = [elsewhere, `${contact};expires=300`].map((value) => ({ name: 'contact', value }));
  hear({ ...granted, headers: [...granted.headers.filter(({ name }) => name !== 'contact'), ...listed] });
  expect(state()).toEqual({ trunkId: 'main', state: 'registered', detail: '' });
  await vi.advanceTimersByTimeAsync(239_999);
  expect(wire.story).toBe('REGISTER REGISTER');
  await vi.advanceTimersByTimeAsync(1);
  expect(wire.lastRequest()).toMatchObject({ method: 'REGISTER', callId: first.callId, cseq: { number: 3 } });
});

test('it asks for longer when the trunk wants that (423)', async () => {
  const { wire, hear } = await registering();
  hear(response(wire.lastRequest(), 423, { more: ['Min-Expires: 1800'] }));
  expect(header(wire.lastRequest(), 'expires')).toBe('1800');
});

test('a failure is tried again, less and less often', async () => {
  const { wire, hear, state } = await registering();
  for (const seconds of [5, 15, 60, 300, 300]) {
    hear(response(wire.lastRequest(), 403));
    const before = wire.sent.length;
    await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1);
    expect(wire.sent).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(wire.sent).toHaveLength(before + 1);
  }
  expect(state()).toEqual({ trunkId: 'main', state: 'failing', detail: 'status 403' });
});

test('it is taken back when the engine stops', async () => {
  const { wire, agent, hear } = await registering();
  hear(response(wire.lastRequest(), 200));
  const closed = agent.close(0);
  await vi.advanceTimersByTimeAsync(200);
  await closed;
  expect(header(wire.lastRequest(), 'expires')).toBe('0');
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(wire.story).toBe('REGISTER REGISTER');
  expect(vi.getTimerCount()).toBe(0);
});

test('a connection that breaks is made again, and registered on', async () => {
  const { wire, hear } = await registering();
  hear(response(wire.lastRequest(), 200));
  wire.emit('close');
  await vi.advanceTimersByTimeAsync(2_500);
  expect(wire.story).toBe('REGISTER REGISTER');
});
