import type { Law } from '../rtp/g711.ts';
import { silenceOf } from '../rtp/g711.ts';
import type { Prompt } from './prompts.ts';

/** A playback on one leg: prompts one after the other without a seam, the last again and again when it loops. */
export class Player {
  private readonly prompts: readonly Prompt[];
  private readonly loop: boolean;
  private index = 0;
  private position = 0;

  constructor(prompts: readonly Prompt[], loop: boolean) {
    this.prompts = prompts;
    this.loop = loop;
  }

  get done(): boolean {
    return this.index >= this.prompts.length;
  }

  /** The next frame; the last one is filled up with silence. */
  next(law: Law, samples: number): Buffer {
    const frame = Buffer.alloc(samples, silenceOf[law]);
    let filled = 0;
    for (let prompt = this.prompts[this.index]; prompt && filled < samples; prompt = this.prompts[this.index]) {
      const end = Math.min(prompt.samples, this.position + samples - filled);
      filled += prompt.coded[law].copy(frame, filled, this.position, end);
      this.position = end;
      if (end === prompt.samples) this.turn();
    }
    return frame;
  }

  private turn(): void {
    this.position = 0;
    if (!this.loop || this.index < this.prompts.length - 1) this.index += 1;
  }
}
