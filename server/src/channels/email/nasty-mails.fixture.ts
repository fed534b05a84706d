/** Mails as real programs and ill will make them. Each with what must still be seen of it. */
export interface NastyMail {
  what: string;
  raw: string | Buffer;
  /** Of the parsed mail; strings are looked for within. */
  seen: {
    subject?: string;
    text?: string;
    from?: string;
    name?: string;
    html?: RegExp | null;
    parts?: readonly string[];
    unreadable?: boolean;
    messageId?: string | null;
  };
}

const head =
  'From: Jan <jan@example.org>\r\nTo: info@webshop.example.org\r\nSubject: Vraag\r\nMessage-ID: <a@example.org>\r\n';
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const multipart = (kind: string, ...parts: string[]) =>
  `${head}MIME-Version: 1.0\r\nContent-Type: multipart/${kind}; boundary="b"\r\n\r\nvoorwoord\r\n${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\nnawoord\r\n`;
const plain = (text: string) => `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
const html = (text: string) => `Content-Type: text/html; charset=utf-8\r\n\r\n${text}`;
const file = (headers: string, content = 'aGFsbG8=') =>
  `${headers}\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}`;

export const nastyMails: readonly NastyMail[] = [
  { what: 'nothing at all', raw: '', seen: { subject: '', text: '', from: '' } },
  { what: 'only line ends', raw: '\r\n\r\n\r\n', seen: { subject: '', from: '' } },
  { what: 'no header, only text', raw: 'hallo daar\r\nzonder kop\r\n', seen: {} },
  {
    what: 'bare line feeds',
    raw: head.replaceAll('\r\n', '\n') + '\nregel een\nregel twee\n',
    seen: { subject: 'Vraag', text: 'regel een\nregel twee' },
  },
  {
    what: 'encoded words in every part of the head',
    raw: 'From: =?iso-8859-1?Q?J=F6rg_M=FCller?= <j@example.org>\r\nSubject: =?utf-8?B?w4lhbiB2cmFhZw==?= =?utf-8?Q?_over_de_caf=C3=A9tafel?=\r\n\r\nx',
    seen: { subject: 'Éan vraag over de cafétafel', name: 'Jörg Müller' },
  },
  {
    what: 'a character split over two encoded words',
    raw: 'From: a@example.org\r\nSubject: =?utf-8?B?w4M=?= =?utf-8?B?wqk=?= =?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=\r\n\r\nx',
    seen: { subject: 'café' },
  },
  {
    what: 'an unknown charset',
    raw: `From: a@example.org\r\nSubject: =?x-none?Q?wat?=\r\nContent-Type: text/plain; charset=x-none\r\n\r\nhallo`,
    seen: { subject: 'wat', text: 'hallo' },
  },
  {
    what: 'bare Latin-1 in head and body without a charset',
    raw: latin1('From: Andr\xe9 <a@example.org>\r\nSubject: caf\xe9\r\n\r\nGeachte hé\xe9r, \x80 10'),
    seen: { subject: 'café', name: 'André', text: '€ 10' },
  },
  {
    what: 'Latin-1 that calls itself UTF-8',
    raw: latin1(`${head}Content-Type: text/plain; charset=utf-8\r\n\r\nprivé en co\xebrcie`),
    seen: { text: 'coërcie' },
  },
  {
    what: 'UTF-8 in the head without encoding (RFC 6532)',
    raw: 'From: Zoë <zoë@example.org>\r\nSubject: Ünïcode 🙂\r\n\r\nx',
    seen: { subject: 'Ünïcode 🙂', name: 'Zoë' },
  },
  {
    what: 'Windows-1252 quotes',
    raw: Buffer.concat([
      Buffer.from(`${head}Content-Type: text/plain; charset=windows-1252\r\n\r\n`),
      Buffer.from([0x93, 0x68, 0x69, 0x94]),
    ]),
    seen: { text: '“hi”' },
  },
  {
    what: 'Japanese in ISO-2022-JP',
    raw: Buffer.concat([
      Buffer.from(`${head}Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n`),
      Buffer.from('1b2442242224221b2842', 'hex'),
    ]),
    seen: { text: 'ああ' },
  },
  {
    what: 'NUL in the ids of the mail and of those it answers',
    raw: 'From: jan@example.org\r\nMessage-ID: <a\0b@example.org>\r\nIn-Reply-To: <c\0d@example.org>\r\nReferences: <e\0f@example.org>\r\n\r\ntekst',
    seen: { messageId: null, text: 'tekst' },
  },
  {
    what: 'NUL and other control characters',
    raw: 'From: J\0an <jan@example.org>\r\nSubject: a\0b\x07c\r\n\r\nte\0kst\x1b[31m',
    seen: { subject: 'a b c', text: 'tekst[31m' },
  },
  {
    what: 'direction marks in the name of a file',
    raw: multipart(
      'mixed',
      plain('x'),
      file(
        "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''factuur%E2%80%AEfdp.exe",
      ),
    ),
    seen: { parts: ['factuurfdp.exe'] },
  },
  {
    what: 'a path as the name of a file',
    raw: multipart(
      'mixed',
      plain('x'),
      file('Content-Type: text/plain\r\nContent-Disposition: attachment; filename="../../etc/passwd"'),
    ),
    seen: { parts: ['_.._etc_passwd'] },
  },
  {
    what: 'a file name over several lines, in a charset (RFC 2231)',
    raw: multipart(
      'mixed',
      plain('x'),
      file(
        "Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''Offerte%20;\r\n filename*1*=%C3%A9%C3%A9n.pdf",
      ),
    ),
    seen: { parts: ['Offerte één.pdf'] },
  },
  {
    what: 'a file name of a thousand letters',
    raw: multipart(
      'mixed',
      plain('x'),
      file(`Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="${'n'.repeat(1_000)}.pdf"`),
    ),
    seen: { parts: [`${'n'.repeat(146)}.pdf`] },
  },
  {
    what: 'a file without a name',
    raw: multipart('mixed', plain('x'), file('Content-Type: image/png\r\nContent-Disposition: attachment')),
    seen: { parts: ['image-1.png'] },
  },
  {
    what: 'winmail.dat',
    raw: multipart(
      'mixed',
      plain('zie bijlage'),
      file(
        'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Disposition: attachment; filename="winmail.dat"',
      ),
    ),
    seen: { text: 'zie bijlage', parts: ['winmail.dat'] },
  },
  {
    what: 'a calendar invitation',
    raw: multipart(
      'alternative',
      plain('Kom je?'),
      'Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR',
    ),
    seen: { text: 'Kom je?', parts: ['attachment-1.ics'] },
  },
  {
    what: 'a mail within the mail',
    raw: multipart(
      'mixed',
      plain('Ik stuur door:'),
      'Content-Type: message/rfc822\r\n\r\nFrom: piet@example.org\r\nSubject: Oorspronkelijk\r\n\r\nde eerste tekst',
    ),
    seen: { text: 'de eerste tekst' },
  },
  {
    what: 'a mail attached as a file',
    raw: multipart(
      'mixed',
      plain('zie bijlage'),
      'Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="klacht.eml"\r\n\r\nFrom: piet@example.org\r\n\r\nx',
    ),
    seen: { parts: ['klacht.eml'] },
  },
  {
    what: 'an inline image',
    raw: multipart(
      'related',
      html('<p>zie <img src="cid:foto@x" alt="kast"></p>'),
      file('Content-Type: image/png; name="kast.png"\r\nContent-ID: <foto@x>\r\nContent-Disposition: inline'),
    ),
    seen: { text: 'zie', html: /src="\/api\/attachments\/part-0"/, parts: ['kast.png'] },
  },
  {
    what: 'HTML alone',
    raw: `${head}Content-Type: text/html\r\n\r\n<h1>Dag</h1><p>Waar is mijn <b>kast</b>?</p>`,
    seen: { text: 'Dag\nWaar is mijn kast?', html: /<b>kast<\/b>/ },
  },
  {
    what: 'HTML with a script',
    raw: `${head}Content-Type: text/html\r\n\r\n<script>alert(1)</script><p onclick="x">Hoi</p>`,
    seen: { text: 'Hoi', html: /^<p>Hoi<\/p>$/ },
  },
  {
    what: 'a boundary that never comes',
    raw: `${head}Content-Type: multipart/mixed; boundary="nooit"\r\n\r\nwel tekst`,
    seen: { subject: 'Vraag' },
  },
  {
    what: 'a multipart that is cut off',
    raw: `${head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhalve zi`,
    seen: { text: 'halve zi' },
  },
  {
    what: 'a multipart without a boundary',
    raw: `${head}Content-Type: multipart/mixed\r\n\r\ntekst toch`,
    seen: { subject: 'Vraag' },
  },
  {
    what: 'base64 that is none',
    raw: `${head}Content-Transfer-Encoding: base64\r\n\r\n!!! dit is geen base64 ===`,
    seen: { subject: 'Vraag' },
  },
  {
    what: 'broken quoted-printable',
    raw: `${head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n100=25 =ZZ caf=C3=A9 =`,
    seen: { text: '100% =ZZ café' },
  },
  {
    what: 'a Content-Type of rubbish',
    raw: `${head}Content-Type: ;;;/=?\x7f\r\n\r\ntekst`,
    seen: { subject: 'Vraag' },
  },
  {
    what: 'a media type with a line end in it',
    raw: multipart(
      'mixed',
      plain('x'),
      file('Content-Type: application/x"<script>; name=a.bin\r\nContent-Disposition: attachment'),
    ),
    seen: { parts: ['attachment-1.bin'] },
  },
  {
    what: 'two From headers',
    raw: `From: eerste@example.org\r\nFrom: tweede@example.org\r\nSubject: x\r\n\r\nx`,
    seen: { from: 'eerste@example.org' },
  },
  { what: 'no From at all', raw: 'Subject: wie ben ik\r\n\r\nx', seen: { from: 'envelope@example.org' } },
  {
    what: 'a From that is a group',
    raw: 'From: Vrienden: een@example.org, twee@example.org;\r\nSubject: x\r\n\r\nx',
    seen: { from: 'een@example.org' },
  },
  {
    what: 'an address with a line end hidden in an encoded word',
    raw: 'From: =?utf-8?Q?Jan=0D=0ABcc=3A_x=40example.org?= <jan@example.org>\r\nSubject: =?utf-8?Q?a=0D=0ABcc:_evil@example.org?=\r\n\r\nx',
    seen: { subject: 'a Bcc: evil@example.org', name: 'Jan Bcc: x@example.org' },
  },
  {
    what: 'an address in the name',
    raw: 'From: "bank@example.com" <oplichter@example.net>\r\n\r\nx',
    seen: { from: 'oplichter@example.net', name: 'bank@example.com' },
  },
  {
    what: 'a Message-ID without brackets',
    raw: 'From: a@example.org\r\nMessage-ID: zomaar\r\n\r\nx',
    seen: { messageId: null },
  },
  {
    what: 'a Message-ID with spaces and a second one',
    raw: 'From: a@example.org\r\nMessage-ID: < x > <goed@example.org>\r\n\r\nx',
    seen: { messageId: '<goed@example.org>' },
  },
  {
    what: 'a subject of a hundred thousand letters',
    raw: `From: a@example.org\r\nSubject: ${'lang '.repeat(20_000)}\r\n\r\nx`,
    seen: { subject: 'lang lang' },
  },
  {
    what: 'a subject that is cut within a character',
    raw: `From: a@example.org\r\nSubject: ${'x'.repeat(499)}🙂🙂\r\n\r\nx`,
    seen: { subject: 'xxx' },
  },
  {
    what: 'a header line of a megabyte',
    raw: `From: a@example.org\r\nX-Lang: ${'y'.repeat(1_000_000)}\r\nSubject: erna\r\n\r\nx`,
    seen: { unreadable: true, from: 'a@example.org' },
  },
  {
    what: 'twenty thousand header lines',
    raw: `From: a@example.org\r\n${'X-A: b\r\n'.repeat(20_000)}Subject: erna\r\n\r\nx`,
    seen: { subject: 'erna' },
  },
  {
    what: 'ten thousand recipients',
    raw: `From: a@example.org\r\nTo: ${Array.from({ length: 10_000 }, (_, index) => `p${index}@example.org`).join(', ')}\r\nSubject: x\r\n\r\ny`,
    seen: { text: 'y' },
  },
  {
    what: 'parts within parts, a thousand deep',
    raw: `${head}${Array.from({ length: 1_000 }, (_, index) => `Content-Type: multipart/mixed; boundary=x${index}\r\n\r\n--x${index}\r\n`).join('')}\r\ndiep`,
    seen: { unreadable: true, subject: 'Vraag' },
  },
  {
    what: 'mails within mails, a hundred deep',
    raw: `${head}${'Content-Type: message/rfc822\r\n\r\nFrom: b@example.org\r\n'.repeat(100)}\r\ndiep`,
    seen: { subject: 'Vraag' },
  },
  {
    what: 'five thousand small parts',
    raw: multipart(
      'mixed',
      plain('het verhaal'),
      ...Array.from({ length: 5_000 }, () => file('Content-Type: application/pdf')),
    ),
    seen: { text: 'het verhaal' },
  },
  {
    what: 'a boundary that is found in the text',
    raw: multipart('mixed', plain('--bijna\r\n--b-niet\r\ntekst')),
    seen: { text: '--bijna\n--b-niet\ntekst' },
  },
  {
    what: 'comments and folding in every header',
    raw: 'From: (ik) Jan (dus)\r\n\t<jan@example.org> (thuis)\r\nSubject: gevouwen\r\n  regel\r\nMessage-ID:\r\n <a@example.org>\r\n\r\nx',
    seen: { subject: 'gevouwen regel', from: 'jan@example.org', messageId: '<a@example.org>' },
  },
  {
    what: 'format=flowed',
    raw: `${head}Content-Type: text/plain; format=flowed; charset=utf-8\r\n\r\nEen lange \r\nregel.\r\n`,
    seen: { text: 'Een lange regel.' },
  },
  {
    what: 'a signed mail',
    raw: multipart(
      'signed; protocol="application/pgp-signature"',
      plain('ondertekend'),
      'Content-Type: application/pgp-signature; name="signature.asc"\r\n\r\n-----BEGIN PGP SIGNATURE-----',
    ),
    seen: { text: 'ondertekend', parts: ['signature.asc'] },
  },
];
