/** What a waiting contact asks of an agent, and how that relaxes while it waits. */
import type { WorkKind } from '@kernlijn/contract/conversations';
import type { Demand } from '@kernlijn/contract/routing';

/** A queue as the matcher knows it. */
export interface Queue {
  id: string;
  clientId: string;
  demands: readonly Demand[];
  overflowQueueId: string | null;
  overflowAfterSeconds: number | null;
  /** The norm in seconds. */
  answerWithin: Readonly<Record<WorkKind, number>>;
  offerSeconds: number;
}

export interface SkillLevel {
  skill: string;
  level: number;
}

/** One way to be served: all required skills, the preferred ones raise. */
export interface Wish {
  required: readonly SkillLevel[];
  preferred: readonly SkillLevel[];
}

/** Waiting times, in seconds, at which the wishes of a contact in this queue change; ascending. */
export function turningPoints(queue: Queue, overflow: Queue | undefined): number[] {
  const points = untils(queue);
  if (overflow !== undefined && queue.overflowAfterSeconds !== null) {
    points.push(queue.overflowAfterSeconds, ...untils(overflow));
  }
  return [...new Set(points)].toSorted((a, b) => a - b);
}

/**
 * The ways to serve a contact after `waited` seconds: as its own queue asks, and from the overflow time on also as the
 * overflow queue would. Its language is required as well, unless the queue has a demand of its own about that language; and
 * so is the skill that the caller chose in a menu.
 */
export function wishesAt(
  queue: Queue,
  overflow: Queue | undefined,
  languageSkill: string | undefined,
  waited: number,
  chosen?: string,
): Wish[] {
  const own = wish(queue, languageSkill, waited, chosen);
  if (overflow === undefined || queue.overflowAfterSeconds === null || waited < queue.overflowAfterSeconds)
    return [own];
  return [own, wish(overflow, languageSkill, waited, chosen)];
}

/** Two contacts with the same key are the same to every agent. */
export function wishKey({ required, preferred }: Wish): string {
  const part = (skills: readonly SkillLevel[]) =>
    skills
      .map(({ skill, level }) => `${skill}:${level}`)
      .toSorted()
      .join(',');
  return `${part(required)}/${part(preferred)}`;
}

function wish(queue: Queue, languageSkill: string | undefined, waited: number, chosen: string | undefined): Wish {
  const now = queue.demands.filter(({ untilSeconds }) => untilSeconds === null || waited < untilSeconds);
  const required = now.filter(({ kind }) => kind === 'required');
  const also = [languageSkill, chosen].flatMap((skill) =>
    skill === undefined || queue.demands.some((demand) => demand.skill === skill) ? [] : [{ skill, level: 1 }],
  );
  return {
    required: [...required, ...also],
    preferred: now.filter(({ kind }) => kind === 'preferred'),
  };
}

function untils(queue: Queue): number[] {
  return queue.demands.flatMap(({ untilSeconds }) => (untilSeconds === null ? [] : [untilSeconds]));
}

/** A contact rises one priority each time it has waited this many times the queue's norm: nothing waits for ever. */
const normsPerStep = 10;

/** 1 is most urgent. `norm` is that of the queue for this kind of work; like `waited` in seconds. */
export function priorityAfter(priority: number, norm: number, waited: number): number {
  return Math.max(1, priority - Math.floor(waited / (normsPerStep * norm)));
}

/** The waiting time in seconds at which the priority rises next; null when it is at the top. */
export function nextRise(priority: number, norm: number, waited: number): number | null {
  if (priorityAfter(priority, norm, waited) === 1) return null;
  const step = normsPerStep * norm;
  return (Math.floor(waited / step) + 1) * step;
}
