/**
 * How long packets should wait before they are played: a running histogram of how much later than the quickest each
 * came, in frames, of which nearly all has to be covered (as NetEQ of WebRTC does it). The few that come later are
 * concealed, or played late when nothing newer came.
 */
const frame = 160;
const buckets = 15; // the last counts everything from there
const forgetting = 0.994;
const covered = 0.97;
/** The quickest of the last two of these: clocks drift, routes change. */
const windowPackets = 150;
const settledAfterPackets = 50;
/** About the shortest pitch period: less cannot be taken out of speech. */
const tolerated = 40;

export class DelayTarget {
  private readonly share = new Float64Array(buckets);
  private packets = 0;
  private quickest = 0;
  private windowQuickest = 0;
  private inWindow = 0;

  reset(): void {
    this.share.fill(0);
    this.packets = 0;
    this.inWindow = 0;
  }

  /** `transit` is the time of arrival minus the timestamp, in samples and from any beginning. */
  arrived(transit: number): void {
    if (this.packets === 0) this.quickest = transit;
    else if (((transit - this.quickest) | 0) < 0) this.measureFrom(transit);
    if (this.inWindow === 0 || ((transit - this.windowQuickest) | 0) < 0) this.windowQuickest = transit;
    this.inWindow += 1;
    if (this.inWindow >= windowPackets) {
      this.measureFrom(this.windowQuickest);
      this.inWindow = 0;
    }
    const later = Math.max(0, Math.min(buckets - 1, Math.ceil(((transit - this.quickest) | 0) / frame)));
    // The first packets weigh more, or the histogram would take seconds to mean something.
    const keep = Math.min(forgetting, this.packets / (this.packets + 1));
    for (let i = 0; i < buckets; i++) this.share[i] = (this.share[i] ?? 0) * keep;
    this.share[later] = (this.share[later] ?? 0) + 1 - keep;
    this.packets += 1;
  }

  /** By how much waiting so long (from timestamp to playout, same beginning) is too long; negative: too short; 0: right. */
  excess(delay: number): number {
    if (this.packets < settledAfterPackets) return 0;
    const surplus = ((delay - this.quickest) | 0) - this.frames() * frame;
    return surplus >= tolerated || surplus < 0 ? surplus : 0;
  }

  /** What was counted from another beginning moves with it. */
  private measureFrom(quickest: number): void {
    const moved = Math.round(((quickest - this.quickest) | 0) / frame);
    this.quickest = quickest;
    if (moved === 0) return;
    const before = Float64Array.from(this.share);
    this.share.fill(0);
    for (const [bucket, share] of before.entries()) {
      const to = Math.max(0, Math.min(buckets - 1, bucket - moved));
      this.share[to] = (this.share[to] ?? 0) + share;
    }
  }

  private frames(): number {
    let sum = 0;
    for (let i = 0; i < buckets; i++) {
      sum += this.share[i] ?? 0;
      if (sum >= covered) return i;
    }
    return buckets - 1;
  }
}
