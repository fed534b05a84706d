/** The prompts that every installation has, read once from the folder that they are shipped in. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { millisecondsOf, readWav } from './audio.ts';

export interface ShippedPrompt {
  prompt: string;
  /** What it says; of music and tones their name. */
  text: string;
  milliseconds: number;
  file: string;
}

const folder = join(import.meta.dirname, '../../../../voice/prompts');
let known: Promise<ShippedPrompt[]> | null = null;

export function shippedPrompts(): Promise<ShippedPrompt[]> {
  known ??= read().catch((error: unknown) => {
    known = null;
    throw error;
  });
  return known;
}

async function read(): Promise<ShippedPrompt[]> {
  const texts = new Map(
    (await readFile(join(folder, 'texts.tsv'), 'utf8')).split('\n').map((line) => {
      const [name = '', , text = ''] = line.split('\t');
      return [name, text] as const;
    }),
  );
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wav')).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const { channels, rate } = readWav(await readFile(file));
      const prompt = name.slice(0, -4);
      return {
        prompt,
        text: texts.get(prompt) ?? prompt,
        milliseconds: millisecondsOf(channels[0] ?? new Float32Array(), rate),
        file,
      };
    }),
  );
}
