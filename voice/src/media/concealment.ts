/**
 * What is heard in place of samples that did not come: the last pitch period again and again, unchanged for 10 ms, then
 * fading until it is silent after 60 (ITU-T G.711 Appendix I, without its delay). When speech comes back, the two are
 * blended for 5 ms. The same period tells where a frame may be stretched or shortened without being noticed.
 */
const historyLength = 480;
const shortestPeriod = 40; // 200 Hz
const longestPeriod = 120; // 66 Hz
const comparedSamples = 160;
const unchangedSamples = 80;
const fadeSamples = 400;
const blendSamples = 40;

export class Concealment {
  private readonly history = new Int16Array(historyLength);
  /** The last pitch period before the gap. */
  private period = new Int16Array(0);
  /** Of the gap that goes on, in samples; 0 while all comes. */
  private gap = 0;
  private blend = 0;

  /** Whether the next frame has to go through `mend` even when nothing is missing of it. */
  get isBlending(): boolean {
    return this.gap > 0;
  }

  /** A frame that is complete. */
  heard(frame: Int16Array): void {
    this.history.copyWithin(0, frame.length);
    this.history.set(frame, historyLength - frame.length);
  }

  /** Fills up what is missing. False when there is nothing left to be heard of it. */
  mend(frame: Int16Array, present: Uint8Array): boolean {
    let isAudible = false;
    for (let i = 0; i < frame.length; i++) {
      if (present[i] === 1) {
        if (this.gap > 0) frame[i] = this.blended(frame[i] ?? 0);
        isAudible = true;
      } else {
        if (this.gap === 0) this.period = this.history.slice(-this.pitchPeriod());
        this.blend = 0;
        const made = this.continued();
        frame[i] = made;
        isAudible ||= made !== 0;
      }
    }
    if (isAudible) this.heard(frame);
    return isAudible;
  }

  /** The lag at which the recent past repeats itself best, in samples, `most` if it does not; at least 40. */
  pitchPeriod(most = longestPeriod): number {
    const { history } = this;
    const start = historyLength - comparedSamples;
    const longest = Math.max(shortestPeriod, Math.min(most, longestPeriod));
    let best = longest;
    let bestScore = 0;
    for (let lag = shortestPeriod; lag <= longest; lag++) {
      let [product, energy] = [0, 1];
      for (let i = start; i < historyLength; i += 2) {
        const past = history[i - lag] ?? 0;
        product += (history[i] ?? 0) * past;
        energy += past * past;
      }
      const score = product > 0 ? (product * product) / energy : 0;
      if (score > bestScore) [best, bestScore] = [lag, score];
    }
    return best;
  }

  /** `back` samples before the next one, 1 being the last that was heard. */
  past(back: number): number {
    return this.history[historyLength - back] ?? 0;
  }

  private continued(): number {
    const sample = this.period[this.gap % this.period.length] ?? 0;
    const faded = Math.max(0, this.gap - unchangedSamples) / fadeSamples;
    this.gap += 1;
    return Math.round(sample * Math.max(0, 1 - faded));
  }

  private blended(sample: number): number {
    const share = (this.blend + 1) / (blendSamples + 1);
    const made = this.continued();
    this.blend += 1;
    if (this.blend === blendSamples) this.gap = 0;
    return Math.round(sample * share + made * (1 - share));
  }
}
