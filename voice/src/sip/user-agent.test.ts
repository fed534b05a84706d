import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ending } from './core.ts';
import { header, headers, tagOf } from './message.ts';
import { agentOn, PaperMedia, request, sdp, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const invite = (more: Partial<Parameters<typeof request>[0]> = {}) =>
  request({ method: 'INVITE', body: sdp(), ...more });
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('what is refused, and how', () => {
  const refused: [
    what: string,
    status: number,
    ask: Parameters<typeof request>[0],
    shown?: [name: string, value: string],
  ][] = [
    ['an unknown method (§8.2.1)', 405, { method: 'REGISTER' }, ['allow', 'INVITE']],
    ['an unknown scheme (§8.2.2.1)', 416, { method: 'INVITE', uri: 'nobody:knows', body: sdp() }],
    [
      'an extension that is required and unknown (§8.2.2.3)',
      420,
      { method: 'INVITE', body: sdp(), more: ['Require: 100rel, timer'] },
      ['unsupported', '100rel'],
    ],
    [
      'a body of an unknown kind (§8.2.3)',
      415,
      { method: 'INVITE', body: 'x', more: ['Content-Type: text/plain'] },
      ['accept', 'application/sdp'],
    ],
    ['a request in a dialog nobody has (§12.2.2)', 481, { method: 'BYE', toTag: 'gone' }],
    ['a BYE outside any dialog (§15.1.2)', 481, { method: 'BYE' }],
    ['a CANCEL of nothing (§9.2)', 481, { method: 'CANCEL' }],
    [
      'a session interval below 90 s (RFC 4028 §9)',
      422,
      { method: 'INVITE', body: sdp(), more: ['Supported: timer', 'Session-Expires: 30'] },
      ['min-se', '90'],
    ],
    ['an INVITE without From tag (§8.1.1.3)', 400, { method: 'INVITE', body: sdp(), fromTag: '' }],
  ];
  test.each(refused)('%s: %i', (_what, status, ask, shown) => {
    const wire = new Wire('UDP');
    const { hear, calls } = agentOn(wire);
    const asked = request({ ...ask, fromTag: ask.fromTag || 'caller' });
    if (ask.fromTag === '') hear({ ...asked, from: { ...asked.from, params: new Map() } });
    else hear(asked);
    const answer = wire.lastResponse();
    expect(answer.status).toBe(status);
    expect(tagOf(answer.to)).not.toBe('');
    expect(calls).toHaveLength(0);
    if (shown) expect(header(answer, shown[0])).toContain(shown[1]);
  });

  test('more calls than allowed: 503 with Retry-After, until one ends', () => {
    const wire = new Wire('UDP');
    const { hear, calls } = agentOn(wire, { maxCalls: 1 });
    hear(invite({ callId: 'a' }));
    hear(invite({ callId: 'b' }));
    expect(wire.lastResponse()).toMatchObject({ status: 503 });
    expect(Number(header(wire.lastResponse(), 'retry-after'))).toBeGreaterThanOrEqual(5);
    calls[0]?.hangup({ reason: 'rejected', by: 'server' });
    hear(invite({ callId: 'c' }));
    expect(calls).toHaveLength(2);
  });

  test('the second copy of an INVITE that was forked: 482', () => {
    const wire = new Wire('UDP');
    const { hear, calls } = agentOn(wire);
    hear(invite());
    hear(invite());
    expect(wire.lastResponse().status).toBe(482);
    expect(calls).toHaveLength(1);
  });

  test('an ACK is never answered', () => {
    const wire = new Wire('UDP');
    agentOn(wire).hear(request({ method: 'ACK', toTag: 'gone' }));
    expect(wire.story).toBe('');
  });
});

test('OPTIONS tells what we can: no 100rel', () => {
  const wire = new Wire('UDP');
  agentOn(wire).hear(request({ method: 'OPTIONS' }));
  const answer = wire.lastResponse();
  expect(answer.status).toBe(200);
  expect(headers(answer, 'supported')).toEqual(['timer']);
  expect(headers(answer, 'allow')).toEqual(['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO', 'REFER']);
});

describe('a call in', () => {
  const ring = (protocol: 'UDP' | 'TCP' = 'TCP', more: Parameters<typeof invite>[0] = {}) => {
    const wire = new Wire(protocol);
    const { agent, calls, hear } = agentOn(wire);
    const asked = invite(more);
    hear(asked);
    const call = calls[0];
    if (!call) throw new Error(`no call: ${wire.story}`);
    const ended = vi.fn<(ending: Ending) => void>();
    call.on('ended', ended);
    const us = () => tagOf(wire.lastResponse().to);
    return { wire, agent, call, hear, asked, ended, us };
  };

  test('is told 100 at once, 180 while it rings, and 180 again every minute', () => {
    const { wire, call } = ring();
    call.ring(null);
    expect(wire.story).toBe('100 180');
    expect(tagOf(wire.sent[0]?.to ?? wire.lastResponse().to)).toBe(''); // §8.2.6.2: 100 has no tag
    vi.advanceTimersByTime(60_000);
    expect(wire.story).toBe('100 180 180');
  });

  test('hears early media by 183; the 200 repeats that answer', () => {
    const { wire, call } = ring();
    const media = new PaperMedia();
    const accept = vi.spyOn(media, 'accept');
    call.ring(media);
    expect(wire.lastResponse()).toMatchObject({ status: 183, body: Buffer.from(sdp()) });
    call.answer(media);
    expect(accept).toHaveBeenCalledOnce();
  });

  test('its 200 is repeated until the ACK, over TCP too (§13.3.1.4)', () => {
    const { wire, call, hear, us } = ring();
    call.answer(new PaperMedia());
    vi.advanceTimersByTime(500 + 1_000 + 2_000);
    expect(wire.story).toBe('100 200 200 200 200');
    hear(request({ method: 'ACK', toTag: us() }));
    vi.advanceTimersByTime(30_000);
    expect(wire.story).toBe('100 200 200 200 200');
  });

  test('without an ACK it ends with BYE after 32 seconds', async () => {
    const { wire, call, ended } = ring();
    call.answer(new PaperMedia());
    await vi.advanceTimersByTimeAsync(32_000);
    expect(ended).toHaveBeenCalledExactlyOnceWith({ reason: 'error', by: 'engine' });
    expect(wire.lastRequest().method).toBe('BYE');
  });

  test('that we hang up before the ACK gets its BYE after it (§15)', async () => {
    const { wire, call, hear, us, ended } = ring();
    call.answer(new PaperMedia());
    call.hangup({ reason: 'hangup', by: 'server' });
    expect(ended).toHaveBeenCalledOnce();
    await settle();
    expect(wire.story).not.toContain('BYE');
    hear(request({ method: 'ACK', toTag: us() }));
    await settle();
    expect(wire.lastRequest()).toMatchObject({ method: 'BYE', cseq: { number: 1 } });
  });

  test('a CANCEL before the answer: 200 to it, 487 to the INVITE; after the answer it changes nothing', () => {
    const early = ring('UDP', { branch: 'z9hG4bK-c' });
    early.hear(request({ method: 'CANCEL', branch: 'z9hG4bK-c' }));
    expect(early.wire.story).toBe('100 200 487');
    expect(early.agent.usage).toMatchObject({ calls: 0, dialogs: 0, inviting: 0 });
    expect(early.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'cancelled', by: 'remote' });

    const late = ring('UDP', { branch: 'z9hG4bK-d' });
    late.call.answer(new PaperMedia());
    late.hear(request({ method: 'CANCEL', branch: 'z9hG4bK-d' }));
    expect(late.wire.story).toBe('100 200 200');
    expect(late.ended).not.toHaveBeenCalled();
  });

  test('may be left by BYE while it rings (§15)', () => {
    const { wire, call, hear, us, ended } = ring();
    call.ring(null);
    hear(request({ method: 'BYE', cseq: 2, toTag: us() }));
    expect(wire.story).toBe('100 180 200 487');
    expect(ended).toHaveBeenCalledExactlyOnceWith({ reason: 'cancelled', by: 'remote' });
  });

  test('ends at its Expires (§13.3.1)', () => {
    const { wire, ended } = ring('TCP', { more: ['Expires: 7'] });
    vi.advanceTimersByTime(7_000);
    expect(wire.lastResponse().status).toBe(487);
    expect(ended).toHaveBeenCalledOnce();
  });

  test('without SDP: our offer is in the 200, an ACK without answer ends the call', async () => {
    const good = ring('TCP', { body: '' });
    const media = new PaperMedia();
    good.call.answer(media);
    expect(good.wire.lastResponse().body.toString()).toContain('m=audio');
    good.hear(request({ method: 'ACK', toTag: good.us(), body: sdp() }));
    expect(media.applied).toHaveLength(1);
    expect(good.ended).not.toHaveBeenCalled();

    const bad = ring('TCP', { body: '' });
    bad.call.answer(new PaperMedia());
    bad.hear(request({ method: 'ACK', toTag: bad.us() }));
    await settle();
    expect(bad.wire.lastRequest().method).toBe('BYE');
  });

  test('keeps the route of its INVITE: Record-Route goes back in the 200 and into our BYE', async () => {
    const { wire, call, hear, us } = ring('TCP', {
      more: ['Record-Route: <sip:p1.example.org;lr>, <sip:p2.example.org;lr>'],
    });
    call.answer(new PaperMedia());
    expect(headers(wire.lastResponse(), 'record-route')).toHaveLength(2);
    hear(request({ method: 'ACK', toTag: us() }));
    call.hangup({ reason: 'hangup', by: 'server' });
    await settle();
    const bye = wire.lastRequest();
    expect(headers(bye, 'route')).toEqual(['<sip:p1.example.org;lr>', '<sip:p2.example.org;lr>']);
    expect(bye.uri).toMatchObject({ user: 'noor', host: '192.0.2.9', port: 5062 });
    expect([tagOf(bye.from), tagOf(bye.to)]).toEqual([us(), 'caller']);
  });

  test('a strict router gets itself as Request-URI (§12.2.1.1)', async () => {
    const { wire, call, hear, us } = ring('TCP', { more: ['Record-Route: <sip:old.example.org>'] });
    call.answer(new PaperMedia());
    hear(request({ method: 'ACK', toTag: us() }));
    call.hangup({ reason: 'hangup', by: 'server' });
    await settle();
    expect(wire.lastRequest().uri).toMatchObject({ host: 'old.example.org' });
    expect(headers(wire.lastRequest(), 'route')).toEqual(['<sip:noor@192.0.2.9:5062>']);
  });

  test('leaves nothing behind', async () => {
    const { wire, agent, call, hear, us } = ring('UDP', { branch: 'z9hG4bK-e' });
    call.answer(new PaperMedia());
    hear(request({ method: 'ACK', toTag: us() }));
    hear(request({ method: 'BYE', cseq: 2, toTag: us() }));
    expect(wire.story).toBe('100 200 200');
    await vi.advanceTimersByTimeAsync(64_000);
    expect(agent.usage).toEqual({ calls: 0, dialogs: 0, transactions: 0, inviting: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });
});
