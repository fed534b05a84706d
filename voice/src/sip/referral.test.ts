import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { header, tagOf } from './message.ts';
import { agentOn, PaperMedia, request, response, sdp, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(0);

function talking() {
  const wire = new Wire('TCP');
  const { calls, hear } = agentOn(wire);
  hear(request({ method: 'INVITE', body: sdp() }));
  const [call] = calls;
  if (!call) throw new Error('no call');
  const asked = vi.fn<(to: string) => void>();
  call.on('transfer-asked', asked);
  call.answer(new PaperMedia());
  const toTag = tagOf(wire.lastResponse().to);
  hear(request({ method: 'ACK', toTag }));
  wire.sent.length = 0;
  const refer = (referTo: string, cseq = 2) =>
    hear(request({ method: 'REFER', cseq, toTag, more: [`Refer-To: ${referTo}`] }));
  return { wire, call, hear, asked, refer };
}

test('a wish to be transferred is accepted and told; the asker hears that it is tried, and that it was done', async () => {
  const { wire, call, hear, asked, refer } = talking();
  refer('<sip:+31970100003@example.org>');
  await settle();
  expect(asked).toHaveBeenCalledExactlyOnceWith('+31970100003');
  expect(wire.story).toBe('202 NOTIFY');
  const trying = wire.lastRequest();
  expect([header(trying, 'event'), header(trying, 'subscription-state')]).toEqual(['refer;id=2', 'active;expires=180']);
  expect([header(trying, 'content-type'), trying.body.toString()]).toEqual([
    'message/sipfrag;version=2.0',
    'SIP/2.0 100 Trying\r\n',
  ]);
  hear(response(trying, 200));
  call.hangup({ reason: 'hangup', by: 'server' });
  await settle();
  expect(wire.story).toBe('202 NOTIFY NOTIFY BYE');
  const [done] = wire.sent.filter((one) => one.kind === 'request' && one.method === 'NOTIFY').slice(-1);
  expect(done?.body.toString()).toBe('SIP/2.0 200 OK\r\n');
  expect(done && header(done, 'subscription-state')).toBe('terminated;reason=noresource');
});

test('one that comes to nothing ends after three minutes', async () => {
  const { wire, hear, refer } = talking();
  refer('<tel:+31970100003>');
  await settle();
  hear(response(wire.lastRequest(), 200));
  await vi.advanceTimersByTimeAsync(180_000);
  expect(wire.lastRequest().body.toString()).toBe('SIP/2.0 408 Request Timeout\r\n');
});

test.each([
  [501, '<sip:a@example.org?Replaces=call%3Bto-tag%3D1%3Bfrom-tag%3D2>'],
  [501, '<sip:a@example.org;method=BYE>'],
  [400, '<https://example.org>'],
  [400, '<sip:example.org>'],
])('%i: %s', (status, referTo) => {
  const { wire, asked, refer } = talking();
  refer(referTo);
  expect(wire.story).toBe(String(status));
  expect(asked).not.toHaveBeenCalled();
});

test('a second wish while one is open is refused for now', async () => {
  const { wire, refer } = talking();
  refer('<sip:a@example.org>');
  await settle();
  refer('<sip:b@example.org>', 3);
  expect(wire.lastResponse().status).toBe(491);
});

test('outside a call nothing can be transferred, and nothing replaced that must be', () => {
  const wire = new Wire('UDP');
  const { hear } = agentOn(wire);
  hear(request({ method: 'REFER', more: ['Refer-To: <sip:a@example.org>'] }));
  hear(request({ method: 'INVITE', body: sdp(), more: ['Require: replaces', 'Replaces: x;to-tag=1;from-tag=2'] }));
  expect(wire.story).toBe('481 420');
});
