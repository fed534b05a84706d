import { describe, expect, it } from 'vitest';
import type { TrunkSettings } from '@kernlijn/contract/telephone-settings';
import { bodyOf, draftOf, faultsOf, troubleOf } from './trunk-draft.ts';

const trunk: TrunkSettings = {
  id: '019aa000-0000-7000-8000-000000000001',
  version: 3,
  name: 'Main',
  host: 'sip.example.org',
  port: null,
  transport: 'tls',
  srtp: 'offered',
  user: 'kernlijn',
  registers: true,
  allow: ['192.0.2.0/24', '2001:db8::1'],
  numberFormat: 'plus',
  country: '31',
  priority: 2,
  hasPassword: true,
  state: null,
};

describe('the form of a trunk', () => {
  it('leaves everything as it was, and says nothing of a password that was not typed', () => {
    const { id: _, version: _version, hasPassword: _has, state: _state, ...fields } = trunk;
    expect(bodyOf(draftOf(trunk))).toEqual(fields);
    expect(faultsOf(draftOf(trunk), trunk)).toEqual([]);
  });

  it('wants a name, a server and, to register, a user', () => {
    expect(faultsOf(draftOf(null), null)).toEqual(['name', 'host', 'user']);
    const known = { ...draftOf(null), name: 'By address', host: '192.0.2.1', registers: false };
    expect(faultsOf(known, null)).toEqual([]);
    expect(bodyOf(known)).toMatchObject({ user: null, allow: [] });
    expect(bodyOf(known)).not.toHaveProperty('password');
  });

  it('asks for the password again when it would go to another server or user', () => {
    expect(faultsOf({ ...draftOf(trunk), host: 'new.example.org' }, trunk)).toEqual(['password']);
    expect(faultsOf({ ...draftOf(trunk), user: 'other' }, trunk)).toEqual(['password']);
    expect(faultsOf({ ...draftOf(trunk), user: 'other', password: 'x' }, trunk)).toEqual([]);
    expect(faultsOf({ ...draftOf(trunk), user: '', registers: false }, trunk)).toEqual([]);
  });

  it('marks what is out of bounds', () => {
    const wrong = {
      ...draftOf(trunk),
      port: 70_000,
      priority: 0,
      country: 'NL',
      allow: '192.0.2.0/24\nsip.example.org',
    };
    expect(faultsOf(wrong, trunk)).toEqual(['port', 'priority', 'country', 'allow']);
  });
});

it.each([
  ['', null],
  ['no-answer', { is: 'noAnswer' }],
  ['no-address', { is: 'noAddress' }],
  ['status 403', { is: 'refused', status: '403' }],
  ['status 503', { is: 'status', status: '503' }],
  ['certificate of sip.example.org: it has expired', { is: 'certificate', why: 'sip.example.org: it has expired' }],
  ['unreachable', { is: 'unreachable' }],
])('the engine’s %j', (detail, trouble) => {
  expect(troubleOf(detail)).toEqual(trouble);
});
