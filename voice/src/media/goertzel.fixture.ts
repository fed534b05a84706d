/** The share of a tone in the energy of samples at 8 kHz, 0–1, by Goertzel's algorithm; 0 for next to silence or under 100 ms. */
export function share(samples: Int16Array, hertz: number): number {
  const n = samples.length;
  if (n < 800) return 0;
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / 8000);
  let [before, twoBefore, energy] = [0, 0, 0];
  for (const sample of samples) {
    [before, twoBefore] = [sample + coefficient * before - twoBefore, before];
    energy += sample * sample;
  }
  if (energy / n < 200 ** 2) return 0;
  const power = before * before + twoBefore * twoBefore - coefficient * before * twoBefore;
  return (2 * power) / (n * energy);
}
