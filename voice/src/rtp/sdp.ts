/**
 * Session descriptions of a SIP leg (RFC 4566, offer/answer RFC 3264): one audio stream of G.711 or G.722
 * with telephone-event, frames of 20 ms, plain or encrypted by SDES.
 */
import { isIP } from 'node:net';
import { BadSdp } from './bad-sdp.ts';
import { cryptoLinesIn } from './sdes.ts';
import type { Secured } from './media-security.ts';
import { codecOf, payloadTypeOf } from './codec.ts';
import type { Codec } from './codec.ts';

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
export type Direction = (typeof directions)[number];

export interface RemoteAudio {
  address: string;
  port: number;
  /** `mux` when RTCP shares the RTP port (RFC 5761). */
  rtcp: number | 'mux';
  codecs: Codec[];
  telephoneEvent: number | null;
  /** As the far end sees it. */
  direction: Direction;
  security: Secured;
}

export interface RemoteDescription {
  audio: RemoteAudio;
  /** All media descriptions as they were offered; the answer has to refuse the others in their places (RFC 3264 §6). */
  media: { kind: string; protocol: string; formats: string }[];
  audioIndex: number;
}

export interface LocalAudio {
  address: string;
  port: number;
  rtcpPort: number;
  codecs: Codec[];
  telephoneEvent: number | null;
  direction: Direction;
  rtcpMux: boolean;
  security: { profile: string; lines: string[] };
  session: { id: number; version: number };
}

/** @throws BadSdp when unreadable or without an audio stream that we can take part in and that `suits`. */
export function parseSdp(text: string, suits: (security: Secured) => boolean = () => true): RemoteDescription {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new BadSdp('does not begin with v=0');
  const sections: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  const [session = [], ...media] = sections;
  const descriptions = media.map(parseMedia);
  for (const [audioIndex, description] of descriptions.entries()) {
    const audio = usableAudio(description, media[audioIndex] ?? [], session);
    if (audio && suits(audio.security)) return { audio, media: descriptions, audioIndex };
  }
  throw new BadSdp('no audio stream in G.711 or G.722 that is encrypted as it has to be');
}

export function buildOffer(local: LocalAudio): string {
  return [...head(local), ...audioLines(local)].join('\r\n') + '\r\n';
}

export function buildAnswer(local: LocalAudio, remote: RemoteDescription): string {
  const media = remote.media.flatMap((description, i) =>
    i === remote.audioIndex
      ? audioLines(local)
      : [`m=${description.kind} 0 ${description.protocol} ${description.formats}`],
  );
  return [...head(local), ...media].join('\r\n') + '\r\n';
}

/** RFC 3264 §6.1: our direction in answer to theirs. */
export function answerTo(direction: Direction): Direction {
  return direction === 'sendonly' ? 'recvonly' : direction === 'recvonly' ? 'sendonly' : direction;
}

function parseMedia(lines: string[]): { kind: string; port: number; protocol: string; formats: string } {
  const match = /^m=([!-~]+) (\d{1,5})(?:\/\d+)? ([!-~]+) ([ -~]+)$/.exec(lines[0] ?? '');
  const [, kind, port, protocol, formats] = match ?? [];
  if (!kind || !port || !protocol || !formats || Number(port) > 65534)
    throw new BadSdp(`unreadable media line ${lines[0]}`);
  return { kind, port: Number(port), protocol, formats };
}

function usableAudio(media: ReturnType<typeof parseMedia>, lines: string[], session: string[]): RemoteAudio | null {
  if (media.kind !== 'audio' || media.port === 0 || !/^RTP\/S?AVPF?$/.test(media.protocol)) return null;
  const formats = media.formats.split(' ').map(Number);
  const codecs = formats.map((format) => codecOf(format)).filter((codec) => codec !== null);
  if (codecs.length === 0) return null;
  const address = addressIn(lines) ?? addressIn(session);
  if (address === null) throw new BadSdp('no connection address');
  const isOldHold = address === '0.0.0.0' || address === '::'; // RFC 2543's way to say inactive
  const rtcp = Number(attribute(lines, 'rtcp')?.match(/^(\d{1,5})(?: |$)/)?.[1] ?? media.port + 1);
  if (rtcp < 1 || rtcp > 65535) throw new BadSdp('RTCP port out of range');
  return {
    address,
    port: media.port,
    rtcp: hasAttribute(lines, 'rtcp-mux') ? 'mux' : rtcp,
    codecs,
    telephoneEvent: telephoneEventIn(lines, formats),
    direction: isOldHold ? 'inactive' : (directionIn(lines) ?? directionIn(session) ?? 'sendrecv'),
    security: { profile: media.protocol, crypto: cryptoLinesIn(lines) },
  };
}

function addressIn(lines: string[]): string | null {
  const line = lines.find((candidate) => candidate.startsWith('c='));
  if (line === undefined) return null;
  const [, address = ''] = /^c=IN IP[46] ([^ /]+)/.exec(line) ?? [];
  // Names are not looked up, and a stream is for one peer: no multicast.
  if (isIP(address) === 0 || /^(22[4-9]|23\d|255)\.|^ff/i.test(address))
    throw new BadSdp(`unusable connection ${line}`);
  return address;
}

function directionIn(lines: string[]): Direction | undefined {
  return directions.find((direction) => hasAttribute(lines, direction));
}

/** The one that runs at the 8000 Hz of G.711; wideband telephones offer others beside it. */
function telephoneEventIn(lines: string[], formats: number[]): number | null {
  for (const line of lines) {
    const [, format] = /^a=rtpmap:(\d{1,3}) telephone-event\/8000(?:\/1)?$/i.exec(line) ?? [];
    const payloadType = Number(format);
    if (format !== undefined && formats.includes(payloadType) && payloadType >= 96 && payloadType <= 127)
      return payloadType;
  }
  return null;
}

function attribute(lines: string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
}

function hasAttribute(lines: string[], name: string): boolean {
  return lines.includes(`a=${name}`);
}

function head(local: LocalAudio): string[] {
  const address = `IN ${isIP(local.address) === 6 ? 'IP6' : 'IP4'} ${local.address}`;
  return ['v=0', `o=- ${local.session.id} ${local.session.version} ${address}`, 's=-', `c=${address}`, 't=0 0'];
}

function audioLines(local: LocalAudio): string[] {
  const { telephoneEvent } = local;
  const formats = [
    ...local.codecs.map((codec) => payloadTypeOf[codec]),
    ...(telephoneEvent === null ? [] : [telephoneEvent]),
  ];
  return [
    `m=audio ${local.port} ${local.security.profile} ${formats.join(' ')}`,
    ...local.codecs.map((codec) => `a=rtpmap:${payloadTypeOf[codec]} ${codec}/8000`),
    ...(telephoneEvent === null
      ? []
      : [`a=rtpmap:${telephoneEvent} telephone-event/8000`, `a=fmtp:${telephoneEvent} 0-15`]),
    ...local.security.lines,
    'a=ptime:20',
    ...(local.rtcpMux ? ['a=rtcp-mux'] : []),
    ...(local.rtcpPort === local.port + 1 || local.rtcpMux ? [] : [`a=rtcp:${local.rtcpPort}`]),
    `a=${local.direction}`,
  ];
}
