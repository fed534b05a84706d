import { expect, test } from 'vitest';
import { infoDigit, isReadable, sdpOf } from './body.ts';
import { identityOf } from './identity.ts';
import { request, sdp } from './wire.fixture.ts';

const invite = (...more: string[]) => request({ method: 'INVITE', uri: 'tel:+31970100009', more });
const asserted = 'P-Asserted-Identity: "Bakkerij" <tel:+31970100007>, <sip:+31970100007@example.org>';

test('the caller is whom From says, until a trusted peer asserts another', () => {
  expect(identityOf(invite(asserted), false)).toEqual({
    from: '+31970100001',
    to: '+31970100009',
    displayName: 'Noor',
  });
  expect(identityOf(invite(asserted), true)).toEqual({
    from: '+31970100007',
    to: '+31970100009',
    displayName: 'Bakkerij',
  });
});

test.each([
  ['Privacy: id', invite(asserted, 'Privacy: id')],
  ['Privacy: header;user', invite('Privacy: header;user')],
])('a caller who withholds the number is nobody (%s)', (_how, message) => {
  expect(identityOf(message, true)).toMatchObject({ from: '', displayName: '' });
});

test('an anonymous From is nobody', () => {
  const message = invite();
  const from = {
    ...message.from,
    uri: {
      scheme: 'sip' as const,
      user: 'anonymous',
      host: 'anonymous.invalid',
      port: null,
      params: new Map(),
      headers: '',
    },
  };
  expect(identityOf({ ...message, from }, false).from).toBe('');
});

test('SDP is found alone and among other parts, and what cannot be read is said to be so', () => {
  const body = `--b1\r\nContent-Type: application/isup\r\n\r\nx\r\n--b1\r\nContent-Type: application/sdp\r\n\r\n${sdp()}\r\n--b1--\r\n`;
  const typed = (type: string, text: string, ...more: string[]) =>
    request({ method: 'INVITE', body: ` ${text}`.slice(1), more: [`Content-Type: ${type}`, ...more] });
  expect(sdpOf(request({ method: 'INVITE' }))).toBeNull();
  expect(sdpOf(request({ method: 'INVITE', body: sdp() }))).toBe(sdp());
  expect(sdpOf(typed('multipart/mixed;boundary=b1', body))).toBe(sdp());
  const pidf = 'application/pidf+xml';
  const parts = [
    typed('multipart/mixed', body),
    typed(pidf, '<x/>'),
    typed(pidf, '<x/>', 'Content-Disposition: x;handling=optional'),
  ];
  expect(parts.map(sdpOf)).toEqual([null, null, null]);
  expect(parts.map(isReadable)).toEqual([false, false, true]);
});

test('an INFO with something other than one digit brings none', () => {
  const info = (body: string) =>
    infoDigit(request({ method: 'INFO', body, more: ['Content-Type: application/dtmf-relay'] }));
  expect(['Signal=5', 'Signal=*', 'signal= 11\r\nDuration=1', 'Signal=a'].map(info)).toEqual(['5', '*', '#', 'A']);
  expect(['Signal=99', 'Signal=', 'Duration=5', 'Signal=55'].map(info)).toEqual([null, null, null, null]);
});
