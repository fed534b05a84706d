/**
 * When a packet was sent, written in its sound, so that it is told from a packet that was relayed, mixed with silence or
 * moved within its frame: four loud negative samples, then the microseconds in twelve loud positive ones. µ-law: its
 * silence adds nothing to a sum, and each of these codes comes out of a mixer as it went in.
 */
export const frameBytes = 160;
const samplesPerMs = 8;
const sync = [0x00, 0x05, 0x0a, 0x0f];
const digits = 12;
const length = sync.length + digits;
const silence = 0xff;

export function stamped(at: number): Buffer {
  const frame = Buffer.alloc(frameBytes, silence);
  sync.forEach((code, i) => (frame[i] = code));
  let left = Math.round(at * 1000);
  for (let i = length - 1; i >= sync.length; i--) {
    frame[i] = 0x80 + (left % 16);
    left = Math.floor(left / 16);
  }
  return frame;
}

export const silent = Buffer.alloc(frameBytes, silence);

/** Reads the stamps out of one stream; they may lie across two packets. */
export class StampReader {
  private before: Buffer = silent;

  /** How long what this packet completes was on its way, in milliseconds; `null` when there is no stamp. */
  delay(payload: Buffer, now: number): number | null {
    const { before } = this;
    this.before = payload;
    const whole = timeAt(payload, 0);
    if (whole !== null) return now - whole;
    const both = Buffer.concat([before, payload]);
    for (let start = 1 - length; start <= payload.length - length; start++) {
      const found = timeAt(both, before.length + start);
      if (found !== null) return now - found + start / samplesPerMs;
    }
    return null;
  }
}

function timeAt(data: Buffer, at: number): number | null {
  for (const [i, code] of sync.entries()) if (data[at + i] !== code) return null;
  let microseconds = 0;
  for (let i = sync.length; i < length; i++) {
    const digit = (data[at + i] ?? 0) - 0x80;
    if (digit < 0 || digit > 15) return null;
    microseconds = microseconds * 16 + digit;
  }
  return microseconds / 1000;
}
