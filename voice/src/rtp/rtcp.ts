/** RTCP sender and receiver reports (RFC 3550 §6.4), always sent as a compound packet with a CNAME (§6.1). */
export interface ReportBlock {
  ssrc: number;
  /** Since the previous report, in 1/256. */
  fractionLost: number;
  cumulativeLost: number;
  highestSequence: number;
  /** In timestamp units. */
  jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, 0 when none was received. */
  lastSenderReport: number;
  /** Since that report, in 1/65536 s. */
  delaySinceLastSenderReport: number;
}

export interface SenderInfo {
  ntpSeconds: number;
  ntpFraction: number;
  timestamp: number;
  packets: number;
  octets: number;
}

export interface Report {
  ssrc: number;
  sender: SenderInfo | null;
  blocks: ReportBlock[];
}

const senderReport = 200;
const receiverReport = 201;
const sourceDescription = 202;
const bye = 203;

/** The reports in a compound packet; empty for anything malformed (RFC 3550 §A.2). */
export function parseRtcp(data: Buffer): Report[] {
  const reports: Report[] = [];
  for (let at = 0; at < data.length;) {
    if (at + 8 > data.length) return [];
    const first = data.readUInt8(at);
    const type = data.readUInt8(at + 1);
    const end = at + 4 + data.readUInt16BE(at + 2) * 4;
    if (first >> 6 !== 2 || end > data.length || end < at + 8) return [];
    if (type === senderReport || type === receiverReport) {
      const report = parseReport(data.subarray(at, end), type === senderReport, first & 0x1f);
      if (!report) return [];
      reports.push(report);
    }
    at = end;
  }
  return reports;
}

export function buildReport(report: Report, cname: string): Buffer {
  const head = report.sender ? 28 : 8;
  const data = Buffer.alloc(head + report.blocks.length * 24);
  writeHeader(data, report.blocks.length, report.sender ? senderReport : receiverReport);
  data.writeUInt32BE(report.ssrc, 4);
  if (report.sender) {
    data.writeUInt32BE(report.sender.ntpSeconds, 8);
    data.writeUInt32BE(report.sender.ntpFraction, 12);
    data.writeUInt32BE(report.sender.timestamp, 16);
    data.writeUInt32BE(report.sender.packets >>> 0, 20);
    data.writeUInt32BE(report.sender.octets >>> 0, 24);
  }
  report.blocks.forEach((block, i) => writeBlock(data.subarray(head + i * 24), block));
  return Buffer.concat([data, buildCname(report.ssrc, cname)]);
}

/** RFC 3550 §6.6, after a last receiver report as §6.1 wants. */
export function buildBye(ssrc: number, cname: string): Buffer {
  const data = Buffer.alloc(8);
  writeHeader(data, 1, bye);
  data.writeUInt32BE(ssrc, 4);
  return Buffer.concat([buildReport({ ssrc, sender: null, blocks: [] }, cname), data]);
}

/** NTP time of a moment in Unix milliseconds, as two 32-bit words. */
export function ntpOf(unixMs: number): { ntpSeconds: number; ntpFraction: number } {
  const seconds = Math.floor(unixMs / 1000);
  return {
    ntpSeconds: (seconds + 2_208_988_800) >>> 0,
    ntpFraction: Math.floor(((unixMs - seconds * 1000) / 1000) * 2 ** 32) >>> 0,
  };
}

/** The middle 32 bits, in 1/65536 s. */
export function compactNtp(ntp: { ntpSeconds: number; ntpFraction: number }): number {
  return ((ntp.ntpSeconds << 16) | (ntp.ntpFraction >>> 16)) >>> 0;
}

function parseReport(data: Buffer, isSender: boolean, count: number): Report | null {
  const head = isSender ? 28 : 8;
  if (data.length < head + count * 24) return null;
  return {
    ssrc: data.readUInt32BE(4),
    sender: isSender
      ? {
          ntpSeconds: data.readUInt32BE(8),
          ntpFraction: data.readUInt32BE(12),
          timestamp: data.readUInt32BE(16),
          packets: data.readUInt32BE(20),
          octets: data.readUInt32BE(24),
        }
      : null,
    blocks: Array.from({ length: count }, (_, i) => parseBlock(data.subarray(head + i * 24))),
  };
}

function parseBlock(data: Buffer): ReportBlock {
  return {
    ssrc: data.readUInt32BE(0),
    fractionLost: data.readUInt8(4),
    cumulativeLost: data.readIntBE(5, 3),
    highestSequence: data.readUInt32BE(8),
    jitter: data.readUInt32BE(12),
    lastSenderReport: data.readUInt32BE(16),
    delaySinceLastSenderReport: data.readUInt32BE(20),
  };
}

function writeBlock(data: Buffer, block: ReportBlock): void {
  data.writeUInt32BE(block.ssrc, 0);
  data.writeUInt8(block.fractionLost, 4);
  data.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, block.cumulativeLost)), 5, 3);
  data.writeUInt32BE(block.highestSequence, 8);
  data.writeUInt32BE(block.jitter, 12);
  data.writeUInt32BE(block.lastSenderReport, 16);
  data.writeUInt32BE(block.delaySinceLastSenderReport, 20);
}

function writeHeader(data: Buffer, count: number, type: number): void {
  data.writeUInt8(0x80 | count, 0);
  data.writeUInt8(type, 1);
  data.writeUInt16BE(data.length / 4 - 1, 2);
}

/** RFC 3550 §6.5: one chunk with a CNAME, ended by at least one zero and padded to a word. */
function buildCname(ssrc: number, cname: string): Buffer {
  const text = Buffer.from(cname).subarray(0, 255);
  const data = Buffer.alloc(8 + Math.ceil((2 + text.length + 1) / 4) * 4);
  writeHeader(data, 1, sourceDescription);
  data.writeUInt32BE(ssrc, 4);
  data.writeUInt8(1, 8);
  data.writeUInt8(text.length, 9);
  text.copy(data, 10);
  return data;
}
