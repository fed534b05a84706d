import type { Trunk, VoiceCommand } from '@kernlijn/contract/voice';
import { describe, expect, test } from 'vitest';
import { routesTo } from './routes.ts';
import { objectsOf } from './pjsip-objects.ts';

const trunk = (is: Partial<Trunk> = {}): Trunk => ({
  ...{ trunkId: 'main', name: 'Main', host: 'sip.example.org', port: null, transport: 'udp', srtp: 'off' },
  ...{ credentials: null, registers: false, allow: [], numberFormat: 'plus', country: '31', priority: 1 },
  ...is,
});
const dial = (is: Partial<Extract<VoiceCommand, { command: 'dial' }>> = {}) => ({
  ...{ command: 'dial' as const, legId: 'leg', to: '+31 970 100 003', from: '+31970100002', timeoutSeconds: 20 },
  ...is,
});

describe('the ways to who is dialled', () => {
  test.each([
    ['plus', '+31970100003', '+31970100002'],
    ['digits', '31970100003', '31970100002'],
    ['national', '0970100003', '0970100002'],
  ] as const)('write numbers as the trunk wants them (%s)', (numberFormat, to, from) => {
    const [route] = routesTo(dial(), { trunks: [trunk({ numberFormat })], phones: [] });
    expect(route).toMatchObject({ endpoint: `PJSIP/trunk-main/sip:${to}@sip.example.org`, from });
  });

  test('go through the trunks in their order, each by its transport', () => {
    const trunks = [
      trunk({ trunkId: 'second', priority: 2, host: '2001:db8::1', port: 5062, transport: 'tcp' }),
      trunk(),
    ];
    expect(routesTo(dial(), { trunks, phones: [] }).map(({ endpoint }) => endpoint)).toEqual([
      'PJSIP/trunk-main/sip:+31970100003@sip.example.org',
      'PJSIP/trunk-second/sip:+31970100003@[2001:db8::1]:5062;transport=tcp',
    ]);
  });

  test.each([
    ['sip:x@example.org&PJSIP/other', 'bad-command'],
    ['Local/s@anything', 'bad-command'],
    ['+31970100003', 'unreachable'],
  ])('lead nowhere but to SIP (%s)', (to, code) => {
    expect(() => routesTo(dial({ to }), { trunks: [], phones: [] })).toThrow(expect.objectContaining({ code }));
  });

  test('lead to a phone that has an account, and to no other endpoint', () => {
    const phones = [{ user: 'noor', ha1: { md5: '', sha256: '' } }];
    const via = 'phone' as const;
    expect(routesTo(dial({ to: 'noor', via }), { trunks: [], phones })).toMatchObject([{ endpoint: 'PJSIP/noor' }]);
    expect(() => routesTo(dial({ to: 'trunk-main', via }), { trunks: [trunk()], phones })).toThrow(
      expect.objectContaining({ code: 'no-such-phone' }),
    );
  });
});

describe('the objects of a trunk', () => {
  const options = { registers: true, mediaTimeoutSeconds: 30 };
  const kinds = (is: Partial<Trunk>, more = options) => objectsOf(trunk(is), more).map(({ kind }) => kind);

  test('hold a registration on one node only, and credentials before what refers to them', () => {
    const registering = { credentials: { user: 'a', password: 'b' }, registers: true };
    expect(kinds(registering)).toEqual(['auth', 'aor', 'endpoint', 'identify', 'registration']);
    expect(kinds(registering, { ...options, registers: false })).not.toContain('registration');
    expect(kinds({})).toEqual(['aor', 'endpoint', 'identify']);
  });

  test.each([
    ['off', 'no', 'no'],
    ['offered', 'sdes', 'yes'],
    ['required', 'sdes', 'no'],
  ] as const)('encrypt as asked: %s', (srtp, encryption, optimistic) => {
    const endpoint = objectsOf(trunk({ srtp }), options).find(({ kind }) => kind === 'endpoint');
    expect(endpoint?.fields).toMatchObject({
      media_encryption: encryption,
      media_encryption_optimistic: optimistic,
    });
  });

  test('let in whom the trunk names, or its host', () => {
    const match = (is: Partial<Trunk>) => objectsOf(trunk(is), options).find(({ kind }) => kind === 'identify')?.fields;
    expect(match({})).toMatchObject({ match: 'sip.example.org' });
    expect(match({ allow: ['192.0.2.0/24', '198.51.100.7'] })).toMatchObject({ match: '192.0.2.0/24,198.51.100.7' });
  });
});
