import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Trunk } from '@kernlijn/contract/voice';
import { routesOf } from '../call/dial-plan.ts';
import type { Ending } from './core.ts';
import { header } from './message.ts';
import { agentOn, PaperMedia, request, response, sdp, trunkAt, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const credentials = { user: 'kernlijn', password: 'a-secret' };
const first = trunkAt({ trunkId: 'first', host: '192.0.2.101', priority: 1 });
const second = trunkAt({ trunkId: 'second', host: '192.0.2.102', priority: 2 });

function through(trunks: Trunk[]) {
  const wire = new Wire('TCP');
  const on = agentOn(wire);
  on.agent.configure(trunks, 'desk.example.org', []);
  const dial = async (to = '+31970100003') => {
    const command = { command: 'dial' as const, legId: 'a', to, from: '+31970100002', timeoutSeconds: 60 };
    const media = new PaperMedia();
    const offers = vi.spyOn(media, 'offer');
    const routes = routesOf(command, on.agent, '192.0.2.1');
    const call = on.agent.dial({ routes, order: 'one-by-one', media, timeoutSeconds: 60 });
    const ended = vi.fn<(ending: Ending) => void>();
    call.on('ended', ended);
    await call.start();
    return { call, ended, offers };
  };
  const host = () => {
    const { uri } = wire.lastRequest();
    return 'host' in uri ? uri.host : '';
  };
  return { ...on, wire, dial, host };
}

describe('a call through several trunks', () => {
  test.each([408, 500, 503, 504, 401])('goes by the next when the first says %i', async (status) => {
    const { dial, hear, host, wire } = through([second, first]);
    const { ended } = await dial();
    expect(host()).toBe('192.0.2.101');
    hear(response(wire.lastRequest(), status));
    await vi.advanceTimersByTimeAsync(0);
    expect(host()).toBe('192.0.2.102');
    expect(wire.lastRequest().cseq.number).toBe(2);
    hear(response(wire.lastRequest(), 503));
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toHaveBeenCalledOnce();
  });

  test.each([404, 486, 603])('ends when the first says %i: that is about the callee', async (status) => {
    const { dial, hear, host, wire } = through([first, second]);
    const { ended } = await dial();
    hear(response(wire.lastRequest(), status));
    expect(ended).toHaveBeenCalledOnce();
    expect(host()).toBe('192.0.2.101');
  });

  test('waits four seconds for a silent one, and the next calls do not wait at all', async () => {
    const { dial, host } = through([first, second]);
    await dial();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(host()).toBe('192.0.2.102');
    await dial();
    expect(host()).toBe('192.0.2.102');
    await vi.advanceTimersByTimeAsync(61_000);
    await dial();
    expect(host()).toBe('192.0.2.101');
  });

  test('leaves the one out of order where we could not register for the last', async () => {
    const { dial, hear, host, wire } = through([trunkAt({ ...first, credentials, registers: true }), second]);
    await vi.advanceTimersByTimeAsync(0);
    hear(response(wire.lastRequest(), 403));
    await dial();
    expect(host()).toBe('192.0.2.102');
  });

  test('shows each trunk only its own account', async () => {
    const { dial, hear, wire } = through([first, trunkAt({ ...second, credentials })]);
    await dial();
    const challenge = ['WWW-Authenticate: Digest realm="x", nonce="n", qop="auth"'];
    hear(response(wire.lastRequest(), 401, { more: challenge }));
    await vi.advanceTimersByTimeAsync(0);
    expect(header(wire.lastRequest(), 'authorization')).toBeNull();
    hear(response(wire.lastRequest(), 401, { more: challenge }));
    expect(header(wire.lastRequest(), 'authorization')).toContain('username="kernlijn"');
  });

  test('offers SRTP where the trunk is to have it, and does without when it was only offered', async () => {
    const { dial, hear, wire, host } = through([trunkAt({ ...first, srtp: 'offered' }), second]);
    const { offers } = await dial();
    hear(response(wire.lastRequest(), 488));
    expect([host(), offers.mock.calls]).toEqual(['192.0.2.101', [['offered'], ['off']]]);
    const strict = through([trunkAt({ ...first, srtp: 'required' })]);
    const { ended } = await strict.dial();
    strict.hear(response(strict.wire.lastRequest(), 488));
    expect(ended).toHaveBeenCalledOnce();
  });
});

describe('who a request is from', () => {
  test('a trunk is known by its list, or else by where its name leads', () => {
    const { agent } = through([first, trunkAt({ ...second, allow: ['198.51.100.0/24', '2001:db8::/32'] })]);
    const of = (address: string) => agent.trunks.of(address)?.trunkId ?? null;
    expect(['192.0.2.101', '198.51.100.7', '2001:db8::1', '192.0.2.102', '203.0.113.1'].map(of)).toEqual([
      'first',
      'second',
      'second',
      null,
      null,
    ]);
  });

  test('a number that somebody only claims is not believed without a trunk', () => {
    const { hear, calls, agent } = through([]);
    const claimed = ['P-Asserted-Identity: <sip:+31970100009@example.org>'];
    hear(request({ method: 'INVITE', body: sdp(), more: claimed }));
    expect(calls[0]?.identity.from).toBe('+31970100001');
    agent.configure([first], 'desk.example.org', []);
    hear(request({ method: 'INVITE', body: sdp(), more: claimed, callId: 'b' }), new Wire('UDP', '192.0.2.101'));
    expect(calls[1]?.identity.from).toBe('+31970100009');
    hear(request({ method: 'INVITE', body: sdp(), callId: 'c' }), new Wire('UDP', '192.0.2.102'));
    expect(calls).toHaveLength(2);
  });
});

test('a trunk that did not change keeps its registration; one that is left out gives it back', async () => {
  const registering = trunkAt({ ...first, credentials, registers: true });
  const { agent, hear, wire, trunkStates } = through([registering]);
  await vi.advanceTimersByTimeAsync(0);
  hear(response(wire.lastRequest(), 200));
  expect(agent.trunks.states).toEqual([{ trunkId: 'first', state: 'registered', detail: '' }]);
  agent.configure([{ ...registering }, second], 'desk.example.org', []);
  await vi.advanceTimersByTimeAsync(0);
  expect(wire.story).toBe('REGISTER');
  agent.configure([second], 'desk.example.org', []);
  expect(header(wire.lastRequest(), 'expires')).toBe('0');
  expect(trunkStates.map(({ state }) => state)).toEqual(['registered']);
});

test('the trunk of the installation is there until a server names one, and again when it names none', () => {
  const own = trunkAt({ trunkId: 'environment', host: '192.0.2.50' });
  const { agent } = agentOn(new Wire('UDP'), { trunk: own });
  const ids = () => agent.trunks.states.map(({ trunkId }) => trunkId);
  agent.configure([], 'desk.example.org', []);
  expect(ids()).toEqual(['environment']);
  agent.configure([first], 'desk.example.org', []);
  expect(ids()).toEqual(['first']);
  agent.configure([], 'desk.example.org', []);
  expect(ids()).toEqual(['environment']);
});

test('a trunk we do not register with is asked now and then whether it is there', async () => {
  const { hear, wire, trunkStates } = through([first]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(wire.lastRequest().method).toBe('OPTIONS');
  hear(response(wire.lastRequest(), 405)); // whatever it says: it is there
  await vi.advanceTimersByTimeAsync(60_000 + 32_000);
  expect(trunkStates).toEqual([{ trunkId: 'first', state: 'static', detail: 'no-answer' }]);
  await vi.advanceTimersByTimeAsync(28_000);
  hear(response(wire.lastRequest(), 200));
  expect(trunkStates.at(-1)).toEqual({ trunkId: 'first', state: 'static', detail: '' });
});
