import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadSdp } from '../rtp/bad-sdp.ts';
import { OutOfPorts } from '../rtp/ports.ts';
import { openBrowserPeer } from './browser-peer.ts';
import { completeAnswer, readOffer } from './browser-sdp.ts';

const chromium = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS f4',
  'm=audio 42012 UDP/TLS/RTP/SAVPF 0 8 110 126',
  'c=IN IP4 127.0.0.1',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2122260223 127.0.0.1 42012 typ host generation 0 network-id 1',
  'a=candidate:2 1 udp 2122260222 7d1f3e0a-1b7e-4b8e-9c57-000000000000.local 42013 typ host',
  'a=candidate:3 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active',
  'a=ice-ufrag:pNQk',
  'a=ice-pwd:v2cUe1J9cKxHHTE3PUKsR4rZ',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => '5A').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=ssrc:1234 cname:x',
  '',
].join('\r\n');

const options = {
  bindAddress: '127.0.0.1',
  publicAddress: '192.0.2.9',
  portMin: 0,
  portMax: 0,
  ssrc: 99,
  cname: 'test',
};
const nobody = { packet() {}, control() {} };
const unheard = { connected() {}, disconnected() {} };

test('of an offer only what is understood goes on: one law, telephone-event at 8000 Hz, candidates by number', () => {
  const offer = readOffer(chromium);
  expect(offer).toMatchObject({ mid: '0', law: 'PCMU', telephoneEvent: 126 });
  expect(offer.sdp.split('\r\n').filter((line) => /^a=(candidate|rtpmap|extmap|ssrc)/.test(line))).toEqual([
    'a=candidate:1 1 udp 2122260223 127.0.0.1 42012 typ host generation 0 network-id 1',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:126 telephone-event/8000',
  ]);
});

test('the answer of the native stack is complete: codecs as browsers know them, the public address first', async () => {
  const { transport, answer } = await openBrowserPeer(chromium, options, nobody, unheard);
  transport.close();
  const lines = answer.split('\r\n');
  expect(lines).toContainEqual(expect.stringMatching(/^m=audio \d+ UDP\/TLS\/RTP\/SAVPF 0 126$/));
  expect(lines).toEqual(
    expect.arrayContaining([
      'a=mid:0',
      'a=sendrecv',
      'a=rtcp-mux',
      'a=setup:active',
      'a=fmtp:126 0-15',
      'a=end-of-candidates',
    ]),
  );
  expect(lines.filter((line) => line.startsWith('a=rtpmap:'))).toEqual([
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:126 telephone-event/8000',
  ]);
  expect(answer).toMatch(/a=ssrc:99 /);
  const candidates = lines.filter((line) => line.startsWith('a=candidate:'));
  expect(candidates.map((line) => line.split(' ')[4])).toEqual(['192.0.2.9', '127.0.0.1']);
  expect(new Set(candidates.map((line) => line.split(' ')[5])).size).toBe(1);
});

test('a public address that was gathered is not named twice', () => {
  const native = 'a=rtcp-mux\r\na=candidate:1 1 UDP 2114977791 127.0.0.1 45568 typ host\r\n';
  const candidates = completeAnswer(native, readOffer(chromium), '127.0.0.1').match(/a=candidate:.*/g);
  expect(candidates).toEqual([expect.stringContaining(' 127.0.0.1 45568 typ host')]);
});

test.each([
  ['video beside the audio', `${chromium}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`],
  ['no G.711', chromium.replace('SAVPF 0 8 110 126', 'SAVPF 111 126')],
  ['unencrypted audio', chromium.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
  ['no fingerprint', chromium.replace(/a=fingerprint.*\r\n/, '')],
  ['no mid', chromium.replace('a=mid:0\r\n', '')],
  ['nothing', ''],
])('refused: %s', (_, text) => {
  expect(() => readOffer(text)).toThrow(BadSdp);
});

test('a damaged offer is answered or refused as BadSdp, and the native stack survives it', async () => {
  const damage = fc.tuple(fc.nat(chromium.length - 1), fc.nat(40), fc.string({ maxLength: 20 }));
  await fc.assert(
    fc.asyncProperty(damage, async ([at, length, text]) => {
      const damaged = chromium.slice(0, at) + text + chromium.slice(at + length);
      try {
        const { transport, answer } = await openBrowserPeer(damaged, options, nobody, unheard);
        transport.close();
        expect(answer).toMatch(/^v=0\r\n/);
      } catch (error) {
        expect(error).toBeInstanceOf(BadSdp);
      }
    }),
    { numRuns: 150 },
  );
}, 30_000);

test('without a free port the offer is refused for want of ports, not as bad', async () => {
  const taken = createSocket('udp4');
  await new Promise<void>((resolve) => taken.bind(0, '127.0.0.1', resolve));
  const { port } = taken.address();
  const narrow = { ...options, portMin: port, portMax: port };
  await expect(openBrowserPeer(chromium, narrow, nobody, unheard)).rejects.toThrow(OutOfPorts);
  taken.close();
});

test('a process whose peers are closed ends by itself', async () => {
  const script = `
    import { openBrowserPeer } from ${JSON.stringify(new URL('browser-peer.ts', import.meta.url).href)};
    const nobody = { packet() {}, control() {}, connected() {}, disconnected() {} };
    const { transport } = await openBrowserPeer(${JSON.stringify(chromium)}, ${JSON.stringify(options)}, nobody, nobody);
    transport.close();
    console.log('closed');`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
  expect(stdout).toBe('closed\n');
});
