/**
 * Session descriptions between a browser and the native WebRTC stack (JSEP, RFC 8829). Only lines we understand go
 * to the native parser, and what it writes is put right.
 */
import { isIP } from 'node:net';
import { BadSdp } from '../rtp/bad-sdp.ts';
import { lawOf, payloadTypeOf } from '../rtp/g711.ts';
import type { Law } from '../rtp/g711.ts';

export interface BrowserOffer {
  /** The offer as it goes to the native stack: one audio stream, one law, Opus, telephone-event. */
  sdp: string;
  mid: string;
  law: Law;
  telephoneEvent: number | null;
  /** For other browsers; it comes after the law, so that the browser speaks it only when it is told to. */
  opus: number | null;
}

const passedOn = /^a=(group:BUNDLE |ice-ufrag:|ice-pwd:|ice-options:|fingerprint:|setup:|mid:|rtcp-mux$)/;

/** @throws BadSdp for anything but one encrypted audio stream that can carry G.711. */
export function readOffer(text: string): BrowserOffer {
  const lines = text.split(/\r\n|\r|\n/);
  const mediaLines = lines.filter((line) => line.startsWith('m='));
  const [, formatList] = /^m=audio \d{1,5} UDP\/TLS\/RTP\/SAVPF ([\d ]+)$/.exec(mediaLines[0] ?? '') ?? [];
  if (mediaLines.length !== 1 || formatList === undefined) throw new BadSdp('not one audio stream over DTLS-SRTP');
  const formats = formatList.split(' ').map(Number);
  const law = formats.map((format) => lawOf(format)).find((candidate) => candidate !== null);
  if (!law) throw new BadSdp('neither PCMU nor PCMA');
  const mid = firstMatch(lines, /^a=mid:([!-~]{1,32})$/);
  if (mid === null) throw new BadSdp('no mid');
  for (const needed of ['ice-ufrag', 'ice-pwd', 'fingerprint', 'setup']) {
    if (!lines.some((line) => line.startsWith(`a=${needed}:`))) throw new BadSdp(`no ${needed}`);
  }
  const offered = (pattern: RegExp) => {
    const format = firstMatch(lines, pattern);
    return format !== null && formats.includes(Number(format)) ? Number(format) : null;
  };
  const codecs = {
    law,
    opus: offered(/^a=rtpmap:(\d{1,3}) opus\/48000\/2$/i),
    telephoneEvent: offered(/^a=rtpmap:(\d{1,3}) telephone-event\/8000$/),
  };
  return { sdp: toNative(lines, codecs), mid, ...codecs };
}

/** The native answer as a browser has to see it. `publicAddress` comes first among the candidates. */
export function completeAnswer(nativeSdp: string, offer: BrowserOffer, publicAddress: string): string {
  const isCandidate = (line: string) => line.startsWith('a=candidate:');
  const lines = nativeSdp.split(/\r?\n/).filter((line) => line !== '');
  const rewritten = lines.flatMap((line) => {
    if (
      line.startsWith('a=rtpmap:') ||
      line.startsWith('a=fmtp:') ||
      line === 'a=end-of-candidates' ||
      isCandidate(line)
    )
      return [];
    if (line !== 'a=rtcp-mux') return [line];
    return [line, ...codecLines(offer)];
  });
  const candidates = withPublicAddress(lines.filter(isCandidate), publicAddress);
  return [...rewritten, ...candidates, 'a=end-of-candidates', ''].join('\r\n');
}

type Codecs = Pick<BrowserOffer, 'law' | 'opus' | 'telephoneEvent'>;

function toNative(lines: string[], codecs: Codecs): string {
  const formats = [payloadTypeOf[codecs.law], codecs.opus, codecs.telephoneEvent].filter((format) => format !== null);
  const kept = lines.filter((line) => passedOn.test(line) || isReachableCandidate(line));
  const isGroup = (line: string) => line.startsWith('a=group:');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...kept.filter(isGroup),
    `m=audio 9 UDP/TLS/RTP/SAVPF ${formats.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    ...kept.filter((line) => !isGroup(line)),
    'a=sendrecv',
    ...codecLines(codecs),
    '',
  ].join('\r\n');
}

function codecLines({ law, opus, telephoneEvent }: Codecs): string[] {
  // No `a=ptime`: Chromium takes it for a parameter of every codec, and then refuses to change between them. The native
  // stack writes `PCMU/8000/1` and `telephone-event/48000/2`, which browsers take for other codecs.
  const event =
    telephoneEvent === null ? [] : [`a=rtpmap:${telephoneEvent} telephone-event/8000`, `a=fmtp:${telephoneEvent} 0-15`];
  const wide = opus === null ? [] : [`a=rtpmap:${opus} opus/48000/2`, `a=fmtp:${opus} minptime=10;useinbandfec=1`];
  return [`a=rtpmap:${payloadTypeOf[law]} ${law}/8000`, ...wide, ...event];
}

/**
 * UDP and by number. A browser hides its addresses behind mDNS names (`….local`), whose look-up would block; it is
 * found all the same, as it sends the first check to us (RFC 8445 §7.3.1.3, peer-reflexive).
 */
function isReachableCandidate(line: string): boolean {
  const [, address] = /^a=candidate:[!-~]+ 1 udp \d+ ([0-9a-f.:]+) \d{1,5} typ /i.exec(line) ?? [];
  return address !== undefined && isIP(address) !== 0;
}

function withPublicAddress(candidates: string[], publicAddress: string): string[] {
  const host = candidates.find((line) => line.endsWith(' typ host'));
  const [, port] = /^a=candidate:\S+ 1 UDP \d+ \S+ (\d+) typ host$/i.exec(host ?? '') ?? [];
  if (port === undefined) return candidates;
  // RFC 8445 §5.1.2.1 with the highest local preference.
  const priority = 126 * 2 ** 24 + 65535 * 2 ** 8 + 255;
  const others = candidates.filter((line) => line.split(' ')[4] !== publicAddress);
  return [`a=candidate:kernlijn 1 UDP ${priority} ${publicAddress} ${port} typ host`, ...others];
}

function firstMatch(lines: string[], pattern: RegExp): string | null {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match?.[1] !== undefined) return match[1];
  }
  return null;
}
