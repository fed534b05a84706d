import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { header, headers, tagOf } from './message.ts';
import { account, realm, Telephone } from './telephone.fixture.ts';
import { agentOn, PaperMedia, request, response, sdp, trunkAt, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const phones = [account('noor', 'a-secret'), account('sem', 'another')];

/** A trunk at 192.0.2.200, two accounts, and a telephone at 192.0.2.9. */
function desk(protocol: 'UDP' | 'TCP' = 'UDP') {
  const wire = new Wire(protocol);
  const on = agentOn(wire);
  on.agent.configure([trunkAt({ host: '192.0.2.200' })], realm, phones);
  return { ...on, wire, noor: new Telephone(wire, on.hear, 'noor', 'a-secret') };
}

describe('a desk phone registers', () => {
  test.each(['SHA-256', 'MD5'])('with %s, for as long as it asks', (algorithm) => {
    const { noor, wire, agent, phones: told } = desk();
    expect(noor.register({ algorithm })).toBe(200);
    expect(header(wire.lastResponse(), 'contact')).toBe('<sip:noor@192.0.2.9:5062>;expires=600');
    expect(agent.registeredPhones).toEqual(['noor']);
    expect(told).toEqual(['noor in']);
  });

  test('is offered the better algorithm first, in one realm', () => {
    const { noor, wire } = desk();
    noor.ask({ method: 'REGISTER', uri: `sip:${realm}` });
    const offered = headers(wire.lastResponse(), 'www-authenticate');
    expect(offered.map((value) => /algorithm=([^,]+)/.exec(value)?.[1])).toEqual(['SHA-256', 'MD5']);
    expect(offered.every((value) => value.includes(`realm="${realm}"`) && value.includes('qop="auth"'))).toBe(true);
  });

  test('in the old way, if it does not answer where there is a new one', () => {
    const { noor, wire } = desk();
    const offered = () => {
      noor.ask({ method: 'REGISTER', uri: `sip:${realm}` });
      return headers(wire.lastResponse(), 'www-authenticate').map((value) => /algorithm=([^,]+)/.exec(value)?.[1]);
    };
    expect([offered(), offered()]).toEqual([['SHA-256', 'MD5'], ['MD5']]);
    expect(noor.register()).toBe(200);
    expect(offered()).toEqual(['MD5']);
  });

  test('and is gone when its time is over, or when it says so', async () => {
    const { noor, hear, wire, agent, phones: told } = desk();
    const answering = () => {
      const asked = wire.sent.at(-1);
      if (asked?.kind === 'request' && asked.method === 'OPTIONS') hear(response(asked, 200));
    };
    noor.register({ seconds: 120 });
    for (let second = 0; second < 119; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      answering();
    }
    expect(agent.phone('noor')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(agent.phone('noor')).toHaveLength(0);
    noor.register();
    noor.register({ seconds: 0, contact: '*' });
    expect(told).toEqual(['noor in', 'noor out', 'noor in', 'noor out']);
  });

  test('and is taken to be gone when it no longer answers', async () => {
    const { noor, wire, agent } = desk();
    noor.register({ seconds: 3_600 });
    await vi.advanceTimersByTimeAsync(90_000);
    expect(wire.sent.some((message) => message.kind === 'request' && message.method === 'OPTIONS')).toBe(true);
    expect(agent.registeredPhones).toEqual([]);
  });

  test('over a connection it is gone with that', () => {
    const { noor, wire, agent, phones: told } = desk('TCP');
    noor.register();
    wire.emit('close');
    expect([agent.registeredPhones, told]).toEqual([[], ['noor in', 'noor out']]);
  });

  test('with several telephones, ten at most', () => {
    const { noor, wire, agent, phones: told } = desk();
    for (let n = 1; n <= 12; n++) noor.register({ contact: `<sip:noor@192.0.2.${n}>` });
    expect(headers(wire.lastResponse(), 'contact')).toHaveLength(10);
    expect(agent.phone('noor')).toHaveLength(10);
    expect(told).toEqual(['noor in']);
  });

  test.each([
    ['for too short', 423, { seconds: 30 }],
    ['as * together with another', 400, { contact: '*, <sip:noor@192.0.2.9>', seconds: 0 }],
    ['as * without taking back', 400, { contact: '*' }],
    ['by the web', 400, { contact: '<https://example.org>' }],
    ['through a proxy without saying that it knows Path', 420, { more: ['Path: <sip:p.example.org;lr>'] }],
  ])('not %s: %i', (_how, status, how) => {
    const { noor, agent } = desk();
    expect(noor.register(how)).toBe(status);
    expect(agent.registeredPhones).toEqual([]);
  });

  test('not as somebody else', () => {
    const { noor, agent, wire } = desk();
    noor.say({ method: 'REGISTER', uri: `sip:${realm}`, to: `<sip:sem@${realm}>` });
    expect(wire.lastResponse().status).toBe(403);
    expect(agent.registeredPhones).toEqual([]);
  });

  test('not by what somebody overheard: an answer counts once', () => {
    const { noor, hear, wire } = desk();
    const proven = noor.say({ method: 'REGISTER', uri: `sip:${realm}`, more: ['Expires: 600'] });
    expect(wire.lastResponse().status).toBe(200);
    hear({ ...proven, via: { ...proven.via, params: new Map([['branch', 'z9hG4bK-stolen']]) }, callId: 'thief' });
    expect(wire.lastResponse().status).toBe(401);
    expect(headers(wire.lastResponse(), 'www-authenticate')[0]).toContain('stale=true');
  });

  test('with an old question it is asked anew, and no guess is counted', async () => {
    const { noor, wire } = desk();
    const proof = () => noor.say({ method: 'REGISTER', uri: `sip:${realm}` });
    const { headers: before } = proof();
    await vi.advanceTimersByTimeAsync(400_000);
    const old = before.find(({ name }) => name === 'authorization')?.value ?? '';
    noor.ask({
      method: 'REGISTER',
      uri: `sip:${realm}`,
      more: [`Authorization: ${old.replace('nc=00000001', 'nc=00000002')}`],
    });
    expect(wire.lastResponse().status).toBe(401);
    expect(noor.register()).toBe(200);
  });

  test('and stops being registered when its account is taken away', () => {
    const { noor, agent } = desk();
    noor.register();
    agent.configure([], realm, [account('sem', 'another')]);
    expect(agent.registeredPhones).toEqual([]);
  });
});

describe('a call to a desk phone', () => {
  async function called(contacts: string[]) {
    const made = desk();
    for (const contact of contacts) made.noor.register({ contact });
    const media = new PaperMedia();
    const routes = made.agent.phone('noor').map(({ uri, flow }) => ({
      uri,
      from: request({ method: 'INVITE' }).from.uri,
      displayName: '',
      headers: [],
      credentials: null,
      srtp: 'off' as const,
      way: flow,
    }));
    const call = made.agent.dial({
      routes: routes.flatMap((route) => (route.from.scheme === 'sip' ? [{ ...route, from: route.from }] : [])),
      order: 'all-at-once',
      media,
      timeoutSeconds: 30,
    });
    const ended = vi.fn<(ending: object) => void>();
    call.on('ended', ended);
    await call.start();
    const invites = made.wire.sent.flatMap((one) => (one.kind === 'request' && one.method === 'INVITE' ? [one] : []));
    return { ...made, call, ended, media, invites };
  }

  test('rings all of them, and the others stop when one is answered', async () => {
    const { wire, hear, invites, media } = await called(['<sip:noor@192.0.2.9:5062>', '<sip:noor@192.0.2.10>']);
    expect(invites.map(({ uri }) => 'host' in uri && uri.host)).toEqual(['192.0.2.10', '192.0.2.9']);
    const [first, second] = invites;
    if (!first || !second) throw new Error('two telephones ring');
    hear(response(first, 180, { tag: 'one', body: sdp() }));
    hear(response(second, 180, { tag: 'two' }));
    hear(response(second, 200, { tag: 'two', body: sdp() }));
    await vi.advanceTimersByTimeAsync(0);
    expect(media.applied).toHaveLength(1);
    expect(wire.story).toMatch(/INVITE INVITE CANCEL ACK$/);
    const cancel = wire.sent.findLast((one) => one.kind === 'request' && one.method === 'CANCEL');
    expect(cancel?.via.params.get('branch')).toBe(first.via.params.get('branch'));
  });

  test('that one declines goes on at the others; what the last of them says is the answer', async () => {
    const { hear, invites, ended } = await called(['<sip:noor@192.0.2.9:5062>', '<sip:noor@192.0.2.10>']);
    const [first, second] = invites;
    if (first) hear(response(first, 486, { tag: 'one' }));
    expect(ended).not.toHaveBeenCalled();
    if (second) hear(response(second, 480, { tag: 'two' }));
    expect(ended).toHaveBeenCalledExactlyOnceWith({ reason: 'busy', by: 'remote' });
  });
});

describe('a call from a desk phone', () => {
  test('proves who it is, and is announced as that person whatever its From says', () => {
    const { noor, calls, wire } = desk();
    noor.say({ method: 'INVITE', from: '<sip:noor@elsewhere.example.org>', body: sdp() });
    expect(wire.story).toBe('407 100');
    expect(calls[0]).toMatchObject({ phone: 'noor', identity: { from: 'noor', to: 'service' } });
  });

  test('is challenged without a transaction, always with the same tag', () => {
    const { noor, agent, wire } = desk();
    noor.ask({ method: 'INVITE', body: sdp(), branch: 'z9hG4bKsame', cseq: 1 });
    noor.ask({ method: 'INVITE', body: sdp(), branch: 'z9hG4bKsame', cseq: 1 });
    const [one, two] = wire.sent;
    expect(one && two && tagOf(one.to)).toBe(two && tagOf(two.to));
    expect(agent.usage.transactions).toBe(0);
  });

  test('the trunk is not asked, and its caller is told in E.164', () => {
    const { agent, calls, hear } = desk();
    const format = { numberFormat: 'national' as const, host: '192.0.2.200' };
    agent.configure([trunkAt(format)], realm, phones);
    const invite = request({
      method: 'INVITE',
      uri: 'sip:0970100002@192.0.2.1',
      from: '<sip:0612345678@example.org>',
      body: sdp(),
      more: ['P-Asserted-Identity: <sip:0612345679@example.org>'],
    });
    hear(invite, new Wire('UDP', '192.0.2.200'));
    expect(calls[0]).toMatchObject({ phone: null, identity: { from: '+31612345679', to: '+31970100002' } });
  });

  test('nobody else gets in, and a stranger learns nothing', () => {
    const { agent, calls, hear } = desk();
    const stranger = new Wire('UDP', '203.0.113.9');
    hear(request({ method: 'INVITE', body: sdp() }), stranger);
    hear(request({ method: 'OPTIONS' }), stranger);
    hear(request({ method: 'BYE', toTag: 'guess' }), stranger);
    expect([stranger.story, calls.length, agent.usage.transactions]).toEqual(['407', 0, 0]);
  });

  test('without any account a stranger hears nothing at all', () => {
    const { agent, hear } = desk();
    agent.configure([trunkAt({ host: '192.0.2.200' })], realm, []);
    const stranger = new Wire('UDP', '203.0.113.9');
    hear(request({ method: 'INVITE', body: sdp() }), stranger);
    hear(request({ method: 'REGISTER' }), stranger);
    expect(stranger.story).toBe('');
  });
});

describe('whoever guesses passwords', () => {
  const guess = (made: ReturnType<typeof desk>, address: string, user = 'noor') => {
    const wire = new Wire('UDP', address);
    const thief = new Telephone(wire, made.hear, user, 'guessed');
    thief.register();
    return wire;
  };

  test('is not answered any more after some, for longer each time', async () => {
    const made = desk();
    for (let n = 0; n < 8; n++) guess(made, '203.0.113.9');
    const ask = () => {
      const wire = new Wire('UDP', '203.0.113.9');
      new Telephone(wire, made.hear, 'noor', 'x').ask({ method: 'REGISTER', uri: `sip:${realm}` });
      return wire.story;
    };
    expect(ask()).toBe('');
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ask()).toBe('401');
    for (let n = 0; n < 8; n++) guess(made, '203.0.113.9');
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ask()).toBe('');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask()).toBe('401');
  });

  test('from many addresses is stopped by user, but the telephone that was here before goes on', () => {
    const made = desk();
    made.noor.register();
    for (let n = 1; n <= 20; n++) guess(made, `203.0.113.${n}`);
    const other = new Wire('UDP', '203.0.113.99');
    expect(new Telephone(other, made.hear, 'noor', 'a-secret').register()).toBe(403);
    expect(made.noor.register()).toBe(200);
  });

  test('in an office is alone in it: the others behind its address are heard', () => {
    const made = desk();
    made.noor.register();
    for (let n = 0; n < 9; n++) guess(made, '192.0.2.9', 'sem');
    expect(made.noor.register()).toBe(200);
    expect(guess(made, '192.0.2.9', 'sem').lastResponse().status).toBe(403);
  });
});
