/**
 * The cases of RFC 4475 (SIP torture test messages), each under its section, and of RFC 5118 for IPv6: what is legal
 * however odd must be understood, what is not must be refused, and nothing may crash. Long because the RFC is.
 */
import { describe, expect, test } from 'vitest';
import { parseAddress } from './header-fields.ts';
import { BadMessage, header, headers, tagOf, type SipMessage } from './message.ts';
import { parseMessage } from './parse.ts';
import { serialise } from './serialise.ts';
import { userOf } from './uri.ts';

const bytes = (...lines: string[]) => Buffer.from(lines.join('\r\n'));
const refusal = (data: Buffer): BadMessage => {
  try {
    parseMessage(data);
  } catch (error) {
    if (error instanceof BadMessage) return error;
    throw error;
  }
  throw new Error('was understood');
};

type Parts = {
  start?: string;
  via?: string;
  from?: string;
  to?: string;
  callId?: string;
  cseq?: string;
  more?: string[];
  body?: string;
};

/** A request that is in order but for what the case changes. An empty string leaves the header out. */
function message({ start, via, from, to, callId, cseq, more = [], body = '' }: Parts): Buffer {
  const method = start?.split(' ')[0] ?? 'OPTIONS';
  const fields = [
    via ?? 'Via: SIP/2.0/UDP host.example.com:5060;branch=z9hG4bK-torture',
    from ?? 'From: <sip:caller@example.net>;tag=a1',
    to ?? 'To: <sip:user@example.com>',
    callId ?? 'Call-ID: torture@example.net',
    cseq ?? `CSeq: 1 ${method}`,
  ];
  return bytes(
    start ?? 'OPTIONS sip:user@example.com SIP/2.0',
    ...fields.filter((field) => field !== ''),
    ...more,
    '',
    body,
  );
}

describe('legal messages are understood', () => {
  test('3.1.1.1 a short tortuous INVITE', () => {
    const parsed = parseMessage(
      bytes(
        'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
        'TO :',
        ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
        'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
        '  ;',
        '  tag = 98asjd8',
        'MaX-fOrWaRdS: 0068',
        'Call-ID: wsinv.ndaksdj@192.0.2.1',
        'Content-Length   : 5',
        'cseq: 0009',
        '  INVITE',
        'Via  : SIP  /   2.0',
        ' /UDP',
        '    192.0.2.2;branch=390skdjuw',
        's :',
        'NewFangledHeader:   newfangled value',
        ' continued newfangled value',
        'UnknownHeaderWithUnusualValue: ;;,,;;,;',
        'Content-Type: application/sdp',
        'Route:',
        ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
        'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
        '  branch  =   z9hG4bK9ikj8  ,',
        ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
        ' z9hG4bK30239',
        'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
        '      newvalue ;',
        '  secondparam ; q = 0.33',
        '',
        'v=0\r\n',
      ),
    );
    expect(parsed).toMatchObject({
      method: 'INVITE',
      cseq: { number: 9, method: 'INVITE' },
      callId: 'wsinv.ndaksdj@192.0.2.1',
    });
    expect(parsed.from.displayName).toBe('J Rosenberg \\"');
    expect([tagOf(parsed.from), tagOf(parsed.to)]).toEqual(['98asjd8', '1918181833n']);
    expect(parsed.via.params.get('branch')).toBe('390skdjuw');
    expect(headers(parsed, 'via')).toHaveLength(3);
    expect(header(parsed, 'newfangledheader')).toBe('newfangled value continued newfangled value');
    expect(parseAddress(header(parsed, 'contact') ?? '')).toMatchObject({ displayName: 'Quoted string ""' });
  });

  test('3.1.1.2 the widest range of characters', () => {
    const method = "!interesting-Method0123456789_*+`.%indeed'~";
    const uri =
      "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
    const parsed = parseMessage(
      message({
        start: `${method} ${uri} SIP/2.0`,
        via: "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~",
        to: 'To: "BEL:\u0007 NUL:\u0001 DEL:\u007F" <sip:1_unusual.URI~(to-be!sure)@example.com>',
        from: "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\u0440\u0430\u0431\";tag=_token~1'+`*%!-.",
        callId: 'Call-ID: intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{',
        more: ["extensionHeader-!.%*+_`'~:\uFEFF\u5927\u505C\u96FB"],
      }),
    );
    expect(parsed).toMatchObject({ method });
    expect(tagOf(parsed.from)).toBe("_token~1'+`*%!-.");
  });

  test('3.1.1.3 and 3.1.1.5 an escape is undone only in the user part, and only where it is one', () => {
    const escaped = parseMessage(message({ start: 'INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0' }));
    expect(escaped.kind === 'request' && userOf(escaped.uri)).toBe('sips:user@example.com');
    const number = parseMessage(message({ start: 'INVITE sip:%2B31970100001@example.net SIP/2.0' }));
    expect(number.kind === 'request' && userOf(number.uri)).toBe('+31970100001');
    expect(parseMessage(message({ start: 'RE%47IST%45R sip:registrar.example.com SIP/2.0' }))).toMatchObject({
      method: 'RE%47IST%45R',
    });
  });

  test('3.1.1.4 escaped nulls in URIs', () => {
    const parsed = parseMessage(message({ to: 'To: sip:null-%00-null@example.com' }));
    expect(userOf(parsed.to.uri)).toBe('null--null'); // shown to people, so without the control character
  });

  test('3.1.1.6 no white space between name and bracket', () => {
    expect(parseMessage(message({ from: 'From: caller<sip:caller@example.com>;tag=323' })).from.displayName).toBe(
      'caller',
    );
  });

  test('3.1.1.7 long values', () => {
    const long = 'x'.repeat(1_500);
    const parsed = parseMessage(
      message({
        to: `To: "I have a user name of ${long}" <sip:user@example.com:6000;a=${long}>`,
        more: [`Subject: ${long}`],
      }),
    );
    expect(header(parsed, 'subject')).toHaveLength(1_500);
  });

  test('3.1.1.8 what follows the body in a datagram is ignored', () => {
    const parsed = parseMessage(
      message({ more: ['Content-Length: 2'], body: 'okINVITE sip:other@example.com SIP/2.0\r\n\r\n' }),
    );
    expect(parsed.body.toString()).toBe('ok');
  });

  test('3.1.1.9 parameters inside the user part', () => {
    const parsed = parseMessage(message({ start: 'OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0' }));
    expect(parsed).toMatchObject({ uri: { user: 'user;par=u%40example.net', host: 'example.com' } });
  });

  test('3.1.1.10 transports nobody knows, in Via', () => {
    const via =
      'Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw, SIP/2.0/SCTP t2.example.com;branch=z9hG4bK1, SIP/2.0/UNKNOWN t3.example.com;branch=z9hG4bK2';
    expect(headers(parseMessage(message({ via })), 'via')).toHaveLength(3);
  });

  test('3.1.1.12 and 3.1.1.13 any reason phrase, or none', () => {
    expect(
      parseMessage(message({ start: 'SIP/2.0 200 = 2**3 * 5**2 \u043D\u043E', cseq: 'CSeq: 1 INVITE' })),
    ).toMatchObject({ status: 200 });
    expect(parseMessage(message({ start: 'SIP/2.0 100 ', cseq: 'CSeq: 1 INVITE' }))).toMatchObject({
      status: 100,
      reason: '',
    });
  });

  test('3.2.1 a branch that is nothing but the magic cookie', () => {
    expect(parseMessage(message({ via: 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK' })).via.params.get('branch')).toBe(
      'z9hG4bK',
    );
  });

  test('3.3.2 to 3.3.4 schemes nobody knows', () => {
    expect(
      parseMessage(message({ start: 'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0' })),
    ).toMatchObject({ uri: { scheme: 'other' } });
    expect(parseMessage(message({ start: 'OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0' }))).toMatchObject({
      uri: { scheme: 'other' },
    });
    expect(parseMessage(message({ to: 'To: <name:user>' })).to.uri).toEqual({ scheme: 'other', text: 'name:user' });
  });

  test('3.4.1 an INVITE as of RFC 2543', () => {
    expect(
      parseMessage(
        message({
          start: 'INVITE sip:user@example.com SIP/2.0',
          via: 'Via: SIP/2.0/UDP iftgw.example.com',
          from: 'From: <sip:+13035551111@ift.example.net;user=phone>',
        }),
      ),
    ).toMatchObject({ method: 'INVITE' });
  });

  test('RFC 5118 §4.1 and §4.4: IPv6 in URI, Via and received', () => {
    const parsed = parseMessage(
      message({
        start: 'REGISTER sip:[2001:db8::10]:5070 SIP/2.0',
        via: 'Via: SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111',
      }),
    );
    expect(parsed).toMatchObject({
      uri: { host: '[2001:db8::10]', port: 5070 },
      via: { host: '[2001:db8::9:1]', port: null },
    });
    expect(parsed.via.params.get('received')).toBe('[2001:db8::9:255]');
  });
});

const illegal: [section: string, Parts][] = [
  [
    '3.1.2.1 separators without anything between them',
    { start: 'INVITE sip:user@example.com SIP/2.0', via: 'Via: SIP/2.0/UDP 192.0.2.15;;,;,,' },
  ],
  ['3.1.2.1 an empty Contact among others', { more: ['Contact: <sip:a@example.com>,,<sip:b@example.com>'] }],
  ['3.1.2.2 a Content-Length beyond the datagram', { more: ['Content-Length: 9999'], body: 'v=0' }],
  ['3.1.2.3 a negative Content-Length', { more: ['Content-Length: -999'], body: 'v=0' }],
  ['3.1.2.4 a CSeq beyond 2**31', { cseq: 'CSeq: 36893488147419103232 OPTIONS' }],
  ['3.1.2.4 Max-Forwards beyond 255', { more: ['Max-Forwards: 300'] }],
  ['3.1.2.4 Expires beyond 2**32', { more: ['Expires: 1000000000000000000000000000000000'] }],
  ['3.1.2.6 a quoted string without end', { to: 'To: "Mr. J. User <sip:j.user@example.com>' }],
  ['3.1.2.7 brackets around the Request-URI', { start: 'INVITE <sip:user@example.com> SIP/2.0' }],
  ['3.1.2.8 white space in the Request-URI', { start: 'INVITE sip:user@example.com; lr SIP/2.0' }],
  ['3.1.2.9 several spaces in the start line', { start: 'INVITE  sip:user@example.com  SIP/2.0' }],
  ['3.1.2.10 a space after the start line', { start: 'OPTIONS sip:user@example.com SIP/2.0 ' }],
  ['3.1.2.11 headers in the Request-URI', { start: 'INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0' }],
  [
    '3.1.2.13 a From with headers, without brackets',
    { from: 'From: sip:user@example.com?Route=%3Csip:sip.example.com%3E;tag=1' },
  ],
  ['3.1.2.14 white space inside the brackets', { to: 'To: "Watson, Thomas" < sip:t.watson@example.org >' }],
  [
    '3.1.2.15 a display name that would need quotes',
    { from: 'From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43' },
  ],
  ['3.1.2.17 a CSeq of another method', { start: 'OPTIONS sip:user@example.com SIP/2.0', cseq: 'CSeq: 8 INVITE' }],
  [
    '3.1.2.18 the same, of a method nobody knows',
    { start: 'NEWMETHOD sip:user@example.com SIP/2.0', cseq: 'CSeq: 8 OPTIONS' },
  ],
  ['3.3.8 a second From', { more: ['From: <sip:other@example.net>;tag=b2'] }],
  ['3.3.8 a second Call-ID, in compact form', { more: ['i: other@example.net'] }],
  ['3.3.9 two Content-Lengths', { more: ['Content-Length: 3', 'l: 4'], body: 'abcd' }],
  ['3.3.1 no Call-ID', { callId: '' }],
  ['3.3.1 no From', { from: '' }],
  ['3.3.1 no CSeq', { cseq: '' }],
  ['two tags in one header', { from: 'From: <sip:a@example.com>;tag=1;tag=2' }],
  ['a port out of range', { via: 'Via: SIP/2.0/UDP host.example.com:70000;branch=z9hG4bK1' }],
  ['a bare line feed that hides a header', { more: ['Subject: x\nContent-Length: 0'] }],
  ['a header name that is no token', { more: ['Bad Header: x'] }],
];

test.each(illegal)('%s is refused with 400', (_section, parts) => {
  const refused = refusal(message(parts));
  expect(refused.status).toBe(400);
});

describe('messages that get another answer, or none', () => {
  test('3.1.2.16 an unknown version is refused with 505', () => {
    expect(refusal(message({ start: 'OPTIONS sip:user@example.com SIP/7.0' }))).toMatchObject({ status: 505 });
  });

  test.each([
    [
      '3.1.2.5 a response with values too large',
      message({ start: 'SIP/2.0 503 Service Unavailable', cseq: 'CSeq: 9292394834772304023312 OPTIONS' }),
    ],
    [
      '3.1.2.19 a status beyond 699',
      message({ start: 'SIP/2.0 4294967301 better not break the receiver', cseq: 'CSeq: 1 INVITE' }),
    ],
    ['an ACK that cannot be read', message({ start: 'ACK sip:user@example.com SIP/2.0', cseq: 'CSeq: 1 INVITE' })],
    ['a request without Via', message({ via: '' })],
  ])('%s is not answered at all', (_case, data) => {
    expect(refusal(data).echo).toBeNull();
  });

  test('a refusal echoes what the sender needs to recognise its request (RFC 3261 §8.2.6.2)', () => {
    const { echo } = refusal(message({ more: ['Content-Length: -1'] }));
    expect(echo?.map(({ name }) => name)).toEqual(['via', 'from', 'to', 'call-id', 'cseq']);
  });

  test.each([
    ['headers without end', Buffer.from('OPTIONS sip:user@example.com SIP/2.0\r\nVia: x')],
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.from([0, 1, 2, 13, 10, 13, 10, 255])],
    ['too many headers', message({ more: Array.from({ length: 400 }, (_, at) => `X-${at}: 1`) })],
    ['headers too long', message({ more: [`Subject: ${'x'.repeat(40_000)}`] })],
    ['a body too long', message({ body: 'x'.repeat(70_000) })],
  ])('%s: refused', (_case, data) => {
    expect(refusal(data)).toBeInstanceOf(BadMessage);
  });
});

test('a message that was read is written so that it reads the same', () => {
  const again = (read: SipMessage) => parseMessage(serialise(read));
  const read = parseMessage(
    message({
      start: 'INVITE sip:a;b=c@example.com:5070;transport=tcp SIP/2.0',
      more: ['Record-Route: <sip:p1;lr>, <sip:p2;lr>', 'k: timer', 'c: text/plain'],
      body: 'hello',
    }),
  );
  const { headers: first, ...rest } = again(read);
  expect(rest).toEqual({
    ...rest,
    method: 'INVITE',
    uri: read.kind === 'request' ? read.uri : null,
    body: Buffer.from('hello'),
  });
  expect(first.filter(({ name }) => name !== 'content-length')).toEqual(read.headers);
});
