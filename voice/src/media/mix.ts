/** The sum of what several say in one frame of 20 ms, without overflow. Silence is `null`, and of silence only, too. */
export function mix(frames: readonly (Int16Array | null)[]): Int16Array | null {
  const heard = frames.filter((frame) => frame !== null);
  const [first, ...others] = heard;
  if (!first || others.length === 0) return first ?? null;
  const sum = Int16Array.from(first);
  for (let i = 0; i < sum.length; i++) {
    let sample = sum[i] ?? 0;
    for (const other of others) sample += other[i] ?? 0;
    sum[i] = Math.max(-0x8000, Math.min(0x7fff, sample));
  }
  return sum;
}
