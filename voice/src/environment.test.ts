import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

const VOICE_TOKEN = 'a-token-for-tests';

test('a token is all that must be set', () => {
  expect(readEnvironment({ VOICE_TOKEN, HOST: '', VOICE_TRUNK: '' })).toMatchObject({
    host: '127.0.0.1',
    publicAddress: '127.0.0.1',
    sipPort: 5060,
    trunk: null,
    tls: null,
    allow: [],
  });
});

test('every setting reaches the engine', () => {
  const read = readEnvironment({
    VOICE_TOKEN,
    HOST: '0.0.0.0',
    SIP_PORT: '5070',
    VOICE_PUBLIC_ADDRESS: '192.0.2.1',
    VOICE_CONTROL_PORT: '7000',
    VOICE_RTP_MIN: '30000',
    VOICE_RTP_MAX: '30100',
    VOICE_MEDIA_TIMEOUT: '20',
    VOICE_TRUNK: 'sip.example.org:5080',
    VOICE_TRUNK_USER: 'kernlijn',
    VOICE_TRUNK_PASSWORD: 'a-secret',
    VOICE_TRUNK_REGISTER: 'true',
    VOICE_MAX_CALLS: '12',
    VOICE_PROMPTS: '/prompts/one:/prompts/two',
    VOICE_RECORDINGS: '/recordings',
    VOICE_ALLOW: '192.0.2.0/24, 2001:db8::1',
  });
  expect(read).toEqual({
    token: VOICE_TOKEN,
    host: '0.0.0.0',
    publicAddress: '192.0.2.1',
    sipPort: 5070,
    controlPort: 7000,
    rtpPortMin: 30_000,
    rtpPortMax: 30_100,
    mediaTimeoutSeconds: 20,
    trunk: {
      trunkId: 'environment',
      name: 'sip.example.org',
      host: 'sip.example.org',
      port: 5080,
      transport: 'udp',
      srtp: 'off',
      credentials: { user: 'kernlijn', password: 'a-secret' },
      registers: true,
      allow: [],
      numberFormat: 'plus',
      country: '31',
      priority: 1,
    },
    tls: null,
    asterisk: null,
    maxCalls: 12,
    promptDirs: ['/prompts/one', '/prompts/two'],
    recordingDir: '/recordings',
    allow: ['192.0.2.0/24', '2001:db8::1'],
  });
});

test('without a public address, peers are not told to call 0.0.0.0', () => {
  expect(readEnvironment({ VOICE_TOKEN, HOST: '0.0.0.0' })).toMatchObject({
    publicAddress: expect.not.stringMatching(/^0\./),
  });
});

test.each([
  [{}, 'VOICE_TOKEN'],
  [{ VOICE_TOKEN: 'short' }, 'VOICE_TOKEN'],
  [{ VOICE_TOKEN, SIP_PORT: '70000' }, 'SIP_PORT'],
  [{ VOICE_TOKEN, VOICE_TRUNK: 'not a host' }, 'VOICE_TRUNK'],
  [{ VOICE_TOKEN, VOICE_ALLOW: '192.0.2.0/99' }, 'VOICE_ALLOW'],
  [{ VOICE_TOKEN, VOICE_TRUNK_REGISTER: 'true' }, 'VOICE_TRUNK_REGISTER'],
  [{ VOICE_TOKEN, VOICE_TLS_CERT: '/nowhere' }, 'VOICE_TLS_KEY'],
  [{ VOICE_TOKEN, VOICE_TLS_CERT: '/nowhere', VOICE_TLS_KEY: '/nowhere' }, 'VOICE_TLS_CERT'],
  [{ VOICE_TOKEN, VOICE_RTP_MIN: '30000', VOICE_RTP_MAX: '20000' }, 'VOICE_RTP_MAX'],
])('%j: the problem names the variable', (source, name) => {
  expect(readEnvironment(source)).toEqual({ problem: expect.stringContaining(name) });
});
