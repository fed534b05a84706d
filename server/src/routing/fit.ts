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
  readonly wishes: readonly { required: readonly NumberedSkill[]; preferred: readonly NumberedSkill[] }[];
  /** The signatures that serve it, those with more merit first. */
  readonly groups: { merit: number; signatures: number[] }[];
}

/** What some agents offer: the clients they serve and their skills. */
export interface Signature {
  readonly number: number;
  /** Level of each skill by number; 0 or nothing is none. */
  readonly levels: readonly number[];
  readonly profiles: Set<Profile>;
  readonly available: Record<WorkKind, Heap<FiledHand>>;
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
  #firstRanks: Record<WorkKind, Float64Array> = { call: new Float64Array(64), chat: new Float64Array(64), written: new Float64Array(64) };

  profile(clientId: string, wishes: readonly Wish[]): Profile {
    const key = `${clientId} ${wishes.map(wishKey).join(' ')}`;
    const known = this.#profiles.get(key);
    if (known !== undefined) return known;
    const numbered = (skills: readonly SkillLevel[]) => skills.map(({ skill, level }) => ({ number: this.#number(skill), level }));
    const profile: Profile = {
      waiting: perKind(() => new Heap(contactBefore, contactCounts)),
      wishes: wishes.map(({ required, preferred }) => ({ required: numbered(required), preferred: numbered(preferred) })),
      groups: [],
    };
    this.#profiles.set(key, profile);
    grouped(this.#profilesOf, clientId).push(profile);
    for (const signature of this.#signaturesOf.get(clientId) ?? []) join(signature, profile);
    return profile;
  }

  signature(clientIds: readonly string[], skills: readonly SkillLevel[]): Signature {
    const levels: number[] = [];
    for (const { skill, level } of skills) levels[this.#number(skill)] = level;
    for (let i = 0; i < levels.length; i += 1) levels[i] ??= 0;
    const key = `${clientIds.toSorted().join()} ${levels.join()}`;
    const known = this.#signatureByKey.get(key);
    if (known !== undefined) return known;
    const signature: Signature = { number: this.#signatures.length, levels, profiles: new Set(), available: perKind(() => new Heap(handBefore, handCounts)) };
    this.#signatures.push(signature);
    this.#signatureByKey.set(key, signature);
    this.#makeRoom(signature.number);
    for (const clientId of new Set(clientIds)) {
      grouped(this.#signaturesOf, clientId).push(signature);
      for (const profile of this.#profilesOf.get(clientId) ?? []) join(signature, profile);
    }
    return signature;
  }

  /** Makes an agent findable for work of a kind, until its stamp is raised. */
  file(hand: Hand, kind: WorkKind): void {
    hand.signature.available[kind].push({ hand, stamp: hand.stamp, rank: rankOf(hand) });
    this.lookAgain(hand.signature, kind);
  }

  /** After an agent of this signature was filed or its stamp raised. */
  lookAgain(signature: Signature, kind: WorkKind): void {
    this.#firstRanks[kind][signature.number] = signature.available[kind].first()?.rank ?? nobody;
  }

  /** The available agent with the most merit for this contact; of equals, the one of the lowest rank. */
  best(profile: Profile, { kind, passedOver }: Contact, now: number): Hand | undefined {
    const suits = passedOver.size === 0 ? undefined : ({ hand }: FiledHand) => !((passedOver.get(hand.agent.id) ?? 0) > now);
    for (const { signatures } of profile.groups) {
      const found = suits === undefined ? this.#first(signatures, kind) : this.#firstThat(signatures, kind, suits);
      if (found !== undefined) return found.hand;
    }
    return undefined;
  }

  #first(signatures: readonly number[], kind: WorkKind): FiledHand | undefined {
    const ranks = this.#firstRanks[kind];
    let lowest = nobody;
    let at: number[] = [];
    for (const number of signatures) {
      const rank = ranks[number] ?? nobody;
      if (rank > lowest || rank === nobody) continue;
      if (rank < lowest) at = [number];
      else at.push(number);
      lowest = rank;
    }
    return first(at.map((number) => this.#signatures[number]?.available[kind].first()));
  }

  #firstThat(signatures: readonly number[], kind: WorkKind, suits: (filed: FiledHand) => boolean): FiledHand | undefined {
    const ranks = this.#firstRanks[kind];
    return first(signatures.filter((number) => (ranks[number] ?? nobody) < nobody).map((number) => this.#signatures[number]?.available[kind].firstThat(suits)));
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
  if (merit === null) return;
  signature.profiles.add(profile);
  const at = profile.groups.findIndex((group) => group.merit <= merit);
  const group = profile.groups[at];
  if (group?.merit === merit) group.signatures.push(signature.number);
  else profile.groups.splice(at < 0 ? profile.groups.length : at, 0, { merit, signatures: [signature.number] });
}

/** How well it suits; null when it does not serve. */
function meritOf({ levels }: Signature, { wishes }: Profile): number | null {
  let way = 0;
  for (const { required, preferred } of wishes) {
    if (required.every(({ number, level }) => (levels[number] ?? 0) >= level)) {
      let merit = way === 0 ? ownQueueMerit : 0;
      for (const { number, level } of preferred) if ((levels[number] ?? 0) >= level) merit += 1;
      return merit;
    }
    way += 1;
  }
  return null;
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
