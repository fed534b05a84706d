import { JitterBuffer } from './jitter-buffer.ts';

const frame = 160;

/** Three or more parties: everyone hears the sum of all others. */
export class Mixer<Party extends object> {
  private readonly parties = new Map<Party, { buffer: JitterBuffer; current: Int16Array | null }>();
  private readonly sum = new Int32Array(frame);

  join(party: Party): void {
    if (!this.parties.has(party)) this.parties.set(party, { buffer: new JitterBuffer(), current: null });
  }

  leave(party: Party): void {
    this.parties.delete(party);
  }

  put(party: Party, ssrc: number, timestamp: number, samples: Int16Array): void {
    this.parties.get(party)?.buffer.put(ssrc, timestamp, samples);
  }

  /** Takes the next frame of every party; once a tick, before `heardBy`. A silenced party is taken but not added. */
  advance(isSilenced: (party: Party) => boolean): void {
    this.sum.fill(0);
    for (const [party, state] of this.parties) {
      const next = state.buffer.next();
      state.current = isSilenced(party) ? null : next;
      if (state.current) for (let i = 0; i < frame; i++) this.sum[i] = (this.sum[i] ?? 0) + (state.current[i] ?? 0);
    }
  }

  heardBy(party: Party): Int16Array {
    const own = this.parties.get(party)?.current;
    const mix = new Int16Array(frame);
    for (let i = 0; i < frame; i++) {
      mix[i] = Math.max(-0x8000, Math.min(0x7fff, (this.sum[i] ?? 0) - (own?.[i] ?? 0)));
    }
    return mix;
  }
}
