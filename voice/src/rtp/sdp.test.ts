import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadSdp } from './bad-sdp.ts';
import { answerTo, buildAnswer, buildOffer, parseSdp } from './sdp.ts';
import type { LocalAudio } from './sdp.ts';

const local: LocalAudio = {
  address: '192.0.2.1',
  port: 4000,
  rtcpPort: 4001,
  codecs: ['PCMA'],
  security: { profile: 'RTP/AVP', lines: [] },
  telephoneEvent: 96,
  direction: 'sendrecv',
  rtcpMux: false,
  session: { id: 1, version: 2 },
};

const phone = [
  'v=0',
  'o=phone 1 1 IN IP4 198.51.100.7',
  's=call',
  'c=IN IP4 198.51.100.7',
  't=0 0',
  'm=audio 5004 RTP/AVP 9 8 0 110 101',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  '',
].join('\r\n');

describe('an offer', () => {
  test('of a telephone is read: codecs in their order, telephone-event at 8000 Hz, RTCP one port up', () => {
    expect(parseSdp(phone).audio).toEqual({
      address: '198.51.100.7',
      port: 5004,
      rtcp: 5005,
      codecs: ['G722', 'PCMA', 'PCMU'],
      telephoneEvent: 101,
      direction: 'sendrecv',
      security: { profile: 'RTP/AVP', crypto: [] },
    });
  });

  test.each([
    ['a=sendonly', 'sendonly', 'recvonly'],
    ['a=recvonly', 'recvonly', 'sendonly'],
    ['a=inactive', 'inactive', 'inactive'],
    ['a=sendrecv', 'sendrecv', 'sendrecv'],
  ] as const)('with %s is answered in kind', (line, theirs, ours) => {
    expect(parseSdp(`${phone}${line}\r\n`).audio.direction).toBe(theirs);
    expect(answerTo(theirs)).toBe(ours);
  });

  test('with a direction for the whole session counts as one for its audio', () => {
    expect(parseSdp(phone.replace('t=0 0', 't=0 0\r\na=sendonly')).audio.direction).toBe('sendonly');
  });

  test('to 0.0.0.0 is hold in the old way', () => {
    expect(parseSdp(phone.replaceAll('198.51.100.7', '0.0.0.0')).audio.direction).toBe('inactive');
  });

  test('may name another RTCP port, or share the one', () => {
    expect(parseSdp(`${phone}a=rtcp:5999 IN IP4 198.51.100.7\r\n`).audio.rtcp).toBe(5999);
    expect(parseSdp(`${phone}a=rtcp-mux\r\n`).audio.rtcp).toBe('mux');
  });

  test('over IPv6 and with lone line feeds is read too', () => {
    const text = phone.replaceAll('\r\n', '\n').replace('c=IN IP4 198.51.100.7', 'c=IN IP6 2001:db8::7');
    expect(parseSdp(text).audio.address).toBe('2001:db8::7');
  });
});

describe('an answer', () => {
  test('refuses the other media in their places', () => {
    const offer =
      phone.replace('m=audio', 'm=video 6000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio') +
      'm=image 7000 udptl t38\r\n';
    const media = buildAnswer(local, parseSdp(offer))
      .split('\r\n')
      .filter((line) => line.startsWith('m='));
    expect(media).toEqual(['m=video 0 RTP/AVP 96', 'm=audio 4000 RTP/AVP 8 96', 'm=image 0 udptl t38']);
  });

  test('can be read back', () => {
    expect(parseSdp(buildAnswer(local, parseSdp(phone))).audio).toMatchObject({
      address: '192.0.2.1',
      port: 4000,
      rtcp: 4001,
      codecs: ['PCMA'],
      telephoneEvent: 96,
    });
    expect(parseSdp(buildOffer({ ...local, codecs: ['PCMA', 'PCMU'], rtcpPort: 4005 })).audio).toMatchObject({
      codecs: ['PCMA', 'PCMU'],
      rtcp: 4005,
    });
    expect(parseSdp(buildOffer({ ...local, address: '::1', rtcpMux: true, telephoneEvent: null })).audio).toMatchObject(
      { address: '::1', rtcp: 'mux', telephoneEvent: null },
    );
  });
});

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['no version', phone.replace('v=0\r\n', '')],
    ['only codecs we do not speak', phone.replace('9 8 0 110 101', '18 97 101')],
    ['encrypted by another protocol', phone.replace('RTP/AVP', 'UDP/TLS/RTP/SAVP')],
    ['a closed stream', phone.replace('5004', '0')],
    ['a port beyond the ports', phone.replace('5004', '65536')],
    ['no address', phone.replace('c=IN IP4 198.51.100.7\r\n', '')],
    ['a name for an address', phone.replace('c=IN IP4 198.51.100.7', 'c=IN IP4 media.example.org')],
    ['a multicast group', phone.replace('c=IN IP4 198.51.100.7', 'c=IN IP4 239.1.2.3/127')],
    ['no media', phone.slice(0, phone.indexOf('m='))],
  ])('%s', (_, text) => {
    expect(() => parseSdp(text)).toThrow(BadSdp);
  });

  test('hostile text is read or refused as BadSdp, and never slow', () => {
    const line = fc.oneof(
      fc.constantFrom(
        ...phone.split('\r\n'),
        'a=rtcp:x',
        'a=rtpmap:101 telephone-event/8000/1',
        'm=audio 1 RTP/AVP 0',
        'c=IN IP4 ',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        try {
          expect(parseSdp(['v=0', ...lines].join('\r\n')).audio.codecs.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(BadSdp);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
