/**
 * A listening-quality estimate for G.711 from loss, jitter and delay: the E-model of ITU-T G.107 with its defaults,
 * reduced to the delay impairment (Cole and Rosenbluth's line) and the packet-loss impairment of G.113 Appendix I.
 */
const defaultRating = 93.2;
/** G.113: how well G.711 with concealment stands random loss. */
const lossRobustness = 25.1;
/** Packetisation and the far end's own playout, on top of what the network takes. */
const fixedDelayMs = 40;

export function estimateMos(figures: { lossPercent: number; jitterMs: number; roundTripMs: number | null }): number {
  const delay = (figures.roundTripMs ?? 0) / 2 + 2 * figures.jitterMs + fixedDelayMs;
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const lossImpairment = (95 * figures.lossPercent) / (figures.lossPercent + lossRobustness);
  return mosOf(defaultRating - delayImpairment - lossImpairment);
}

/** G.107 Annex B. */
function mosOf(rating: number): number {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  const mos = 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
  return Math.round(Math.max(1, mos) * 100) / 100;
}
