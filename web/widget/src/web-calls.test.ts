/** The checks by hand take what the contract lets out, and nothing that it would not. */
import { readWebCall, startWebCall, WebCallState, webCallIce } from '@kernlijn/contract/web-call';
import { expect, test } from 'vitest';
import { isTelephones } from './calling.ts';
import { readCallState, readDoor, readIce, readStarted } from './web-calls.ts';

const turn = { urls: ['turn:turn.example.org'], username: '1:visitor', credential: 'geheim' };

test('what the server sends is understood', () => {
  for (const door of [
    { open: true, opensAt: null },
    { open: false, opensAt: '2026-11-25T08:00:00.000Z' },
  ])
    expect(readDoor(readWebCall.reply.parse(door))).toEqual(door);
  const ice = { iceServers: [turn, { urls: ['stun:stun.example.org'] }], iceTransportPolicy: 'relay' as const };
  expect(readIce(webCallIce.reply.parse(ice))).toEqual(ice);
  expect(readStarted(startWebCall.reply.parse({ ...ice, token: 'x' }))).toEqual({ ...ice, token: 'x' });
  for (const state of WebCallState.shape.state.options) {
    const told = { state, agentName: state === 'talking' ? 'Daan' : null, ahead: state === 'waiting' ? 2 : null };
    expect(readCallState(WebCallState.parse(told))).toEqual(told);
  }
});

test('anything else is not', () => {
  for (const nonsense of [null, 1, 'x', [], {}, { open: 'yes', opensAt: null }, { state: 'gone', agentName: null }]) {
    expect(readDoor(nonsense)).toBeNull();
    expect(readIce(nonsense)).toBeNull();
    expect(readStarted(nonsense)).toBeNull();
    expect(readCallState(nonsense)).toBeNull();
  }
  expect(readIce({ iceServers: [{ urls: 7 }], iceTransportPolicy: 'all' })).toBeNull();
  expect(readStarted({ iceServers: [], iceTransportPolicy: 'all' })).toBeNull();
});

test('only what a telephone speaks is offered', () => {
  const codec = (mimeType: string, clockRate = 8_000) => isTelephones({ mimeType, clockRate });
  expect([codec('audio/PCMU'), codec('audio/PCMA'), codec('audio/telephone-event')]).toEqual([true, true, true]);
  expect([codec('audio/opus', 48_000), codec('audio/G722'), codec('audio/telephone-event', 48_000)]).toEqual([
    false,
    false,
    false,
  ]);
});
