/** DTMF as RTP telephone-events (RFC 4733). */
import { timestampAhead } from './packet.ts';
import type { RtpPacket } from './packet.ts';

/** RFC 4733 §3.2, table 3: the event code is the place in this string. */
const digits = '0123456789*#ABCD';

export interface TelephoneEvent {
  digit: string;
  end: boolean;
  /** Since the timestamp of the packet, in timestamp units. */
  duration: number;
}

/** `null` for anything but a DTMF digit: other events mean nothing here. */
export function parseEvent(payload: Buffer): TelephoneEvent | null {
  if (payload.length < 4) return null;
  const digit = digits[payload.readUInt8(0)];
  if (digit === undefined) return null;
  return { digit, end: payload.readUInt8(1) >= 0x80, duration: payload.readUInt16BE(2) };
}

export function buildEvent(event: TelephoneEvent): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt8(digits.indexOf(event.digit), 0);
  payload.writeUInt8((event.end ? 0x80 : 0) | 10, 1); // −10 dBm0
  payload.writeUInt16BE(event.duration, 2);
  return payload;
}

export function isDigit(text: string): boolean {
  return text.length === 1 && digits.includes(text);
}

/** Turns the many packets of one key press into one digit, at the first packet that arrives of it. */
export class DigitReceiver {
  private last: { ssrc: number; timestamp: number; digit: string; duration: number; ended: boolean } | null = null;

  hear(packet: RtpPacket): string | null {
    const event = parseEvent(packet.payload);
    if (!event) return null;
    const { last } = this;
    if (last?.ssrc === packet.ssrc) {
      const ahead = timestampAhead(packet.timestamp, last.timestamp);
      if (ahead <= 0) {
        // Updates and the three end packets (§2.5.1.4) bear the timestamp of the beginning; older ones came late.
        if (ahead === 0) {
          last.duration = Math.max(last.duration, event.duration);
          last.ended ||= event.end;
        }
        return null;
      }
      // §2.5.1.3: an event too long for its duration field goes on as a next segment.
      const isSegment = !last.ended && last.digit === event.digit && last.duration === 0xffff && ahead === 0xffff;
      if (isSegment) {
        this.last = { ...last, timestamp: packet.timestamp, duration: event.duration, ended: event.end };
        return null;
      }
    }
    this.last = {
      ssrc: packet.ssrc,
      timestamp: packet.timestamp,
      digit: event.digit,
      duration: event.duration,
      ended: event.end,
    };
    return event.digit;
  }
}

const frame = 160;
const toneFrames = 5; // 100 ms; Q.24 asks for at least 40
const endPackets = 3;
const pauseFrames = 3;

/** Plays digits, one packet per 20 ms frame: five of tone, three times its end (§2.5.1.4), a pause. */
export class DigitSender {
  private waiting: string[] = [];
  private step = 0;

  get busy(): boolean {
    return this.waiting.length > 0;
  }

  add(text: string): void {
    this.waiting.push(...text.split(''));
  }

  /** What the next frame carries: an event, or `null` for the pause after it. Only while `busy`. */
  next(): { event: TelephoneEvent; first: boolean } | null {
    const digit = this.waiting[0] ?? '0';
    const step = this.step++;
    if (step < toneFrames + endPackets) {
      const end = step >= toneFrames;
      return { event: { digit, end, duration: Math.min(step + 1, toneFrames) * frame }, first: step === 0 };
    }
    if (this.step === toneFrames + endPackets + pauseFrames) {
      this.waiting.shift();
      this.step = 0;
    }
    return null;
  }
}
