import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress, parseParams, parseVia, quote, splitOutside, unquote } from './header-fields.ts';
import { BadMessage } from './message.ts';
import { parseMessage } from './parse.ts';
import { serialise } from './serialise.ts';
import { StreamFramer } from './stream-framer.ts';
import { escapeUser, formatUri, hostPort, parseUri, userOf } from './uri.ts';

const sample = [
  'INVITE sip:service@192.0.2.1;transport=udp SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.9:5062;branch=z9hG4bKabc;rport, SIP/2.0/TCP proxy.example.org;branch=z9hG4bKdef',
  'From: "Noor, \\"de\\" Vries" <sip:+31970100001@example.org;user=phone>;tag=one',
  'To: <sip:service@192.0.2.1>',
  'i: fuzz@example.org',
  'CSeq: 1 INVITE',
  'm: <sip:noor@192.0.2.9:5062>',
  'k: timer, 100rel',
  'l: 4',
  '',
  'v=0\n',
].join('\r\n');

/** Either a message or `BadMessage`: anything else escapes and fails the test. */
function survives(data: Buffer): void {
  try {
    const message = parseMessage(data);
    parseMessage(serialise(message)); // whatever was trusted can be written and read again
  } catch (error) {
    if (!(error instanceof BadMessage)) throw error;
  }
}

describe('hostile input', () => {
  test('any bytes are a message or are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => survives(Buffer.from(noise))),
      { numRuns: 400 },
    );
  });

  test('a message with some of its bytes changed, doubled or left out is a message or is refused', () => {
    const change = fc.tuple(fc.nat(sample.length - 1), fc.constantFrom('set', 'drop', 'double'), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        let data = Buffer.from(sample);
        for (const [at, how, byte] of changes) {
          const keep =
            how === 'set'
              ? Buffer.from([byte])
              : how === 'drop'
                ? Buffer.alloc(0)
                : Buffer.from([data[at] ?? 0, data[at] ?? 0]);
          data = Buffer.concat([data.subarray(0, at), keep, data.subarray(at + 1)]);
        }
        survives(data);
      }),
      { numRuns: 1_500 },
    );
  });

  test('lines of the grammar in any order are a message or are refused', () => {
    const lines = fc.array(
      fc.constantFrom(...sample.split('\r\n'), 'To:', ': x', ' folded', 'v: ;;,', 'Content-Length: 1e3', '"<>;,'),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(lines, (some) => survives(Buffer.from([...some, '', ''].join('\r\n')))),
      { numRuns: 500 },
    );
  });

  test.each([
    ['spaces', `X: ${' '.repeat(30_000)}y`],
    ['quotes', `From: ${'"'.repeat(30_001)}`],
    ['brackets', `Contact: ${'<'.repeat(30_000)}`],
    ['semicolons', `Via: SIP/2.0/UDP a${';a'.repeat(15_000)}`],
    ['slashes with spaces', `Via: SIP ${' / '.repeat(9_000)}`],
    ['folds', `Subject: a${'\r\n b'.repeat(8_000)}`],
    ['escapes', `To: <sip:${'%41'.repeat(10_000)}@example.org>`],
  ])('32 KB of %s take no time worth mentioning', (_what, line) => {
    const started = performance.now();
    survives(Buffer.from(sample.replace('CSeq', `${line}\r\nCSeq`)));
    expect(performance.now() - started).toBeLessThan(500); // a quadratic scan takes seconds
  });
});

describe('a stream', () => {
  const message = (body: string) =>
    `OPTIONS sip:a@example.org SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

  test('is cut into the same messages wherever its packets end', () => {
    const bodies = fc.array(fc.string({ unit: 'binary-ascii', maxLength: 30 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        bodies,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        (texts, sizes) => {
          const stream = Buffer.from(texts.map(message).join(''), 'latin1');
          const framer = new StreamFramer();
          const found: string[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            found.push(...framer.push(stream.subarray(at, at + size)).messages.map((one) => one.toString('latin1')));
            at += size;
          }
          expect(found).toEqual(texts.map(message));
          expect(framer.unfinished).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('counts keep-alives between messages', () => {
    const framer = new StreamFramer();
    expect(framer.push(Buffer.from(`\r\n\r\n${message('x')}\r\n\r\n`))).toMatchObject({
      pings: 2,
      messages: [{ length: message('x').length }],
    });
  });

  test.each([
    ['without Content-Length', 'OPTIONS sip:a SIP/2.0\r\nTo: x\r\n\r\n'],
    ['with two', 'OPTIONS sip:a SIP/2.0\r\nl: 1\r\nContent-Length: 2\r\n\r\n'],
    ['with one that is no number', 'OPTIONS sip:a SIP/2.0\r\nl: 1x\r\n\r\n'],
    ['with a huge one', 'OPTIONS sip:a SIP/2.0\r\nl: 999999\r\n\r\n'],
    ['without end of headers', `OPTIONS sip:a SIP/2.0\r\nX: ${'x'.repeat(40_000)}`],
  ])('%s cannot be cut and is given up', (_case, text) => {
    expect(() => new StreamFramer().push(Buffer.from(text))).toThrow(BadMessage);
  });
});

describe('URIs', () => {
  test.each([
    'sip:alice@example.org',
    'sips:a:b@example.org:5061;lr;transport=tcp',
    'sip:[2001:db8::1]:5060',
    'tel:+31970100001;phone-context=example.org',
    'sip:example.org?subject=x',
  ])('%s is read and written unchanged', (text) => {
    const uri = parseUri(text);
    expect(uri && formatUri(uri)).toBe(text);
  });

  test.each([
    '',
    'sip:',
    'sip:@',
    'sip:a@',
    'sip:a@b@c',
    'sip:a@host:0',
    'sip:a@host:99999',
    'sip:a b@host',
    'sip:a@host;lr;lr',
    'sip:a@[::1',
    'sip:%zz@host',
    'tel:',
    'nonsense',
    'sip:a@host\r\nX: y',
  ])('%j is none', (text) => {
    expect(parseUri(text)).toBeNull();
  });

  test('any text survives as user part', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !/[\p{Cc}:;]/u.test(text)),
        (user) => {
          const uri = parseUri(`sip:${escapeUser(user)}@example.org`);
          expect(uri && userOf(uri)).toBe(user);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('an IPv6 host gets brackets once', () => {
    expect([hostPort('::1', 5060), hostPort('[::1]', null), hostPort('192.0.2.1', 1)]).toEqual([
      '[::1]:5060',
      '[::1]',
      '192.0.2.1:1',
    ]);
  });
});

describe('header fields', () => {
  test('any display name survives quoting, without its line breaks', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (name) => {
        const read = parseAddress(`${quote(name)} <sip:a@example.org>`);
        expect(read?.displayName).toBe(name.replace(/\p{Cc}/gu, ' '));
        expect(unquote(quote(name))).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 300 },
    );
  });

  test('a comma or semicolon in quotes or brackets separates nothing', () => {
    expect(splitOutside('"a,b" <sip:x,y;z>;p="q;r", <sip:b>', ',')).toEqual(['"a,b" <sip:x,y;z>;p="q;r"', '<sip:b>']);
    expect(parseParams(['p="q;r"', 'lr'])).toEqual(
      new Map([
        ['p', 'q;r'],
        ['lr', null],
      ]),
    );
  });

  test('Via is read with white space, IPv6 and flags', () => {
    expect(parseVia('SIP / 2.0 / udp [2001:db8::1] : 5062 ; rport ; branch=z9')).toMatchObject({
      protocol: 'UDP',
      host: '[2001:db8::1]',
      port: 5062,
    });
    expect(parseVia('SIP/3.0/UDP host')).toBeNull();
  });
});
