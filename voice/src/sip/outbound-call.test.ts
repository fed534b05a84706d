import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../log.ts';
import { InviteClientTransaction, type ClientTransaction } from './client-transaction.ts';
import type { Ending, SipCore } from './core.ts';
import type { Route } from './outbound-attempt.ts';
import { OutboundCall } from './outbound-call.ts';
import { header, headers, tagOf } from './message.ts';
import { agentOn, PaperMedia, request, response, sdp, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(0);

async function calling(credentials: { user: string; password: string } | null = null, more: Partial<Route> = {}) {
  const wire = new Wire('TCP');
  const { agent, hear } = agentOn(wire);
  const media = new PaperMedia();
  const address = (user: string) => ({
    scheme: 'sip' as const,
    user,
    host: '192.0.2.9',
    port: null,
    params: new Map<string, string>(),
    headers: '',
  });
  const route: Route = {
    uri: address('callee'),
    from: address('+31970100002'),
    displayName: 'Kernlijn "één"',
    headers: [],
    credentials,
    srtp: 'off',
    way: null,
    ...more,
  };
  const call = agent.dial({ routes: [route], order: 'one-by-one', media, timeoutSeconds: 30 });
  const on = { ringing: vi.fn<() => void>(), answered: vi.fn<() => void>(), ended: vi.fn<(ending: Ending) => void>() };
  call.on('ringing', on.ringing).on('answered', on.answered).on('ended', on.ended);
  await call.start();
  return { wire, agent, hear, media, call, on, invite: wire.lastRequest() };
}

test('its INVITE says who calls, what we can, and how long a session may last', async () => {
  const { invite } = await calling();
  expect(invite).toMatchObject({
    method: 'INVITE',
    uri: { user: 'callee' },
    from: { displayName: 'Kernlijn "één"' },
    cseq: { number: 1 },
  });
  expect(invite.via.params.get('branch')).toMatch(/^z9hG4bK/);
  expect(invite.via.params.has('rport')).toBe(true);
  expect(header(invite, 'session-expires')).toBe('1800');
  expect(header(invite, 'contact')).toBe('<sip:kernlijn@192.0.2.1:5060;transport=tcp>');
});

test('rings once, is answered, acknowledged, and again for each repeated 200', async () => {
  const { wire, hear, media, on, invite } = await calling();
  hear(response(invite, 180));
  hear(response(invite, 183, { body: sdp() }));
  expect(on.ringing).toHaveBeenCalledOnce();
  hear(response(invite, 200, { body: sdp() }));
  hear(response(invite, 200, { body: sdp() }));
  await settle();
  expect(on.answered).toHaveBeenCalledOnce();
  expect(wire.story).toBe('INVITE ACK ACK');
  expect(wire.lastRequest()).toMatchObject({ cseq: { number: 1, method: 'ACK' }, uri: { user: 'callee', port: 5062 } });
  expect(media.applied).toHaveLength(1); // the 183 had said it
});

test('the 200 of another fork is acknowledged and ended (§13.2.2.4)', async () => {
  const { wire, hear, on, invite } = await calling();
  hear(response(invite, 200, { body: sdp(), tag: 'one' }));
  hear(response(invite, 200, { body: sdp(), tag: 'two' }));
  await settle();
  expect(wire.story).toBe('INVITE ACK ACK BYE');
  expect(tagOf(wire.lastRequest().to)).toBe('two');
  expect(on.ended).not.toHaveBeenCalled();
});

describe('cancelling (§9.1)', () => {
  test('waits for a sign of life', async () => {
    const { wire, hear, call, on, invite } = await calling();
    call.hangup({ reason: 'cancelled', by: 'server' });
    expect(on.ended).toHaveBeenCalledOnce();
    expect(wire.story).toBe('INVITE');
    hear(response(invite, 100));
    expect(wire.story).toBe('INVITE CANCEL');
    const cancel = wire.lastRequest();
    expect(cancel.via.params.get('branch')).toBe(invite.via.params.get('branch'));
    hear(response(invite, 180));
    expect(wire.story).toBe('INVITE CANCEL'); // once is enough
    hear(response(cancel, 200));
    hear(response(invite, 487));
    expect(wire.story).toBe('INVITE CANCEL ACK');
  });

  test('that crosses the answer: the call is acknowledged and ended', async () => {
    const { wire, agent, hear, call, on, invite } = await calling();
    hear(response(invite, 180));
    call.hangup({ reason: 'cancelled', by: 'server' });
    hear(response(invite, 200, { body: sdp() }));
    await settle();
    expect(wire.story).toBe('INVITE CANCEL ACK BYE');
    expect(on.answered).not.toHaveBeenCalled();
    expect(on.ended).toHaveBeenCalledOnce();
    hear(response(wire.lastRequest(), 200));
    await vi.advanceTimersByTimeAsync(64_000);
    expect(agent.usage).toEqual({ calls: 0, dialogs: 0, transactions: 0, inviting: 0 });
  });

  test('happens by itself when nobody answers in time; an INVITE nobody refuses is forgotten', async () => {
    const { wire, agent, hear, on, invite } = await calling();
    hear(response(invite, 180));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'no-answer', by: 'engine' });
    expect(wire.lastRequest().method).toBe('CANCEL');
    await vi.advanceTimersByTimeAsync(64_000);
    expect(agent.usage.transactions).toBe(0);
  });
});

describe('refusals', () => {
  test.each([
    [486, 'busy'],
    [600, 'busy'],
    [480, 'no-answer'],
    [404, 'unreachable'],
    [503, 'unreachable'],
    [603, 'rejected'],
    [403, 'rejected'],
    [302, 'unreachable'],
    [500, 'error'],
  ])('%i ends the call as %s', async (status, reason) => {
    const { wire, hear, on, invite } = await calling();
    hear(response(invite, status));
    expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason, by: 'remote' });
    expect(wire.story).toBe('INVITE ACK');
  });

  test('an answer we cannot use is acknowledged and ended', async () => {
    const { wire, hear, on, invite } = await calling();
    hear(response(invite, 200, { body: 'v=0\r\nm=video 1 RTP/AVP 96\r\n' }));
    await settle();
    expect(wire.story).toBe('INVITE ACK BYE');
    expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'error', by: 'engine' });
  });

  test('422 is met with the interval it asks for (RFC 4028 §7.3)', async () => {
    const { wire, hear, on, invite } = await calling();
    hear(response(invite, 422, { more: ['Min-SE: 3600'] }));
    const again = wire.lastRequest();
    expect(again).toMatchObject({ method: 'INVITE', cseq: { number: 2 }, callId: invite.callId });
    expect([header(again, 'session-expires'), header(again, 'min-se')]).toEqual(['3600', '3600']);
    expect(on.ended).not.toHaveBeenCalled();
  });
});

describe('digest (§22)', () => {
  const wanted = 'WWW-Authenticate: Digest realm="example.org", nonce="n1", algorithm=SHA-256, qop="auth"';
  const challenge = [wanted];

  test('a challenge is answered once, and the ACK of the 200 shows the same credentials', async () => {
    const { wire, hear, on, invite } = await calling({ user: 'kernlijn', password: 'a-secret' });
    hear(response(invite, 401, { more: challenge }));
    const again = wire.lastRequest();
    expect(again.cseq.number).toBe(2);
    expect(header(again, 'authorization')).toMatch(
      /^Digest username="kernlijn", realm="example.org", nonce="n1", uri="sip:callee@192.0.2.9", response="[0-9a-f]{64}"/,
    );
    hear(response(again, 200, { body: sdp() }));
    await settle();
    expect(headers(wire.lastRequest(), 'authorization')).toEqual(headers(again, 'authorization'));
    expect(on.answered).toHaveBeenCalledOnce();
  });

  test('the same credentials are not sent twice, unless the nonce was stale', async () => {
    const { wire, hear, on, invite } = await calling({ user: 'kernlijn', password: 'wrong' });
    hear(response(invite, 401, { more: challenge }));
    hear(response(wire.lastRequest(), 401, { more: [`${wanted}, stale=true`] }));
    expect(wire.story).toBe('INVITE ACK INVITE ACK INVITE');
    hear(response(wire.lastRequest(), 401, { more: challenge }));
    expect(wire.story).toBe('INVITE ACK INVITE ACK INVITE ACK');
    expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'rejected', by: 'remote' });
  });

  test('an address without an account of ours gets no answer to its challenge', async () => {
    const { wire, hear, on, invite } = await calling(null);
    hear(response(invite, 401, { more: challenge }));
    expect(wire.story).toBe('INVITE ACK');
    expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'rejected', by: 'remote' });
  });

  test('a call that was given up answers no challenge', async () => {
    const { wire, hear, call, invite } = await calling({ user: 'kernlijn', password: 'a-secret' });
    call.hangup({ reason: 'cancelled', by: 'server' });
    hear(response(invite, 401, { more: challenge }));
    expect(wire.story).toBe('INVITE ACK');
  });
});

test('the answered call is refreshed by us and can be ended from there', async () => {
  const { wire, hear, on, invite } = await calling();
  hear(response(invite, 200, { body: sdp(), more: ['Session-Expires: 200;refresher=uac', 'Allow: UPDATE'] }));
  await vi.advanceTimersByTimeAsync(100_000);
  const update = wire.lastRequest();
  expect(update.method).toBe('UPDATE');
  hear(response(update, 200));
  hear(request({ method: 'BYE', callId: invite.callId, toTag: tagOf(invite.from), fromTag: 'callee' }));
  expect(wire.lastResponse().status).toBe(200);
  expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'hangup', by: 'remote' });
});

test('its requests take the Record-Route of the 200 in reverse (§12.1.2)', async () => {
  const { wire, hear, call, invite } = await calling();
  const more = ['Record-Route: <sip:theirs.example.org;lr>, <sip:ours.example.org;lr>'];
  hear(response(invite, 200, { body: sdp(), more }));
  call.hangup({ reason: 'hangup', by: 'server' });
  await settle();
  expect(headers(wire.lastRequest(), 'route')).toEqual(['<sip:ours.example.org;lr>', '<sip:theirs.example.org;lr>']);
});

describe('a trunk with several addresses (RFC 3263 §4.3)', () => {
  const target = (port: number) => ({
    protocol: 'UDP' as const,
    address: '192.0.2.9',
    port,
    domain: 'trunk.example.org',
  });

  /** A call whose destination has two addresses, the first of them at `wires[1]`. */
  async function toTwo(refusing: readonly number[] = []) {
    const wires = [new Wire('UDP'), new Wire('UDP')] as const;
    const transactions: ClientTransaction[] = [];
    const closeGate = vi.fn<() => void>();
    const unreachable = vi.fn<SipCore['unreachable']>();
    const core: SipCore = {
      log: silentLog,
      unreachable,
      contactUri: () => 'sip:kernlijn@192.0.2.1',
      via: () => `SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK${transactions.length}`,
      contact: () => ({ name: 'contact', value: '<sip:kernlijn@192.0.2.1>' }),
      locate: () => Promise.resolve([target(0), target(1)]),
      flow: ({ port }) =>
        refusing.includes(port) ? Promise.reject(new Error('refused')) : Promise.resolve(wires[port === 0 ? 0 : 1]),
      openGate: () => closeGate,
      send: (request, flow, on) => {
        const transaction = new InviteClientTransaction(request, flow, { ...on, terminated: () => undefined });
        transactions.push(transaction);
        transaction.start();
        return transaction;
      },
      transmit: () => undefined,
      own: () => undefined,
      release: () => undefined,
    };
    const uri = {
      scheme: 'sip' as const,
      user: 'a',
      host: 'trunk.example.org',
      port: null,
      params: new Map<string, string>(),
      headers: '',
    };
    const settled = vi.fn<(outcome: 'answered' | 'failed') => void>();
    const one: Route = {
      uri,
      from: uri,
      displayName: '',
      headers: [],
      credentials: null,
      srtp: 'off',
      way: null,
      settled,
    };
    const call = new OutboundCall(core, {
      routes: [one],
      order: 'one-by-one',
      media: new PaperMedia(),
      timeoutSeconds: 180,
    });
    const ended = vi.fn<(ending: Ending) => void>();
    call.on('ended', ended);
    await call.start();
    return { wires, transactions, ended, closeGate, unreachable, settled };
  }

  test.each([
    ['a 503', 0],
    ['four seconds of silence', 4_000],
  ])('turns to the second after %s of the first, and ends when that fails too', async (_how, silence) => {
    const { wires, transactions, ended, closeGate, unreachable, settled } = await toTwo();
    const [first] = transactions;
    if (silence === 0) first?.receive(response(first.request, 503));
    await vi.advanceTimersByTimeAsync(silence);
    expect(wires[1].story).toMatch(/^INVITE/);
    expect(ended).not.toHaveBeenCalled();
    const second = transactions[1];
    expect(second?.request.callId).toBe(first?.request.callId);
    second?.receive(response(second.request, 503));
    expect(ended).toHaveBeenCalledExactlyOnceWith({ reason: 'unreachable', by: 'remote' });
    expect(settled).toHaveBeenCalledExactlyOnceWith('failed');
    expect(unreachable).toHaveBeenCalledTimes(silence === 0 ? 0 : 1);
    await vi.advanceTimersByTimeAsync(32_000);
    expect(closeGate.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  test('what the first says after it was given up is cancelled, and an answer of it ended', async () => {
    const { wires, transactions } = await toTwo();
    await vi.advanceTimersByTimeAsync(4_000);
    const [first] = transactions;
    first?.receive(response(first.request, 180));
    expect(wires[0].lastRequest().method).toBe('CANCEL');
    first?.receive(response(first.request, 200, { body: sdp() }));
    await settle();
    expect(wires[1].story).toMatch(/^INVITE/);
  });

  test('one that rang is not left for another, whatever it says then', async () => {
    const { wires, transactions, ended } = await toTwo();
    const [first] = transactions;
    first?.receive(response(first.request, 180));
    first?.receive(response(first.request, 503));
    expect(ended).toHaveBeenCalledExactlyOnceWith({ reason: 'unreachable', by: 'remote' });
    expect(wires[1].story).toBe('');
  });

  test('skips an address that cannot be reached', async () => {
    const { wires, ended } = await toTwo([0]);
    expect([wires[0].story, wires[1].story]).toEqual(['', 'INVITE']);
    expect(ended).not.toHaveBeenCalled();
  });

  test('ends as unreachable when none can be', async () => {
    const { ended } = await toTwo([0, 1]);
    expect(ended).toHaveBeenCalledExactlyOnceWith({ reason: 'unreachable', by: 'engine' });
  });
});
