/** Parts of a recording, in milliseconds from its start. */
import type { RecordingPause as Part } from '@kernlijn/contract/voice';

/** All that is in either, in order, without overlap; parts that nearly touch are one. */
export function merged(parts: readonly Part[], gap = 250): Part[] {
  const result: Part[] = [];
  for (const part of parts.filter(({ from, to }) => to > from).toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && part.from <= last.to + gap) last.to = Math.max(last.to, part.to);
    else result.push({ ...part });
  }
  return result;
}

/** Pauses as they were asked for: when the engine can no longer say how they are in the file. */
export function pausesAsked(
  marks: readonly { kind: string; at: Date }[],
  startedAt: Date,
  milliseconds: number,
): Part[] {
  const pauses: Part[] = [];
  let since: number | null = null;
  const position = (at: Date) => Math.min(Math.max(0, at.getTime() - startedAt.getTime()), milliseconds);
  for (const { kind, at } of marks) {
    if (kind === 'paused') since ??= position(at);
    if (kind !== 'resumed' || since === null) continue;
    pauses.push({ from: since, to: position(at) });
    since = null;
  }
  if (since !== null) pauses.push({ from: since, to: milliseconds });
  return pauses.filter(({ from, to }) => to > from);
}

/** RFC 9110 §14.2, one range: null is all of it, `none` one that lies outside. Several are answered with all, as it allows. */
export function byteRange(header: string | undefined, size: number): { start: number; end: number } | 'none' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return null;
  const [, from = '', until = ''] = match;
  if (from === '' && until === '') return null;
  const start = from === '' ? Math.max(0, size - Number(until)) : Number(from);
  const end = from === '' || until === '' ? size - 1 : Math.min(Number(until), size - 1);
  if (from !== '' && until !== '' && Number(until) < Number(from)) return null;
  return start > end || start >= size ? 'none' : { start, end };
}
