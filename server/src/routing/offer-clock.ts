/** When each standing offer has been unanswered for too long. */
import { Heap } from './heap.ts';
import type { StandingOffer } from './store.ts';

export class OfferClock {
  readonly #standing = new Map<string, StandingOffer>();
  readonly #next = new Heap<StandingOffer>(
    (a, b) => a.expiresAt < b.expiresAt,
    (offer) => this.#standing.get(offer.conversationId) === offer,
  );

  /** An earlier round of the same conversation is forgotten; a later one stays. */
  set(offer: StandingOffer): void {
    if ((this.#standing.get(offer.conversationId)?.version ?? 0) > offer.version) return;
    this.#standing.set(offer.conversationId, offer);
    this.#next.push(offer);
  }

  /** It was answered or taken back: the conversation is at `version` now. An offer made after that stands. */
  clear(conversationId: string, version: number): void {
    const offer = this.#standing.get(conversationId);
    if (offer !== undefined && offer.version < version) this.#standing.delete(conversationId);
  }

  has({ conversationId, version }: Pick<StandingOffer, 'conversationId' | 'version'>): boolean {
    return this.#standing.get(conversationId)?.version === version;
  }

  /** ms since the epoch; null when no offer stands. */
  nextMoment(): number | null {
    return this.#next.first()?.expiresAt ?? null;
  }

  /** Those whose time is over; they are no longer kept here. */
  due(now: number): StandingOffer[] {
    const due: StandingOffer[] = [];
    for (let offer = this.#next.first(); offer !== undefined && offer.expiresAt <= now; offer = this.#next.first()) {
      this.#next.pop();
      this.#standing.delete(offer.conversationId);
      due.push(offer);
    }
    return due;
  }
}
