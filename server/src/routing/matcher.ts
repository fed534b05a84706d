/**
 * Decides which waiting contact is offered to which agent. All in memory and without effects: events go in with the
 * time they happen at, decisions come out. After each event no waiting contact is left that an available agent could
 * have, so an event only ever concerns its own contact or its own agent.
 */
import type { WorkKind } from '@kernlijn/contract/conversations';
import { Asking } from './asking.ts';
import type { Settings } from './asking.ts';
import {
  contactBefore,
  filed,
  freeSlot,
  inOrder,
  isPassedOver,
  momentBefore,
  momentCounts,
  offersTheSame,
} from './filed.ts';
import type { Agent, Contact, FiledContact, FiledMoment, Hand, Waiting } from './filed.ts';
import { Fits } from './fit.ts';
import { Heap } from './heap.ts';

export type { Settings } from './asking.ts';
export type { Agent, Contact } from './filed.ts';

/** To be made true in the database, and then told back with `settled`. */
export interface Decision {
  conversationId: string;
  version: number;
  agentId: string;
  kind: WorkKind;
  slot: number;
  offerSeconds: number;
}

/** How long a contact is kept for the agent who had it before, from when it came into the queue. */
export const keptForMs = 60_000;
/** How long an agent who declined or missed a contact is not asked for it again. */
export const passedOverMs = 30_000;

const kinds = ['call', 'chat', 'written'] as const satisfies readonly WorkKind[];

export class Matcher {
  readonly #fits = new Fits();
  readonly #asking: Asking;
  readonly #waiting = new Map<string, Waiting>();
  readonly #deciding = new Map<string, Decision>();
  readonly #hands = new Map<string, Hand>();
  /** Contacts in their first minute, by the agent who had them before. */
  readonly #preferring = new Map<string, Set<Waiting>>();
  readonly #moments = new Heap<FiledMoment>(momentBefore, momentCounts);
  #decisions: Decision[] = [];

  constructor(settings: Settings) {
    this.#asking = new Asking(settings, this.#fits);
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** What was decided since the last call. */
  take(): Decision[] {
    const decisions = this.#decisions;
    this.#decisions = [];
    return decisions;
  }

  /** When (ms) `tick` has something to do; null when nothing changes by itself. */
  nextMoment(): number | null {
    return this.#moments.first()?.at ?? null;
  }

  /** Demands relax, overflow begins, a reservation or an exclusion ends. */
  tick(now: number): void {
    const due: Waiting[] = [];
    for (let moment = this.#moments.first(); moment !== undefined && moment.at <= now; moment = this.#moments.first()) {
      this.#moments.pop();
      this.#review(moment.waiting, now);
      due.push(moment.waiting);
    }
    for (const waiting of due.length > 1 ? due.toSorted(inOrder) : due) this.#place(waiting, now);
  }

  /** A contact waits, as it is now in the database. */
  contactWaits(contact: Contact, now: number): void {
    this.tick(now);
    const deciding = this.#deciding.get(contact.id);
    if (deciding !== undefined && deciding.version >= contact.version) return;
    this.#forget(contact.id);
    const asked = this.#asking.of(contact, now);
    if (asked === undefined) return;
    const waiting: Waiting = { contact, stamp: 0, profile: asked.profile, priority: asked.priority, reserved: false };
    this.#waiting.set(contact.id, waiting);
    this.#review(waiting, now, asked);
    this.#place(waiting, now);
  }

  /** It no longer waits: the caller hung up, or it went another way. */
  contactLeft(conversationId: string): void {
    this.#forget(conversationId);
  }

  /** An agent, as it is now in the database. */
  agentIs(agent: Agent, now: number): void {
    this.tick(now);
    let hand = this.#hands.get(agent.id);
    if (hand === undefined) {
      const signature = this.#fits.signature(agent.clientIds, agent.skills);
      hand = { agent, signature, stamp: 0, taken: { ...agent.taken }, pending: { call: 0, chat: 0, written: 0 } };
      this.#hands.set(agent.id, hand);
    } else {
      this.#unfile(hand);
      if (!offersTheSame(hand.agent, agent)) hand.signature = this.#fits.signature(agent.clientIds, agent.skills);
      hand.agent = agent;
      hand.taken = { ...agent.taken };
    }
    for (const waiting of this.#reviewPreferring(hand, now)) {
      this.#serve(hand, now, waiting);
      this.#file(hand);
      this.#place(waiting, now);
    }
    this.#serve(hand, now);
    this.#file(hand);
  }

  /** The database has answered: the offer is made, or was no longer possible and both sides are read again. */
  settled(decision: Decision, tookEffect: boolean): void {
    if (this.#deciding.get(decision.conversationId) === decision) this.#deciding.delete(decision.conversationId);
    const hand = this.#hands.get(decision.agentId);
    if (hand === undefined) return;
    const bit = 1 << (decision.slot - 1);
    hand.pending[decision.kind] &= ~bit;
    if (tookEffect) hand.taken[decision.kind] |= bit;
  }

  /** Works out anew what this contact asks and when that changes next; what was filed of it is stale. */
  #review(waiting: Waiting, now: number, asked = this.#asking.of(waiting.contact, now)): void {
    if (asked === undefined) return;
    const { contact } = waiting;
    waiting.stamp += 1;
    waiting.profile = asked.profile;
    waiting.priority = asked.priority;
    waiting.reserved = this.#reserve(waiting, now);
    let at = asked.changesAt;
    if (waiting.reserved) at = Math.min(at, contact.queuedAt + keptForMs);
    for (const until of contact.passedOver.values()) if (until > now && until < at) at = until;
    if (at < Infinity) this.#moments.push({ waiting, stamp: waiting.stamp, at });
  }

  /** Gives it to the best agent there is for it; files it when there is none. */
  #place(waiting: Waiting, now: number): void {
    const { contact, profile } = waiting;
    const hand = waiting.reserved
      ? this.#hands.get(contact.preferredAgentId ?? '')
      : this.#fits.best(profile, contact, now);
    if (hand !== undefined && freeSlot(hand, contact.kind) > 0) {
      this.#decide(waiting, hand);
      this.#file(hand);
    } else if (!waiting.reserved) {
      profile.waiting[contact.kind].push(filed(waiting));
    }
  }

  /** Gives this agent the best contacts it can have, as long as it has room; only those before `limit` if given. */
  #serve(hand: Hand, now: number, limit?: Waiting): void {
    while (hand.agent.onDuty) {
      const waiting = this.#bestFor(hand, now);
      if (waiting === undefined || (limit !== undefined && !contactBefore(filed(waiting), filed(limit)))) return;
      this.#decide(waiting, hand);
    }
  }

  #bestFor(hand: Hand, now: number): Waiting | undefined {
    let best: FiledContact | undefined;
    const { id } = hand.agent;
    const suits = ({ waiting }: FiledContact) => !isPassedOver(waiting.contact, id, now);
    for (const kind of kinds) {
      if (freeSlot(hand, kind) === 0) continue;
      for (const { waiting } of hand.signature.profiles) {
        const first = waiting[kind].first();
        if (first === undefined || (best !== undefined && !contactBefore(first, best))) continue;
        const found = waiting[kind].firstThat(suits);
        if (found !== undefined && (best === undefined || contactBefore(found, best))) best = found;
      }
      for (const waiting of this.#preferring.get(id) ?? []) {
        if (!waiting.reserved || waiting.contact.kind !== kind) continue;
        const kept = filed(waiting);
        if (best === undefined || contactBefore(kept, best)) best = kept;
      }
    }
    return best?.waiting;
  }

  #decide(waiting: Waiting, hand: Hand): void {
    const { contact } = waiting;
    const slot = freeSlot(hand, contact.kind);
    hand.pending[contact.kind] |= 1 << (slot - 1);
    this.#unfile(hand);
    this.#forget(contact.id);
    const decision: Decision = {
      conversationId: contact.id,
      version: contact.version,
      agentId: hand.agent.id,
      kind: contact.kind,
      slot,
      offerSeconds: this.#asking.offerSeconds(contact.queueId),
    };
    this.#deciding.set(contact.id, decision);
    this.#decisions.push(decision);
  }

  /** Makes the agent findable for every kind of work it has room for. */
  #file(hand: Hand): void {
    this.#unfile(hand);
    if (!hand.agent.onDuty) return;
    for (const kind of kinds) if (freeSlot(hand, kind) > 0) this.#fits.file(hand, kind);
  }

  #unfile(hand: Hand): void {
    hand.stamp += 1;
    for (const kind of kinds) this.#fits.lookAgain(hand.signature, kind);
  }

  #forget(conversationId: string): void {
    const waiting = this.#waiting.get(conversationId);
    if (waiting === undefined) return;
    this.#waiting.delete(conversationId);
    waiting.stamp += 1;
    this.#noLongerPrefers(waiting);
  }

  #prefers(waiting: Waiting, agentId: string): void {
    const known = this.#preferring.get(agentId);
    if (known === undefined) this.#preferring.set(agentId, new Set([waiting]));
    else known.add(waiting);
  }

  #noLongerPrefers(waiting: Waiting): void {
    const agentId = waiting.contact.preferredAgentId;
    const known = agentId === null ? undefined : this.#preferring.get(agentId);
    if (agentId === null || known === undefined) return;
    known.delete(waiting);
    if (known.size === 0) this.#preferring.delete(agentId);
  }

  /** Whether it is kept for the agent who had it: on duty, able to serve it, and asked for less than a minute. */
  #reserve(waiting: Waiting, now: number): boolean {
    const { contact } = waiting;
    if (contact.preferredAgentId === null) return false;
    if (now >= contact.queuedAt + keptForMs) {
      this.#noLongerPrefers(waiting);
      return false;
    }
    this.#prefers(waiting, contact.preferredAgentId);
    const hand = this.#hands.get(contact.preferredAgentId);
    if (hand === undefined) return false;
    const { agent, signature } = hand;
    return (
      agent.onDuty &&
      agent.capacity[contact.kind] > 0 &&
      this.#fits.serves(signature, waiting.profile) &&
      !isPassedOver(contact, agent.id, now)
    );
  }

  /** What an agent's change means for contacts that may be kept for it. @returns those set free, in order */
  #reviewPreferring(hand: Hand, now: number): Waiting[] {
    const letGo: Waiting[] = [];
    for (const waiting of [...(this.#preferring.get(hand.agent.id) ?? [])]) {
      const was = waiting.reserved;
      this.#review(waiting, now);
      if (waiting.reserved) continue;
      if (was) letGo.push(waiting);
      else waiting.profile.waiting[waiting.contact.kind].push(filed(waiting));
    }
    return letGo.toSorted(inOrder);
  }
}
