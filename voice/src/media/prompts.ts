import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '../rtp/g711.ts';
import type { Law } from '../rtp/g711.ts';
import { NoSuchPrompt } from './refusals.ts';
import { readWav } from './wav.ts';

/** A prompt ready for the line in both laws: nothing is encoded while calls run. */
export interface Prompt {
  samples: number;
  coded: Record<Law, Buffer>;
}

/** The prompts of several folders; an earlier folder wins. */
export class PromptLibrary {
  private readonly dirs: readonly string[];
  private readonly known = new Map<string, { modifiedMs: number; prompt: Prompt }>();

  constructor(dirs: readonly string[]) {
    this.dirs = dirs;
  }

  /** Reads a file at its first use and when it was changed since. @throws NoSuchPrompt */
  find(name: string): Prompt {
    if (!/^[a-z0-9][a-z0-9_-]*$/i.test(name)) throw new NoSuchPrompt(name); // names are no paths
    for (const dir of this.dirs) {
      const file = join(dir, `${name}.wav`);
      const modifiedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
      if (modifiedMs === undefined) continue;
      const known = this.known.get(file);
      if (known?.modifiedMs === modifiedMs) return known.prompt;
      const prompt = load(file);
      this.known.set(file, { modifiedMs, prompt });
      return prompt;
    }
    throw new NoSuchPrompt(name);
  }
}

function load(file: string): Prompt {
  try {
    const samples = readWav(readFileSync(file));
    if (samples.length === 0) throw new Error('is empty');
    return { samples: samples.length, coded: { PCMU: encode('PCMU', samples), PCMA: encode('PCMA', samples) } };
  } catch (error) {
    throw new NoSuchPrompt(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
