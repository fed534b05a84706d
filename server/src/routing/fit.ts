/**
 * Who can serve what, worked out once: contacts that ask the same share a profile, agents who offer the same share a
 * signature, and each knows which of the other it fits. An event then touches the profiles of one agent or the
 * signatures of one profile, never all contacts or all agents.
 */
import type { WorkKind } from '@kernlijn/contract/conversations';
import { wishKey } from './demand.ts';
import type { SkillLevel, Wish } from './demand.ts';
import { contactBefore, contactCounts, handBefore, handCounts, rankOf } from './filed.ts';
import type { Contact, FiledContact, FiledHand, Hand } from './filed.ts';
import { Heap } from './heap.ts';

/** What some contacts of a client ask at this moment. */
export interface Profile {
  readonly waiting: Record<WorkKind, Heap<FiledContact>>;
  /** For each way to be served: what it requires and prefers, skills by number. */
  readonly wishes: readonly NumberedWish[];
  /** The signatures that serve it, those with more merit first. */
  readonly groups: { merit: number; signatures: number[] }[];
}

/** What some agents offer: the clients they serve and their skills. */
export interface Signature {
  readonly number: number;
  /** Level of each skill by number; 0, or beyond the end, is none. */
  readonly levels: Uint8Array;
  readonly profiles: Profile[];
  readonly available: Record<WorkKind, Heap<FiledHand>>;
}

interface NumberedWish {
  required: readonly NumberedSkill[];
  preferred: readonly NumberedSkill[];
}
interface NumberedSkill {
  number: number;
  level: number;
}

/** An agent of the contact's own queue comes before one who serves it by overflow, whatever either prefers. */
const ownQueueMerit = 1_000;
const nobody = Infinity;

export class Fits {
  readonly #skills = new Map<string, number>();
  readonly #profiles = new Map<string, Profile>();
  readonly #profilesOf = new Map<string, Profile[]>();
  readonly #signatures: Signature[] = [];
  readonly #signatureByKey = new Map<string, Signature>();
  readonly #signaturesOf = new Map<string, Signature[]>();
  /** The rank of the first available agent of each signature: side by side, for a profile reads many of them. */
  #firstRanks: Record<WorkKind, Float64Array> = {
    call: new Float64Array(64),
    chat: new Float64Array(64),
    written: new Float64Array(64),
  };
  /** How many signatures have somebody available. */
  readonly #available: Record<WorkKind, number> = { call: 0, chat: 0, written: 0 };

  profile(clientId: string, wishes: readonly Wish[]): Profile {
    const key = `${clientId} ${wishes.map(wishKey).join(' ')}`;
    const known = this.#profiles.get(key);
    if (known !== undefined) return known;
    const numbered = (skills: readonly SkillLevel[]) =>
      skills.map(({ skill, level }) => ({ number: this.#number(skill), level }));
    const profile: Profile = {
      waiting: perKind(() => new Heap(contactBefore, contactCounts)),
      wishes: wishes.map(({ required, preferred }) => ({
        required: numbered(required),
        preferred: numbered(preferred),
      })),
      groups: [],
    };
    this.#profiles.set(key, profile);
    grouped(this.#profilesOf, clientId).push(profile);
    for (const signature of this.#signaturesOf.get(clientId) ?? []) join(signature, profile);
    return profile;
  }

  signature(clientIds: readonly string[], skills: readonly SkillLevel[]): Signature {
    for (const { skill } of skills) this.#number(skill);
    const levels = new Uint8Array(this.#skills.size);
    for (const { skill, level } of skills) levels[this.#number(skill)] = level;
    const key = `${clientIds.toSorted().join()} ${String.fromCharCode(...levels).replace(/\0+$/, '')}`;
    const known = this.#signatureByKey.get(key);
    if (known !== undefined) return known;
    const signature: Signature = {
      number: this.#signatures.length,
      levels,
      profiles: [],
      available: perKind(() => new Heap(handBefore, handCounts)),
    };
    this.#signatures.push(signature);
    this.#signatureByKey.set(key, signature);
    this.#makeRoom(signature.number);
    for (const clientId of new Set(clientIds)) {
      grouped(this.#signaturesOf, clientId).push(signature);
      for (const profile of this.#profilesOf.get(clientId) ?? []) join(signature, profile);
    }
    return signature;
  }

  serves(signature: Signature, profile: Profile): boolean {
    return signature.profiles.includes(profile);
  }

  /** Makes an agent findable for work of a kind, until its stamp is raised. */
  file(hand: Hand, kind: WorkKind): void {
    hand.signature.available[kind].push({ hand, stamp: hand.stamp, rank: rankOf(hand) });
    this.lookAgain(hand.signature, kind);
  }

  /** After an agent of this signature was filed or its stamp raised. */
  lookAgain(signature: Signature, kind: WorkKind): void {
    const ranks = this.#firstRanks[kind];
    const rank = signature.available[kind].first()?.rank ?? nobody;
    if ((ranks[signature.number] === nobody) !== (rank === nobody)) this.#available[kind] += rank === nobody ? -1 : 1;
    ranks[signature.number] = rank;
  }

  /** The available agent with the most merit for this contact; of equals, the one of the lowest rank. */
  best(profile: Profile, { kind, passedOver }: Contact, now: number): Hand | undefined {
    if (this.#available[kind] === 0) return undefined;
    const suits =
      passedOver.size === 0 ? undefined : ({ hand }: FiledHand) => !((passedOver.get(hand.agent.id) ?? 0) > now);
    for (const { signatures } of profile.groups) {
      const found = suits === undefined ? this.#first(signatures, kind) : this.#firstThat(signatures, kind, suits);
      if (found !== undefined) return found.hand;
    }
    return undefined;
  }

  #first(signatures: readonly number[], kind: WorkKind): FiledHand | undefined {
    const ranks = this.#firstRanks[kind];
    let lowest = nobody;
    let at = -1;
    let isShared = false;
    for (let i = 0; i < signatures.length; i += 1) {
      const number = signatures[i] ?? 0; // within bounds
      const rank = ranks[number] ?? nobody;
      if (rank > lowest) continue;
      isShared = rank === lowest;
      if (isShared) continue;
      lowest = rank;
      at = number;
    }
    if (lowest === nobody) return undefined;
    const equals = isShared ? signatures.filter((number) => ranks[number] === lowest) : [at];
    return first(equals.map((number) => this.#signatures[number]?.available[kind].first()));
  }

  #firstThat(
    signatures: readonly number[],
    kind: WorkKind,
    suits: (filed: FiledHand) => boolean,
  ): FiledHand | undefined {
    const ranks = this.#firstRanks[kind];
    return first(
      signatures
        .filter((number) => (ranks[number] ?? nobody) < nobody)
        .map((number) => this.#signatures[number]?.available[kind].firstThat(suits)),
    );
  }

  #makeRoom(number: number): void {
    for (const kind of ['call', 'chat', 'written'] as const) {
      let ranks = this.#firstRanks[kind];
      if (number >= ranks.length) {
        ranks = new Float64Array(ranks.length * 2);
        ranks.set(this.#firstRanks[kind]);
        this.#firstRanks[kind] = ranks;
      }
      ranks[number] = nobody;
    }
  }

  #number(skill: string): number {
    const known = this.#skills.get(skill);
    if (known !== undefined) return known;
    const next = this.#skills.size;
    this.#skills.set(skill, next);
    return next;
  }
}

function join(signature: Signature, profile: Profile): void {
  const merit = meritOf(signature, profile);
  if (merit < 0) return;
  signature.profiles.push(profile);
  let at = 0;
  for (const group of profile.groups) {
    if (group.merit === merit) {
      group.signatures.push(signature.number);
      return;
    }
    if (group.merit > merit) at += 1;
  }
  profile.groups.splice(at, 0, { merit, signatures: [signature.number] });
}

/** How well it suits; below zero when it does not serve. Asked millions of times at a take-over. */
function meritOf({ levels }: Signature, { wishes }: Profile): number {
  for (let way = 0; way < wishes.length; way += 1) {
    const wish = wishes[way];
    if (wish === undefined || !hasAll(levels, wish.required)) continue;
    let merit = way === 0 ? ownQueueMerit : 0;
    for (const { number, level } of wish.preferred) if ((levels[number] ?? 0) >= level) merit += 1;
    return merit;
  }
  return -1;
}

function hasAll(levels: Uint8Array, skills: readonly NumberedSkill[]): boolean {
  for (const { number, level } of skills) if ((levels[number] ?? 0) < level) return false;
  return true;
}

function first(found: readonly (FiledHand | undefined)[]): FiledHand | undefined {
  let best: FiledHand | undefined;
  for (const each of found) if (each !== undefined && (best === undefined || handBefore(each, best))) best = each;
  return best;
}

function perKind<T>(make: () => T): Record<WorkKind, T> {
  return { call: make(), chat: make(), written: make() };
}

function grouped<T>(groups: Map<string, T[]>, key: string): T[] {
  let group = groups.get(key);
  if (group === undefined) {
    group = [];
    groups.set(key, group);
  }
  return group;
}
