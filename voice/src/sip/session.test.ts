import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ending } from './core.ts';
import { header, tagOf } from './message.ts';
import { agentOn, PaperMedia, request, response, sdp, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(0);

/** A call that was answered and acknowledged. */
function talking(more: string[] = []) {
  const wire = new Wire('TCP');
  const { agent, calls, hear } = agentOn(wire);
  hear(request({ method: 'INVITE', body: sdp(), more }));
  const call = calls[0];
  if (!call) throw new Error(`no call: ${wire.story}`);
  const on = {
    ended: vi.fn<(ending: Ending) => void>(),
    held: vi.fn<(held: boolean) => void>(),
    dtmf: vi.fn<(digit: string) => void>(),
  };
  call.on('ended', on.ended).on('held', on.held).on('dtmf', on.dtmf);
  call.answer(new PaperMedia());
  const answer = wire.lastResponse();
  const toTag = tagOf(answer.to);
  hear(request({ method: 'ACK', toTag }));
  wire.sent.length = 0;
  const ask = (method: string, cseq: number, options: Partial<Parameters<typeof request>[0]> = {}) =>
    hear(request({ method, cseq, toTag, ...options }));
  return { wire, agent, call, hear, on, ask, answer };
}

describe('re-INVITE and UPDATE', () => {
  test('hold and take back, each told once', () => {
    const { wire, on, ask } = talking();
    ask('INVITE', 2, { body: sdp('sendonly') });
    ask('ACK', 2);
    ask('UPDATE', 3, { body: sdp('sendonly') });
    ask('INVITE', 4, { body: sdp() });
    expect(wire.story).toBe('200 200 200');
    expect(on.held.mock.calls).toEqual([[true], [false]]);
  });

  test('a description we cannot use is refused 488 and the call goes on', () => {
    const { wire, on, ask } = talking();
    ask('INVITE', 2, { body: 'v=0\r\nm=video 1 RTP/AVP 96\r\n' });
    expect(wire.story).toBe('488');
    ask('OPTIONS', 3);
    expect(wire.lastResponse().status).toBe(200);
    expect(on.ended).not.toHaveBeenCalled();
  });

  test('without SDP our offer is in the 200; until its ACK another offer is glare: 491', () => {
    const { wire, ask } = talking();
    ask('INVITE', 2);
    expect(wire.lastResponse().body.toString()).toContain('m=audio');
    ask('INVITE', 3, { body: sdp() });
    expect(wire.lastResponse().status).toBe(491);
    ask('UPDATE', 4, { body: sdp() });
    expect(wire.lastResponse().status).toBe(491);
    ask('ACK', 2, { body: sdp() });
    ask('INVITE', 5, { body: sdp() });
    expect(wire.lastResponse().status).toBe(200);
  });

  test('moves the remote target: BYE goes to the new Contact (§12.2)', async () => {
    const { wire, call, hear, ask, answer } = talking();
    const moved = request({ method: 'UPDATE', cseq: 2, toTag: tagOf(answer.to) });
    hear({
      ...moved,
      headers: moved.headers.map((field) =>
        field.name === 'contact' ? { name: 'contact', value: '<sip:elsewhere@192.0.2.10>' } : field,
      ),
    });
    ask('ACK', 2);
    call.hangup({ reason: 'hangup', by: 'server' });
    await settle();
    expect(wire.lastRequest().uri).toMatchObject({ user: 'elsewhere' });
  });
});

describe('other requests', () => {
  test('an older CSeq is refused 500 (§12.2.2)', () => {
    const { wire, ask } = talking();
    ask('OPTIONS', 5);
    ask('BYE', 4);
    expect(wire.story).toBe('200 500');
  });

  test('INFO brings digits in both known forms', () => {
    const { wire, on, ask } = talking();
    ask('INFO', 2, { body: 'Signal=5\r\nDuration=160', more: ['Content-Type: application/dtmf-relay'] });
    ask('INFO', 3, { body: '#', more: ['Content-Type: application/dtmf'] });
    ask('INFO', 4, { body: 'Signal= 10\r\n', more: ['Content-Type: application/dtmf-relay'] });
    ask('INFO', 5);
    ask('INFO', 6, { body: 'x', more: ['Content-Type: text/plain'] });
    expect(wire.story).toBe('200 200 200 200 415');
    expect(on.dtmf.mock.calls).toEqual([['5'], ['#'], ['*']]);
  });

  test('BYE from both sides at once: both are answered, one end is told', async () => {
    const { wire, agent, call, hear, on, ask } = talking();
    call.hangup({ reason: 'hangup', by: 'server' });
    await settle();
    const bye = wire.lastRequest();
    ask('BYE', 2);
    expect(wire.story).toBe('BYE 200');
    hear(response(bye, 481));
    expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'hangup', by: 'server' });
    expect(agent.usage).toMatchObject({ calls: 0, dialogs: 0 });
  });

  test('after our BYE nothing but a BYE is accepted', async () => {
    const { wire, call, ask } = talking();
    call.hangup({ reason: 'hangup', by: 'server' });
    await settle();
    ask('INVITE', 2, { body: sdp() });
    expect(wire.lastResponse().status).toBe(481);
  });

  test('a BYE nobody answers is given up after timer F', async () => {
    const { agent, call } = talking();
    call.hangup({ reason: 'hangup', by: 'server' });
    await vi.advanceTimersByTimeAsync(64_000);
    expect(agent.usage).toEqual({ calls: 0, dialogs: 0, transactions: 0, inviting: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('session timer (RFC 4028)', () => {
  test('a caller that can refresh is asked to, and the call ends when it does not', async () => {
    const { wire, on, answer } = talking(['Supported: timer', 'Session-Expires: 300']);
    expect(header(answer, 'session-expires')).toBe('300;refresher=uac');
    expect(header(answer, 'require')).toBe('timer');
    await vi.advanceTimersByTimeAsync(267_999);
    expect(on.ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1); // §10: the smaller of 32 s and a third, before the end
    expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'session-expired', by: 'engine' });
    expect(wire.lastRequest().method).toBe('BYE');
  });

  test('each refresh, by UPDATE or re-INVITE, gives it another interval', async () => {
    const { wire, on, ask } = talking(['Supported: timer', 'Session-Expires: 300']);
    const more = ['Supported: timer', 'Session-Expires: 300;refresher=uac'];
    await vi.advanceTimersByTimeAsync(200_000);
    ask('UPDATE', 2, { more });
    expect(header(wire.lastResponse(), 'session-expires')).toBe('300;refresher=uac');
    await vi.advanceTimersByTimeAsync(200_000);
    ask('INVITE', 3, { more, body: sdp() });
    ask('ACK', 3);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(on.ended).not.toHaveBeenCalled();
  });

  test('for a caller that cannot, we refresh at half the interval, by UPDATE when it is allowed', async () => {
    const { wire, hear, on, answer } = talking(['Session-Expires: 300', 'Allow: INVITE, UPDATE']);
    expect(header(answer, 'session-expires')).toBe('300;refresher=uas');
    await vi.advanceTimersByTimeAsync(150_000);
    const update = wire.lastRequest();
    expect(update.method).toBe('UPDATE');
    expect(header(update, 'session-expires')).toBe('300;refresher=uac');
    hear(response(update, 200, { more: ['Session-Expires: 300;refresher=uac'] }));
    await vi.advanceTimersByTimeAsync(150_000);
    hear(response(wire.lastRequest(), 481)); // now it knows nothing of the call any more
    expect(on.ended).toHaveBeenCalledExactlyOnceWith({ reason: 'session-expired', by: 'engine' });
  });

  test('or by a re-INVITE that changes nothing; meanwhile theirs is glare, and ours is tried again after 491', async () => {
    const { wire, hear, on, ask } = talking(['Session-Expires: 300']);
    await vi.advanceTimersByTimeAsync(150_000);
    const first = wire.lastRequest();
    expect(first).toMatchObject({ method: 'INVITE', body: Buffer.from(sdp()) });
    ask('INVITE', 2, { body: sdp() });
    expect(wire.lastResponse().status).toBe(491);
    hear(response(first, 491));
    await vi.advanceTimersByTimeAsync(2_000);
    const second = wire.lastRequest();
    expect(second).toMatchObject({ method: 'INVITE', cseq: { number: first.cseq.number + 1 } });
    hear(response(second, 200, { body: sdp(), more: ['Session-Expires: 300;refresher=uac'] }));
    await settle();
    expect(wire.lastRequest()).toMatchObject({ method: 'ACK', cseq: { number: second.cseq.number } });
    expect(on.ended).not.toHaveBeenCalled();
  });

  test('a caller that speaks of no interval and supports none has no timer', async () => {
    const { on, answer } = talking();
    expect(header(answer, 'session-expires')).toBeNull();
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(on.ended).not.toHaveBeenCalled();
  });
});
