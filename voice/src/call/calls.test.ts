import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { VoiceCommand, VoiceEvent } from '@kernlijn/contract/voice';
import { silentLog } from '../log.ts';
import { tagOf } from '../sip/message.ts';
import { agentOn, request, response, sdp, trunkAt, Wire } from '../sip/wire.fixture.ts';
import { Calls } from './calls.ts';
import { parseTrunk, routesOf } from './dial-plan.ts';
import { execute } from './execute.ts';
import { FakeMedia } from './fake-media.fixture.ts';
import { InTurn } from './in-turn.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The engine from wire to events, without sockets and sound. */
function engine() {
  const wire = new Wire('TCP');
  const media = new FakeMedia();
  const { agent, calls: arrived, hear } = agentOn(wire);
  agent.configure([trunkAt()], 'desk.example.org', []);
  const calls = new Calls({ sip: agent, media, publicAddress: '192.0.2.1', log: silentLog });
  const events: VoiceEvent[] = [];
  calls.on('event', (event) => events.push(event));
  const arrive = (options: Partial<Parameters<typeof request>[0]> = {}) => {
    hear(request({ method: 'INVITE', body: sdp(), ...options }));
    const call = arrived.at(-1);
    if (!call) throw new Error('no call arrived');
    calls.arrived(call);
    const event = events.at(-1);
    if (event?.event !== 'incoming') throw new Error('no incoming');
    return event.legId;
  };
  return { wire, media, calls, events, hear, arrive, command: (command: VoiceCommand) => execute(calls, command) };
}
const names = (events: VoiceEvent[]) => events.map((event) => event.event).join(' ');

describe('a caller', () => {
  test('is announced, rings, is answered, put in a bridge, and gone with a last word on quality', async () => {
    const { wire, media, calls, events, hear, arrive, command } = engine();
    const legId = arrive();
    expect(events[0]).toMatchObject({
      from: '+31970100001',
      to: 'service',
      displayName: 'Noor',
      sipCallId: 'call@192.0.2.9',
    });
    await command({ command: 'ring', legId, earlyMedia: false });
    await command({ command: 'answer', legId });
    const toTag = tagOf(wire.lastResponse().to);
    hear(request({ method: 'ACK', toTag }));
    await command({ command: 'bridge', bridgeId: 'b', legIds: [legId] });
    await command({ command: 'mute', legId, muted: true });
    expect(calls.snapshot().legs).toMatchObject([
      { legId, kind: 'sip', direction: 'in', state: 'up', bridgeId: 'b', muted: true },
    ]);
    hear(request({ method: 'UPDATE', cseq: 2, toTag, body: sdp('sendonly') }));
    expect(calls.snapshot().legs).toMatchObject([{ legId, remoteHold: true }]);
    hear(request({ method: 'BYE', cseq: 3, toTag }));
    expect(names(events)).toBe('incoming answered remote-hold ended');
    expect(events.at(-1)).toMatchObject({ reason: 'hangup', by: 'remote', quality: { mos: 4.4 } });
    expect([calls.snapshot().legs, media.open.size]).toEqual([[], 0]);
  });

  test('is told of every five seconds while the call is up: how well it is received', async () => {
    const { events, hear, arrive, wire, calls, command } = engine();
    const legId = arrive();
    await command({ command: 'ring', legId, earlyMedia: false });
    vi.advanceTimersByTime(20_000);
    expect(names(events)).toBe('incoming');
    await command({ command: 'answer', legId });
    hear(request({ method: 'ACK', toTag: tagOf(wire.lastResponse().to) }));
    vi.advanceTimersByTime(15_000);
    expect(names(events)).toBe('incoming answered quality quality quality');
    expect(events.at(-1)).toMatchObject({ legId, quality: { mos: 4.4, packetsLost: 0 } });
    calls.close();
  });

  test('is recorded, which is told of also after the call has ended', async () => {
    const { media, events, hear, arrive, wire, calls, command } = engine();
    const legId = arrive();
    await command({ command: 'answer', legId });
    const toTag = tagOf(wire.lastResponse().to);
    hear(request({ method: 'ACK', toTag }));
    await command({ command: 'record', legId, recordingId: 'one' });
    expect(calls.snapshot().recordings).toMatchObject([{ legId, recordingId: 'one', paused: false }]);
    await command({ command: 'pause-recording', legId, recordingId: 'one', paused: true });
    expect(calls.snapshot().recordings).toMatchObject([{ paused: true }]);
    hear(request({ method: 'BYE', cseq: 2, toTag }));
    const pauses = [{ from: 20, to: 40 }];
    media.emit('recording-ended', { legId, recordingId: 'one', milliseconds: 60, pauses, problem: 'ENOSPC' });
    expect(names(events)).toBe('incoming answered ended recording-ended');
    expect(events.at(-1)).toMatchObject({ legId, recordingId: 'one', milliseconds: 60, pauses, failed: true });
  });

  test('no server reacts to is refused 480 after five seconds; one that rings is not', async () => {
    const { wire, events, arrive, command } = engine();
    arrive();
    vi.advanceTimersByTime(5_000);
    expect(wire.lastResponse().status).toBe(480);
    expect(events.at(-1)).toMatchObject({ event: 'ended', reason: 'no-answer', by: 'engine', quality: null });
    const legId = arrive({ callId: 'second' });
    await command({ command: 'ring', legId, earlyMedia: false });
    vi.advanceTimersByTime(30_000);
    expect(names(events)).toBe('incoming ended incoming');
  });

  test('hears music before the answer only with early media', async () => {
    const { wire, media, arrive, command } = engine();
    const legId = arrive();
    const play: VoiceCommand = { command: 'play', legId, playback: { prompts: ['hold-music'], loop: true } };
    await expect(command(play)).rejects.toMatchObject({ code: 'wrong-state' });
    await command({ command: 'ring', legId, earlyMedia: true });
    await command(play);
    expect(wire.lastResponse().status).toBe(183);
    expect(media.playing.get(legId)).toEqual(['hold-music']);
  });

  test('we cannot agree with is refused 488, and the server told why', async () => {
    const { wire, media, events, arrive, command } = engine();
    const legId = arrive({ body: 'v=0\r\nm=video 9 RTP/AVP 96\r\n' });
    await expect(command({ command: 'answer', legId })).rejects.toMatchObject({ code: 'bad-sdp' });
    expect(wire.lastResponse().status).toBe(488);
    expect(events.at(-1)).toMatchObject({ event: 'ended', reason: 'error', by: 'engine' });
    expect(media.open.size).toBe(0);
  });

  test('is refused 503 when the engine has no ports left', async () => {
    const { wire, media, arrive, command } = engine();
    const legId = arrive();
    vi.spyOn(media, 'openRtp').mockRejectedValue(Object.assign(new Error('no ports'), { code: 'overloaded' }));
    await expect(command({ command: 'answer', legId })).rejects.toMatchObject({ code: 'overloaded' });
    expect(wire.lastResponse().status).toBe(503);
  });

  test('who leaves while the answer is prepared is gone, with the sockets opened for it', async () => {
    const { media, hear, arrive, command } = engine();
    const legId = arrive({ branch: 'z9hG4bK-gone' });
    const answer = command({ command: 'answer', legId });
    hear(request({ method: 'CANCEL', branch: 'z9hG4bK-gone' }));
    await expect(answer).rejects.toMatchObject({ code: 'no-such-leg' });
    expect(media.open.size).toBe(0);
  });

  test('without media for too long is hung up by the engine', async () => {
    const { wire, media, events, hear, arrive, command } = engine();
    const legId = arrive();
    await command({ command: 'answer', legId });
    hear(request({ method: 'ACK', toTag: tagOf(wire.lastResponse().to) }));
    media.emit('media-timeout', { legId });
    await vi.advanceTimersByTimeAsync(0);
    expect(events.at(-1)).toMatchObject({ event: 'ended', reason: 'media-timeout', by: 'engine' });
    expect(wire.lastRequest().method).toBe('BYE');
  });

  test.each([
    [486, 'busy'],
    [603, 'rejected'],
  ])('rejected with %i ends as %s', async (status, reason) => {
    const { wire, events, arrive, command } = engine();
    await command({ command: 'reject', legId: arrive(), status });
    expect(wire.lastResponse().status).toBe(status);
    expect(events.at(-1)).toMatchObject({ event: 'ended', reason, by: 'server' });
  });

  test('cannot be answered twice, and nobody can be answered who is not there', async () => {
    const { arrive, command } = engine();
    const legId = arrive();
    await command({ command: 'answer', legId });
    await expect(command({ command: 'answer', legId })).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(command({ command: 'reject', legId, status: 486 })).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(command({ command: 'answer', legId: 'nobody' })).rejects.toMatchObject({ code: 'no-such-leg' });
  });
});

describe('a call we make', () => {
  const dial: VoiceCommand = {
    command: 'dial',
    legId: 'ours',
    to: '0031 970-100003',
    from: '+31970100002',
    timeoutSeconds: 30,
  };

  test('rings, is answered and ended, under the name the server chose', async () => {
    const { wire, media, calls, events, hear, command } = engine();
    await command(dial);
    await vi.advanceTimersByTimeAsync(0);
    const invite = wire.lastRequest();
    expect(invite.uri).toMatchObject({ user: '+31970100003', host: '192.0.2.9', port: 5062 });
    await expect(command(dial)).rejects.toMatchObject({ code: 'wrong-state' });
    hear(response(invite, 180));
    expect(calls.snapshot().legs).toMatchObject([
      { legId: 'ours', direction: 'out', state: 'ringing', to: '0031 970-100003' },
    ]);
    hear(response(invite, 200, { body: sdp() }));
    await command({ command: 'hangup', legId: 'ours' });
    expect(names(events)).toBe('ringing answered ended');
    expect(events.at(-1)).toMatchObject({ reason: 'hangup', by: 'server' });
    expect(media.open.size).toBe(0);
  });

  test('is not begun when there are as many as allowed', async () => {
    const { arrive, command } = engine();
    for (let at = 0; at < 10; at++) arrive({ callId: `call-${at}` });
    await expect(command(dial)).rejects.toMatchObject({ code: 'overloaded' });
  });
});

describe('an agent’s browser', () => {
  const connect: VoiceCommand = { command: 'connect-browser', legId: 'agent', sdp: sdp() };

  test('connects once, answers calls by bridges, and only leaves its bridge when hung up', async () => {
    const { media, calls, events, command } = engine();
    expect(await command(connect)).toMatchObject({ sdp: expect.stringContaining('m=audio') });
    expect(calls.snapshot().legs).toMatchObject([{ kind: 'browser', state: 'ringing' }]);
    media.emit('browser-connected', { legId: 'agent' });
    await command({ command: 'bridge', bridgeId: 'b', legIds: ['agent'] });
    await command({ command: 'hangup', legId: 'agent' });
    expect(calls.snapshot().legs).toMatchObject([{ state: 'up', bridgeId: null }]);
    await command(connect); // the tab was loaded again
    media.emit('browser-connected', { legId: 'agent' });
    media.emit('browser-disconnected', { legId: 'agent' });
    expect(calls.snapshot().legs).toEqual([]);
    expect(names(events)).toBe('browser-connected browser-connected browser-disconnected');
  });

  test('is disconnected by command, and every server hears of it', async () => {
    const { media, events, command } = engine();
    await command(connect);
    await command({ command: 'disconnect-browser', legId: 'agent' });
    expect(names(events)).toBe('browser-disconnected');
    expect(media.open.size).toBe(0);
  });

  test('with an offer we cannot use is refused and leaves nothing', async () => {
    const { calls, command } = engine();
    await expect(command({ command: 'connect-browser', legId: 'agent', sdp: 'v=0' })).rejects.toMatchObject({
      code: 'bad-sdp',
    });
    expect(calls.snapshot().legs).toEqual([]);
  });
});

describe('where a call goes', () => {
  const routes = (to: string, more: Partial<Extract<VoiceCommand, { command: 'dial' }>> = {}, trunks = [trunkAt()]) => {
    const { agent } = agentOn(new Wire('UDP'));
    agent.configure(trunks, 'desk.example.org', []);
    const dial = { command: 'dial' as const, legId: 'a', to, from: '+31970100002', timeoutSeconds: 20, ...more };
    return routesOf(dial, agent, '192.0.2.1');
  };

  test('numbers to the trunk, addresses to where they say, the rest nowhere', () => {
    expect(routes('tel:+31-970-100003')).toMatchObject([{ uri: { user: '+31970100003', host: '192.0.2.9' } }]);
    expect(routes('sip:noor@example.org')).toMatchObject([{ uri: { user: 'noor', host: 'example.org' } }]);
    for (const odd of ['', 'sip:', 'sip:a b@c', '+31;ext=1', 'a@b', '+31\r\nX: y'])
      expect(() => routes(odd)).toThrow(expect.objectContaining({ code: 'bad-command' }));
    expect(() => routes('+31970100003', {}, [])).toThrow(expect.objectContaining({ code: 'unreachable' }));
    expect(() => routes('noor', { via: 'phone' })).toThrow(expect.objectContaining({ code: 'no-such-phone' }));
  });

  test('by each trunk in its order, written as that trunk wants it, with its own account', () => {
    const credentials = { user: 'kernlijn', password: 'a-secret' };
    const second = trunkAt({ trunkId: 'b', host: 'b.example.org', numberFormat: 'national', credentials, priority: 1 });
    const found = routes('+31970100003', { from: '+4930123456' }, [trunkAt({ priority: 2 }), second]);
    expect(found).toMatchObject([
      { uri: { user: '0970100003', host: 'b.example.org' }, from: { user: '004930123456' }, credentials },
      { uri: { user: '+31970100003', host: '192.0.2.9' }, from: { user: '+4930123456' }, credentials: null },
    ]);
  });

  test('a caller without number is anonymous, one who hides his is known to the trunk only', () => {
    const anonymous = { user: 'anonymous', host: 'anonymous.invalid' };
    expect(routes('+31970100003', { from: '' })).toMatchObject([{ from: anonymous }]);
    expect(routes('+31970100003')).toMatchObject([{ from: { user: '+31970100002', host: '192.0.2.9' }, headers: [] }]);
    const [hidden] = routes('+31970100003', { anonymous: true });
    expect(hidden).toMatchObject({ from: anonymous, displayName: 'Anonymous' });
    expect(hidden?.headers).toEqual([
      { name: 'privacy', value: 'id' },
      { name: 'p-asserted-identity', value: '<sip:+31970100002@192.0.2.9>' },
    ]);
    expect(routes('sip:noor@example.org', { anonymous: true })).toMatchObject([{ from: anonymous }]);
  });

  test('a trunk is read from one setting', () => {
    expect(parseTrunk('sip.example.org')).toEqual({ host: 'sip.example.org', port: null, transport: 'udp' });
    expect(parseTrunk('[2001:db8::1]:5070;transport=TCP')).toEqual({
      host: '[2001:db8::1]',
      port: 5070,
      transport: 'tcp',
    });
    expect([parseTrunk(''), parseTrunk('a b'), parseTrunk('a;transport=ws')]).toEqual([null, null, null]);
  });
});

test('tasks on the same leg wait for each other, others do not', async () => {
  const turns = new InTurn();
  const done: string[] = [];
  const task = (name: string, milliseconds: number) => async () => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    done.push(name);
    if (name === 'fails') throw new Error('failed');
  };
  const failing = turns.run(['a'], task('fails', 50)).catch(() => undefined);
  void turns.run(['a', 'b'], task('second', 10));
  void turns.run(['b'], task('third', 0));
  void turns.run(['c'], task('other', 0));
  await vi.advanceTimersByTimeAsync(100);
  await failing;
  expect(done).toEqual(['other', 'fails', 'second', 'third']);
});
