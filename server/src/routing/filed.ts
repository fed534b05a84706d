/** The entries of the matcher's heaps, and who comes first. */
import type { WorkKind } from '@kernlijn/contract/conversations';
import type { Profile, Signature } from './fit.ts';

/** A contact that waits to be offered. */
export interface Contact {
  id: string;
  clientId: string;
  queueId: string;
  kind: WorkKind;
  /** ISO 639-1 */
  language: string;
  /** Asked for by the customer, beside what the queue asks. */
  skillId?: string | null;
  /** 1 is most urgent. */
  priority: number;
  /** ms since the epoch; a returned offer keeps it and is at the front again. */
  queuedAt: number;
  preferredAgentId: string | null;
  version: number;
  /** Agents who declined or missed it, and until when (ms) they are not asked again. */
  passedOver: ReadonlyMap<string, number>;
}

/** An agent as routing sees one. */
export interface Agent {
  id: string;
  /** Ready or busy, and not about to become something else. */
  onDuty: boolean;
  /** ms since the epoch */
  idleSince: number;
  clientIds: readonly string[];
  skills: readonly { skill: string; level: number }[];
  capacity: Readonly<Record<WorkKind, number>>;
  /** Slots in use, as bits: slot 1 is bit 0. */
  taken: Readonly<Record<WorkKind, number>>;
}

/** A contact while it waits; a raised stamp makes what was filed of it stale. */
export interface Waiting {
  contact: Contact;
  stamp: number;
  profile: Profile;
  /** After the rise by waiting. */
  priority: number;
  /** Kept for the agent who had it before. */
  reserved: boolean;
}

/** An agent on the floor. */
export interface Hand {
  agent: Agent;
  signature: Signature;
  stamp: number;
  taken: Record<WorkKind, number>;
  /** Slots of offers that are decided and not yet in the database. */
  pending: Record<WorkKind, number>;
}

export interface FiledContact {
  waiting: Waiting;
  stamp: number;
  priority: number;
  queuedAt: number;
}

export interface FiledHand {
  hand: Hand;
  stamp: number;
  rank: number;
}

export interface FiledMoment {
  waiting: Waiting;
  stamp: number;
  /** ms since the epoch */
  at: number;
}

/** Priority, then the oldest. */
export function contactBefore(a: FiledContact, b: FiledContact): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority;
  if (a.queuedAt !== b.queuedAt) return a.queuedAt < b.queuedAt;
  return a.waiting.contact.id < b.waiting.contact.id;
}

/** The lower the rank, the sooner an agent is asked. */
export function handBefore(a: FiledHand, b: FiledHand): boolean {
  return a.rank === b.rank ? a.hand.agent.id < b.hand.agent.id : a.rank < b.rank;
}

/** More than any time in ms since the epoch, so that it cannot outweigh a contact in hand. */
const oneContact = 2 ** 42;

/** The fewest contacts in hand or on the way, then the longest idle. */
export function rankOf({ agent, taken, pending }: Hand): number {
  const load =
    bits(taken.call | pending.call) + bits(taken.chat | pending.chat) + bits(taken.written | pending.written);
  return load * oneContact + agent.idleSince;
}

export const contactCounts = ({ waiting, stamp }: FiledContact): boolean => waiting.stamp === stamp;
export const handCounts = ({ hand, stamp }: FiledHand): boolean => hand.stamp === stamp;
export const momentCounts = ({ waiting, stamp }: FiledMoment): boolean => waiting.stamp === stamp;
export const momentBefore = (a: FiledMoment, b: FiledMoment): boolean => a.at < b.at;

/** The lowest free slot from 1, or 0 when all are in use. */
export function freeSlot({ agent, taken, pending }: Hand, kind: WorkKind): number {
  const used = taken[kind] | pending[kind];
  for (let slot = 1; slot <= agent.capacity[kind]; slot += 1) {
    if ((used & (1 << (slot - 1))) === 0) return slot;
  }
  return 0;
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

export function filed(waiting: Waiting): FiledContact {
  return { waiting, stamp: waiting.stamp, priority: waiting.priority, queuedAt: waiting.contact.queuedAt };
}

export function offersTheSame(a: Agent, b: Agent): boolean {
  return (
    a.clientIds.length === b.clientIds.length &&
    a.skills.length === b.skills.length &&
    a.clientIds.every((id, i) => id === b.clientIds[i]) &&
    a.skills.every(({ skill, level }, i) => skill === b.skills[i]?.skill && level === b.skills[i]?.level)
  );
}

export function inOrder(a: Waiting, b: Waiting): number {
  return contactBefore(filed(a), filed(b)) ? -1 : 1;
}

export function isPassedOver(contact: Contact, agentId: string, now: number): boolean {
  const until = contact.passedOver.get(agentId);
  return until !== undefined && until > now;
}
