import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { readConfig } from '../../platform/config.ts';
import { iceServers } from './turn.ts';

const now = new Date('2026-11-25T08:00:00Z');
const given = {
  TURN_URLS: 'turn:turn.example.org:3478, turns:turn.example.org:5349',
  TURN_SECRET: 'a-secret-of-coturn',
};

it('without a TURN server a browser is given none, and looks for its own way', () => {
  expect(iceServers(readConfig({}).turn, 'x', now)).toEqual({ iceServers: [], iceTransportPolicy: 'all' });
});

it('credentials hold for twelve hours and are what coturn makes of its secret', () => {
  const { turn } = readConfig(given);
  const username = `${now.getTime() / 1_000 + 12 * 3_600}:agent-1`;
  expect(iceServers(turn, 'agent-1', now)).toEqual({
    iceServers: [
      {
        urls: ['turn:turn.example.org:3478', 'turns:turn.example.org:5349'],
        username,
        credential: createHmac('sha1', 'a-secret-of-coturn').update(username).digest('base64'),
      },
    ],
    iceTransportPolicy: 'all',
  });
  expect(iceServers(readConfig({ ...given, TURN_ONLY: '1' }).turn, 'x', now).iceTransportPolicy).toBe('relay');
});

it('half a configuration is refused at the start', () => {
  expect(() => readConfig({ TURN_URLS: given.TURN_URLS })).toThrow(/TURN_SECRET/);
  expect(() => readConfig({ TURN_ONLY: '1' })).toThrow(/TURN_URLS/);
  expect(() => readConfig({ ...given, TURN_URLS: 'turn.example.org' })).toThrow(/TURN_URLS/);
});
