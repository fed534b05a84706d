/**
 * Messages as line noise, a bad proxy or somebody with ill will makes them: good ones, spoiled at random. The seed is
 * fixed, so that a failure comes again.
 */
import fc from 'fast-check';

const seed = 20_261_124;

export const goodSdp = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 0 8 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=sendrecv',
  '',
].join('\r\n');

type Ask = {
  method: string;
  callId: string;
  cseq?: number;
  toTag?: string;
  more?: string[];
  body?: string;
  from?: string;
};

export function message({ method, callId, cseq = 1, toTag, more = [], body = '', from = 'fuzz' }: Ask): string {
  return [
    `${method} sip:service@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK${callId}${cseq}${method};rport`,
    `From: "Fuzz" <sip:${from}@127.0.0.1>;tag=f`,
    `To: <sip:service@127.0.0.1>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:fuzz@127.0.0.1:5062>',
    'Max-Forwards: 70',
    ...more,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

const templates = (n: number): string[] => [
  message({ method: 'INVITE', callId: `i${n}`, body: goodSdp, more: ['Supported: timer', 'Session-Expires: 1800'] }),
  message({ method: 'OPTIONS', callId: `o${n}` }),
  message({
    method: 'REGISTER',
    callId: `r${n}`,
    more: ['Expires: 60', 'Authorization: Digest username="x", realm="r"'],
  }),
  message({ method: 'BYE', callId: `b${n}`, toTag: 'x' }),
  message({ method: 'CANCEL', callId: `i${n}` }),
  message({ method: 'ACK', callId: `i${n}`, toTag: 'x' }),
  message({ method: 'REFER', callId: `f${n}`, toTag: 'x', more: ['Refer-To: <sip:a@b?Replaces=x>'] }),
  `SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKnone\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: s${n}\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n`,
];

/** One change, as line noise, a bad proxy or somebody with ill will makes it. */
const spoiling = fc.oneof(
  fc.record({ how: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ how: fc.constant('byte' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) }),
  fc.record({ how: fc.constant('line-twice' as const), line: fc.nat(24), times: fc.integer({ min: 2, max: 40 }) }),
  fc.record({ how: fc.constant('line-gone' as const), line: fc.nat(24) }),
  fc.record({ how: fc.constant('swap' as const), line: fc.nat(24), other: fc.nat(24) }),
  fc.record({
    how: fc.constant('insert' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    text: fc.oneof(
      fc.constantFrom(
        '\0',
        '\r',
        '\n',
        '\r\n',
        '"',
        '<',
        '>',
        ';',
        ',',
        '%',
        '%zz',
        '\u202e',
        '::::',
        '@@',
        ' \r\n ',
        '[::1',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(1_000, 20_000).map((length) => 'A'.repeat(length)),
      fc.constantFrom(
        'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x',
        'm=audio 99999 RTP/AVP 300',
        'c=IN IP6 ::',
        'a=rtpmap:0',
      ),
    ),
  }),
  fc.record({
    how: fc.constant('number' as const),
    nth: fc.nat(30),
    value: fc.constantFrom('-1', '0', '4294967296', '99999999999999999999', '1e9', '٣'),
  }),
);
type Spoiling = typeof spoiling extends fc.Arbitrary<infer One> ? One : never;

function spoil(text: string, by: Spoiling): string {
  const lines = text.split('\r\n');
  const position = 'at' in by ? Math.floor(by.at * text.length) : 0;
  switch (by.how) {
    case 'cut':
      return text.slice(0, position);
    case 'byte':
      return text.slice(0, position) + String.fromCharCode(by.byte) + text.slice(position + 1);
    case 'insert':
      return text.slice(0, position) + by.text + text.slice(position);
    case 'line-twice':
      return lines
        .flatMap((line, at) => (at === by.line ? Array.from({ length: by.times }, () => line) : [line]))
        .join('\r\n');
    case 'line-gone':
      return lines.filter((_, at) => at !== by.line).join('\r\n');
    case 'swap': {
      const [one = '', other = ''] = [lines[by.line], lines[by.other]];
      return lines.map((line, at) => (at === by.line ? other : at === by.other ? one : line)).join('\r\n');
    }
    case 'number': {
      let at = 0;
      return text.replace(/\d+/g, (found) => (at++ === by.nth ? by.value : found));
    }
  }
}

/** Each of another call, in the order of the templates. */
export function spoiltMessages(count: number): string[] {
  const spoilings = fc.sample(fc.array(spoiling, { minLength: 1, maxLength: 2 }), { seed, numRuns: count });
  return spoilings.map((several, n) => {
    const all = templates(n);
    const text = several.reduce(spoil, all[n % all.length] ?? '');
    return n % 16 < 8 ? fitting(text) : text;
  });
}

/** With the length that it has, so that the body is read. */
function fitting(text: string): string {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return text;
  return text.replace(/^Content-Length: .*$/m, `Content-Length: ${Buffer.byteLength(text.slice(end + 4))}`);
}
