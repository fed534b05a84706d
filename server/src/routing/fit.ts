/**
 * Who can serve what, worked out once: contacts that ask the same share a profile, agents who offer the same share a
 * signature, and each signature knows the profiles it fits. An event then touches the profiles of one agent or the
 * agents of one profile, never all contacts or all agents.
 */
import type { WorkKind } from '@kernlijn/contract/conversations';
import { wishKey } from './demand.ts';
import type { SkillLevel, Wish } from './demand.ts';
import { Heap } from './heap.ts';
import type { FiledAgent, FiledContact, Hand } from './filed.ts';
import { agentBefore, agentCounts, contactBefore, contactCounts, freeSlot, loadOf } from './filed.ts';

export interface Profile {
  readonly kind: WorkKind;
  /** For each way to be served: what it requires and prefers, skills by number. */
  readonly wishes: readonly { required: readonly NumberedSkill[]; preferred: readonly NumberedSkill[] }[];
  readonly waiting: Heap<FiledContact>;
  readonly available: Heap<FiledAgent>;
}

export interface Signature {
  readonly clientIds: readonly string[];
  /** Level of each skill by number; 0 is none. */
  readonly levels: readonly number[];
  readonly fits: Record<WorkKind, Fit[]>;
  readonly profiles: Set<Profile>;
  /** The agents who have it. */
  readonly hands: Set<Hand>;
}

export interface Fit {
  profile: Profile;
  /** More is better. */
  merit: number;
}

interface NumberedSkill {
  number: number;
  level: number;
}

/** An agent of the contact's own queue comes before one who serves it by overflow, whatever either prefers. */
const ownQueueMerit = 1_000;

export class Fits {
  readonly #skills = new Map<string, number>();
  readonly #profiles = new Map<string, Profile>();
  readonly #signatures = new Map<string, Signature>();
  readonly #profilesOf = new Map<string, Profile[]>();
  readonly #signaturesOf = new Map<string, Signature[]>();

  profile(clientId: string, kind: WorkKind, wishes: readonly Wish[]): Profile {
    const key = `${clientId} ${kind} ${wishes.map(wishKey).join(' ')}`;
    const known = this.#profiles.get(key);
    if (known !== undefined) return known;
    const numbered = (skills: readonly SkillLevel[]) => skills.map(({ skill, level }) => ({ number: this.#number(skill), level }));
    const profile: Profile = {
      kind,
      wishes: wishes.map(({ required, preferred }) => ({ required: numbered(required), preferred: numbered(preferred) })),
      waiting: new Heap(contactBefore, contactCounts),
      available: new Heap(agentBefore, agentCounts),
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
    const known = this.#signatures.get(key);
    if (known !== undefined) return known;
    const signature: Signature = { clientIds, levels, fits: { call: [], chat: [], written: [] }, profiles: new Set(), hands: new Set() };
    this.#signatures.set(key, signature);
    for (const clientId of new Set(clientIds)) {
      grouped(this.#signaturesOf, clientId).push(signature);
      for (const profile of this.#profilesOf.get(clientId) ?? []) join(signature, profile);
    }
    return signature;
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
  const fit = { profile, merit };
  signature.fits[profile.kind].push(fit);
  signature.profiles.add(profile);
  for (const hand of signature.hands) {
    if (hand.agent.onDuty && freeSlot(hand, profile.kind) > 0) file(hand, fit, loadOf(hand));
  }
}

/** Makes the agent findable for a profile it has room for, until its stamp is raised. */
export function file(hand: Hand, { profile, merit }: Fit, load: number): void {
  profile.available.push({ hand, stamp: hand.stamp, merit, load, idleSince: hand.agent.idleSince });
}

/** How well it suits; null when it does not serve. */
function meritOf({ levels }: Signature, { wishes }: Profile): number | null {
  const has = ({ number, level }: NumberedSkill) => (levels[number] ?? 0) >= level;
  for (const [way, { required, preferred }] of wishes.entries()) {
    if (required.every(has)) return (way === 0 ? ownQueueMerit : 0) + preferred.filter(has).length;
  }
  return null;
}

function grouped<T>(groups: Map<string, T[]>, key: string): T[] {
  let group = groups.get(key);
  if (group === undefined) {
    group = [];
    groups.set(key, group);
  }
  return group;
}
