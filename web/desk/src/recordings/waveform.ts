/** What the player draws and says, from what the server tells of a recording. */
import type { RecordingDetail, RecordingMark } from '@kernlijn/contract/recordings';

type Peaks = NonNullable<RecordingDetail['peaks']>;

/** Of each stretch the smallest and largest sample, −1 … 1. */
export function unpack(channel: string): { low: number; high: number }[] {
  const bytes = Uint8Array.from(atob(channel), (letter) => letter.charCodeAt(0));
  const signed = new Int8Array(bytes.buffer);
  return Array.from({ length: signed.length / 2 }, (_, n) => ({
    low: (signed[2 * n] ?? 0) / 128,
    high: (signed[2 * n + 1] ?? 0) / 128,
  }));
}

/** As many stretches as can be told apart on screen. */
const drawn = 800;

/** Telephones seldom reach full scale: both sides are drawn larger by as much, so that the louder one fills its lane. */
export function gainOf(channels: readonly string[]): number {
  const loudest = Math.max(
    0,
    ...channels.flatMap((channel) => unpack(channel).map(({ low, high }) => Math.max(-low, high))),
  );
  return loudest === 0 ? 1 : Math.min(4, Math.max(1, 0.92 / loudest));
}

/** The outline of a channel as an SVG path, in a box from 0 to its length in milliseconds and from −1 to 1. */
export function outline(channel: string, { millisecondsEach }: Pick<Peaks, 'millisecondsEach'>, gain = 1): string {
  const all = unpack(channel);
  const each = Math.max(1, Math.ceil(all.length / drawn));
  const stretches: { at: number; low: number; high: number }[] = [];
  for (let n = 0; n < all.length; n += each) {
    const some = all.slice(n, n + each);
    stretches.push({
      at: (n + some.length / 2) * millisecondsEach,
      low: Math.min(...some.map(({ low }) => low)) * gain,
      high: Math.max(...some.map(({ high }) => high)) * gain,
    });
  }
  const at = (x: number, y: number) => `${Math.round(x)} ${(-y).toFixed(3)}`;
  const [first] = stretches;
  if (first === undefined) return '';
  const above = stretches.map((stretch) => at(stretch.at, Math.max(stretch.high, 0.012)));
  const below = stretches.toReversed().map((stretch) => at(stretch.at, Math.min(stretch.low, -0.012)));
  return `M${[...above, ...below].join('L')}Z`;
}

export interface Stretch {
  kind: 'pause' | 'hold' | 'aside';
  from: number;
  to: number;
}

/** Where it is silent on purpose: pauses as they are in the file, holds and consultations as they were marked. */
export function stretchesOf({
  pauses,
  marks,
  milliseconds,
}: Pick<RecordingDetail, 'pauses' | 'marks' | 'milliseconds'>): Stretch[] {
  const end = milliseconds ?? 0;
  const between = (kind: 'hold' | 'aside', begins: RecordingMark['kind'], ends: RecordingMark['kind']): Stretch[] => {
    const found: Stretch[] = [];
    let from: number | null = null;
    for (const mark of marks) {
      if (mark.kind === begins) from ??= mark.position;
      if (mark.kind !== ends || from === null) continue;
      found.push({ kind, from, to: mark.position });
      from = null;
    }
    return from === null ? found : [...found, { kind, from, to: end }];
  };
  return [
    ...between('hold', 'hold', 'unhold'),
    ...between('aside', 'aside', 'unaside'),
    ...pauses.map(({ from, to }) => ({ kind: 'pause' as const, from, to })),
  ].filter(({ from, to }) => to > from);
}

/** Parts that were played, joined as they come. */
export function withHeard(
  parts: readonly { from: number; to: number }[],
  part: { from: number; to: number },
): { from: number; to: number }[] {
  const last = parts.at(-1);
  if (last !== undefined && part.from >= last.from && part.from <= last.to + 500)
    return [...parts.slice(0, -1), { from: last.from, to: Math.max(last.to, part.to) }];
  return part.to > part.from ? [...parts, part] : [...parts];
}
