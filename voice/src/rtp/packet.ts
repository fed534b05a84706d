/** RTP data packets (RFC 3550 §5.1). */
export interface RtpPacket {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Buffer;
}

const fixedHeader = 12;
/** Anything longer did not come from a telephone: it would be 140 ms of G.711 with every extension there is. */
const longestPacket = 1400;

/** `null` for anything that is no well-formed RTP version 2 packet with a payload. The payload shares the buffer. */
export function parseRtp(data: Buffer): RtpPacket | null {
  if (data.length <= fixedHeader || data.length > longestPacket) return null;
  const first = data.readUInt8(0);
  if (first >> 6 !== 2) return null;
  let start = fixedHeader + (first & 0x0f) * 4;
  let end = data.length;
  if (first & 0x20) end -= data.readUInt8(end - 1) || data.length; // a padding count of 0 is malformed
  if (first & 0x10) {
    if (start + 4 > end) return null;
    start += 4 + data.readUInt16BE(start + 2) * 4;
  }
  if (start >= end) return null;
  const second = data.readUInt8(1);
  return {
    payloadType: second & 0x7f,
    marker: second >= 0x80,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(start, end),
  };
}

export function buildRtp(packet: RtpPacket): Buffer {
  const data = Buffer.allocUnsafe(fixedHeader + packet.payload.length);
  data.writeUInt8(0x80, 0);
  data.writeUInt8(packet.payloadType | (packet.marker ? 0x80 : 0), 1);
  data.writeUInt16BE(packet.sequence, 2);
  data.writeUInt32BE(packet.timestamp, 4);
  data.writeUInt32BE(packet.ssrc, 8);
  packet.payload.copy(data, fixedHeader);
  return data;
}

/** RFC 5761 §4: on one port, a second byte of 192–223 is RTCP. */
export function isRtcp(data: Buffer): boolean {
  const type = data[1] ?? 0;
  return data.length >= 8 && type >= 192 && type <= 223;
}

/** How far `a` is ahead of `b` on a 16-bit circle; negative when it is behind. */
export function sequenceAhead(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** The same for the 32-bit timestamps. */
export function timestampAhead(a: number, b: number): number {
  return (a - b) | 0;
}
