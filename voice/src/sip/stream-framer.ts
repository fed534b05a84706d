/** Cuts a byte stream into SIP messages by their Content-Length (RFC 3261 §18.3). */
import { BadMessage } from './message.ts';
import { limits, unfold } from './parse.ts';

export class StreamFramer {
  private pending: Buffer = Buffer.alloc(0);
  /** Where the search for the end of the headers goes on, so that a slow sender costs no second look at its bytes. */
  private searched = 0;

  /** True while part of a message is here and the rest is not. */
  get unfinished(): boolean {
    return this.pending.length > 0;
  }

  /** Whole messages, in order; `pings` counts the double CRLFs before them (RFC 5626 §3.5.1). Throws `BadMessage`. */
  push(chunk: Buffer): { messages: Buffer[]; pings: number } {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const messages: Buffer[] = [];
    let pings = 0;
    for (;;) {
      pings += this.skipLines();
      const message = this.cut();
      if (!message) return { messages, pings };
      messages.push(message);
    }
  }

  private skipLines(): number {
    let start = 0;
    while (this.pending[start] === 13 && this.pending[start + 1] === 10) start += 2;
    if (start > 0) this.advance(start);
    return Math.floor(start / 4);
  }

  private cut(): Buffer | null {
    const end = this.pending.indexOf('\r\n\r\n', Math.max(0, this.searched - 3));
    if (end < 0) {
      this.searched = this.pending.length;
      if (this.pending.length > limits.head) throw new BadMessage('headers too long', 513);
      return null;
    }
    if (end > limits.head) throw new BadMessage('headers too long', 513);
    this.searched = end;
    const length = end + 4 + bodyLength(this.pending.toString('latin1', 0, end));
    if (this.pending.length < length) return null;
    const message = this.pending.subarray(0, length);
    this.advance(length);
    return message;
  }

  private advance(by: number): void {
    this.pending = this.pending.subarray(by);
    this.searched = 0;
  }
}

/** §20.14: on a stream the header is mandatory. Two of them are refused: they would frame two different messages. */
function bodyLength(head: string): number {
  const found = unfold(head).filter((line) => /^(?:content-length|l)[ \t]*:/i.test(line));
  const digits = /:[ \t]*(\d{1,6})[ \t]*$/.exec(found[0] ?? '')?.[1];
  if (found.length !== 1 || digits === undefined) throw new BadMessage('no usable Content-Length');
  if (Number(digits) > limits.body) throw new BadMessage('body too long', 513);
  return Number(digits);
}
