/** The 48-bit index of an SRTP packet and which of them were here already (RFC 3711 §3.3.1, §3.3.2). */
const half = 0x8000;
const around = 0x10000;
const windowPackets = 128;

/** Guesses from 16 bits which packet it is. */
export class RolloverCounter {
  private highest: number | null = null;

  indexOf(sequence: number): number {
    if (this.highest === null) return sequence;
    const rollover = Math.floor(this.highest / around);
    const last = this.highest % around;
    let guess = rollover;
    if (last < half && sequence - last > half) guess = rollover - 1;
    else if (last >= half && last - half > sequence) guess = rollover + 1;
    return Math.max(0, guess) * around + sequence;
  }

  /** It was authentic. */
  passed(index: number): void {
    this.highest = Math.max(this.highest ?? 0, index);
  }
}

export class ReplayWindow {
  private highest = -1;
  private readonly seen = new Float64Array(windowPackets).fill(-1);

  isNew(index: number): boolean {
    return index > this.highest - windowPackets && this.seen[index % windowPackets] !== index;
  }

  saw(index: number): void {
    this.seen[index % windowPackets] = index;
    this.highest = Math.max(this.highest, index);
  }
}
