/**
 * Callbacks that keep the place: the caller hangs up, his conversation waits on as it did, and when an agent takes it his
 * number is dialled. Not reached, it rests and comes back to its place; by night, and outside opening hours, it rests.
 */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { closesAt, isOpen, opensAt } from '@kernlijn/contract/opening-hours';
import { callAgain, customerLeft, rest, told } from '../../../conversations/index.ts';
import { newId } from '../../../platform/ids.ts';
import { endCall } from '../store.ts';
import { dialOut, inSeconds, say } from './line.ts';
import type { Line } from './line.ts';
import { allPlacesKept, keepPlace, placeKept, saveCallback } from './store.ts';
import type { PlaceKept, WaitingCall } from './store.ts';

type End = Parameters<typeof endCall>[2];

/** When the rules of the queue were taken away meanwhile: what was promised is kept. */
const usual = { attempts: 3, retryMinutes: 15 };
const goodbyeSeconds = 30;
/** Nobody is called before or after, whatever hours a queue keeps; in the time of the Netherlands where it keeps none. */
const decent = {
  timezone: 'Europe/Amsterdam',
  periods: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '08:00', to: '22:00' })),
  exceptions: [],
};

export class Callbacks {
  readonly #line: Line;
  /** Who is to be called, by client and number: a call from there is theirs. */
  readonly #byNumber = new Map<string, string>();
  /** Lines that are being dialled. */
  readonly #dialling = new Map<string, string>();
  readonly #leaving = new Set<string>();

  constructor(line: Line) {
    this.#line = line;
  }

  isDialling(legId: string): boolean {
    return this.#dialling.has(legId);
  }

  isLeaving(legId: string): boolean {
    return this.#leaving.has(legId);
  }

  /** False when he no longer waits: an agent was quicker. */
  async ask({ conversationId, legId, clientId, language }: WaitingCall, number: string): Promise<boolean> {
    const now = new Date();
    const asked = await this.#line.db.asSystem((tx) =>
      told(tx, conversationId, 'conversation.callback-asked', async ({ state }) => {
        if (state !== 'waiting' && state !== 'offered') return false;
        await keepPlace(tx, conversationId, number, now);
        return true;
      }),
    );
    if (asked === null) return false;
    this.#byNumber.set(`${clientId} ${number}`, conversationId);
    this.#leaving.add(legId);
    this.#line.timers.set(legId, inSeconds(now, goodbyeSeconds), () => this.goodbye(legId));
    await say(this.#line, legId, [`callback-promised-${language}`], false);
    const kept = await this.#line.db.asSystem((tx) => placeKept(tx, conversationId));
    if (kept !== undefined) this.#restAtClosing(kept, now);
    return true;
  }

  /** All was said. */
  async goodbye(legId: string): Promise<void> {
    this.#leaving.delete(legId);
    this.#line.timers.clear(legId);
    await this.#line.tell({ command: 'hangup', legId });
  }

  /** The caller is gone, and keeps his place. */
  left(legId: string): void {
    this.#leaving.delete(legId);
    this.#line.timers.clear(legId);
  }

  /** An agent has taken it. True when there is nobody on the line yet, and he is being called. */
  async taken(card: ConversationCard): Promise<boolean> {
    const { id } = card;
    if (card.call?.callback == null) return false;
    const now = new Date();
    const kept = await this.#line.db.asSystem((tx) => placeKept(tx, id));
    if (kept === undefined || kept.conversationState !== 'handling') return false;
    if (kept.live) {
      // He has not hung up yet, or has called himself meanwhile.
      if (kept.state === 'waiting' || kept.state === 'cancelled') await this.#isKept(kept);
      return false;
    }
    if (kept.state !== 'waiting') return false;
    if (!mayRing(kept, now)) {
      await this.#rest(kept, now, nextMoment(kept, now), kept.attempts);
      return true;
    }
    const legId = `callback-${newId()}`;
    const dialling = await this.#line.db.asSystem((tx) =>
      told(tx, id, 'conversation.call-changed', async ({ state }) => {
        if (state !== 'handling') return false;
        const line = { legId, phase: 'dialling' as const };
        await saveCallback(tx, id, { state: 'dialling', line, attempts: kept.attempts + 1 });
        return true;
      }),
    );
    if (dialling === null) return true;
    this.#dialling.set(legId, id);
    const refused = await dialOut(this.#line, { legId, to: kept.number, from: kept.ownNumber });
    if (refused !== null) await this.failed(legId, { reason: 'unreachable', by: 'engine', quality: null, now });
    return true;
  }

  /** The customer took the call. */
  async answered(legId: string): Promise<void> {
    const id = this.#dialling.get(legId);
    this.#dialling.delete(legId);
    const kept = id && (await this.#line.db.asSystem((tx) => placeKept(tx, id)));
    if (!kept || kept.legId !== legId) return;
    await this.#isKept(kept);
    await this.#line.connect(kept.conversationId);
  }

  /** He did not: another time, or it is put on record that he was not reached. */
  async failed(legId: string, end: End): Promise<void> {
    const id = this.#dialling.get(legId);
    this.#dialling.delete(legId);
    const kept = id && (await this.#line.db.asSystem((tx) => placeKept(tx, id)));
    if (!kept || kept.legId !== legId) return;
    const rules = kept.rules?.callback ?? usual;
    if (kept.attempts < rules.attempts && kept.conversationState === 'handling') {
      const at = nextMoment(kept, inSeconds(end.now, rules.retryMinutes * 60));
      await this.#rest(kept, end.now, at, kept.attempts, end);
      return;
    }
    this.#forget(kept);
    // The agent registers it, as every contact that he had in hand.
    await this.#line.db.asSystem((tx) =>
      customerLeft(tx, kept.conversationId, end.now, async () => {
        await endCall(tx, kept.conversationId, end);
        await saveCallback(tx, kept.conversationId, { state: 'not-reached' });
      }),
    );
  }

  /** Somebody calls. The place that he keeps, if he does. */
  placeOf(clientId: string, number: string): string | null {
    return this.#byNumber.get(`${clientId} ${number}`) ?? null;
  }

  /** He is on the line himself: in the place that he kept. Null when it is no longer there. */
  async comesBack(conversationId: string, legId: string): Promise<{ music: string; inHand: boolean } | null> {
    const now = new Date();
    const kept = await this.#line.db.asSystem((tx) => placeKept(tx, conversationId));
    if (kept === undefined || !['waiting', 'dialling', 'resting'].includes(kept.state)) return null;
    if (kept.state === 'resting')
      await this.#line.db.asSystem((tx) => callAgain(tx, conversationId, now, async () => {}));
    const card = await this.#line.db.asSystem((tx) =>
      told(tx, conversationId, 'conversation.call-changed', async ({ state }) => {
        if (state !== 'waiting' && state !== 'offered' && state !== 'handling') return false;
        await saveCallback(tx, conversationId, { state: 'cancelled', line: { legId, phase: 'up' } });
        return true;
      }),
    );
    if (card === null) return null;
    this.#forget(kept);
    this.#line.hint(conversationId);
    if (kept.state === 'dialling') {
      this.#dialling.delete(kept.legId);
      await this.#line.tell({ command: 'hangup', legId: kept.legId });
    }
    if (card.state === 'handling') await this.#isKept({ ...kept, legId });
    const music = await this.#line.db.asSystem((tx) =>
      tx.selectFrom('queue').select('music').where('id', '=', kept.queueId).executeTakeFirst(),
    );
    return { music: music?.music ?? 'hold-music', inHand: card.state === 'handling' };
  }

  /** After a restart: who is being called, who rests, whom the night will find. @returns legs that are ours */
  async resume(legs: ReadonlyMap<string, { state: 'ringing' | 'up' }>, end: End): Promise<string[]> {
    const ours: string[] = [];
    for (const kept of await this.#line.db.asSystem(allPlacesKept)) {
      this.#byNumber.set(`${kept.clientId} ${kept.number}`, kept.conversationId);
      if (kept.state === 'resting') this.#wakeAt(kept, kept.nextAt ?? end.now);
      if (kept.state === 'waiting') this.#restAtClosing(kept, end.now);
      if (kept.state !== 'dialling') continue;
      this.#dialling.set(kept.legId, kept.conversationId);
      ours.push(kept.legId);
      const leg = legs.get(kept.legId);
      if (leg === undefined) await this.failed(kept.legId, end);
      else if (leg.state === 'up') await this.answered(kept.legId);
    }
    return ours;
  }

  async #isKept(kept: PlaceKept): Promise<void> {
    this.#forget(kept);
    await this.#line.db.asSystem((tx) =>
      told(tx, kept.conversationId, 'conversation.callback-kept', async () => {
        await saveCallback(tx, kept.conversationId, { state: 'kept', line: { legId: kept.legId, phase: 'up' } });
        return true;
      }),
    );
  }

  async #rest(kept: PlaceKept, now: Date, at: Date, attempts: number, end?: End): Promise<void> {
    const { conversationId } = kept;
    const rests = await this.#line.db.asSystem((tx) =>
      rest(tx, conversationId, now, async () => {
        if (end !== undefined) await endCall(tx, conversationId, end);
        await saveCallback(tx, conversationId, { state: 'resting', nextAt: at, attempts });
      }),
    );
    if (rests !== null) this.#wakeAt(kept, at);
  }

  #wakeAt(kept: PlaceKept, at: Date): void {
    this.#line.timers.set(`callback ${kept.conversationId}`, at, () => this.#wake(kept.conversationId));
  }

  async #wake(conversationId: string): Promise<void> {
    const now = new Date();
    const kept = await this.#line.db.asSystem((tx) => placeKept(tx, conversationId));
    if (kept === undefined || kept.state !== 'resting') return;
    if (!mayRing(kept, now)) return this.#wakeAt(kept, nextMoment(kept, now));
    const card = await this.#line.db.asSystem((tx) =>
      callAgain(tx, conversationId, now, () => saveCallback(tx, conversationId, { state: 'waiting' })),
    );
    if (card === null) return;
    this.#line.hint(conversationId);
    this.#restAtClosing(kept, now);
  }

  /** Whoever is still to be called when the queue closes is called when it opens again. */
  #restAtClosing(kept: PlaceKept, now: Date): void {
    const at = closing(kept, now);
    if (at === null) return;
    const key = `callback ${kept.conversationId}`;
    this.#line.timers.set(key, at, async () => {
      const present = await this.#line.db.asSystem((tx) => placeKept(tx, kept.conversationId));
      const then = new Date();
      if (present === undefined || present.state !== 'waiting' || present.live) return;
      if (mayRing(present, then)) this.#restAtClosing(present, then);
      else if (present.conversationState !== 'handling')
        await this.#rest(present, then, nextMoment(present, then), present.attempts);
    });
  }

  #forget({ clientId, number, conversationId }: PlaceKept): void {
    this.#byNumber.delete(`${clientId} ${number}`);
    this.#line.timers.clear(`callback ${conversationId}`);
  }
}

const mayRing = ({ hours }: PlaceKept, now: Date): boolean =>
  isOpen(hours ?? decent, now) && isOpen({ ...decent, timezone: (hours ?? decent).timezone }, now);

/** The first moment from then on at which he may be called. */
export function nextMoment(kept: Pick<PlaceKept, 'hours'>, from: Date): Date {
  const decentThere = { ...decent, timezone: (kept.hours ?? decent).timezone };
  let at = from;
  // Each of the two may put it off; together they agree soon, or never do: then tomorrow it is looked at again.
  for (let n = 0; n < 20; n += 1) {
    const open = opensAt(kept.hours ?? decent, at);
    if (open === null) return inSeconds(from, 86_400);
    const ring = opensAt(decentThere, open);
    if (ring === null || ring.getTime() === open.getTime()) return open;
    at = ring;
  }
  return at;
}

function closing({ hours }: PlaceKept, now: Date): Date | null {
  const both = [closesAt(hours ?? decent, now), closesAt({ ...decent, timezone: (hours ?? decent).timezone }, now)];
  const times = both.flatMap((at) => (at === null ? [] : [at.getTime()]));
  return times.length === 0 ? now : new Date(Math.min(...times));
}
