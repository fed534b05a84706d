/** What somebody can do and how much at a time, while it is being changed. Pure. */
import type { Capacity, changeAgent, changeStaff, Staff } from '@kernlijn/contract/people';
import type { QueueSettings } from '@kernlijn/contract/routing';
import type { z } from 'zod';

export interface PersonDraft {
  name: string;
  role: Staff['role'];
  clientIds: string[];
  /** A number is null while its field is empty. */
  capacity: Record<keyof Capacity, number | null>;
  /** By skill; one that is not there is not mastered. */
  levels: Record<string, number>;
}

export const capacityRanges = { call: 1, chat: 10, written: 10 } as const satisfies Record<keyof Capacity, number>;
const kinds = ['call', 'chat', 'written'] as const;

export function draftOf({ name, role, clientIds, agent }: Staff): PersonDraft {
  return {
    name,
    role,
    clientIds: clientIds.toSorted(),
    capacity: agent?.capacity ?? { call: 0, chat: 0, written: 0 },
    levels: Object.fromEntries((agent?.skills ?? []).map(({ skillId, level }) => [skillId, level])),
  };
}

/** Only what changed, so that two who change different things do not undo each other. Null when nothing did. */
export function agentChange(before: PersonDraft, after: PersonDraft): z.input<typeof changeAgent.body> | null {
  const capacity = Object.fromEntries(
    kinds.flatMap((kind) => {
      const value = after.capacity[kind];
      return value === before.capacity[kind] || value === null ? [] : [[kind, value]];
    }),
  );
  const skills = [...new Set([...Object.keys(before.levels), ...Object.keys(after.levels)])]
    .filter((skillId) => before.levels[skillId] !== after.levels[skillId])
    .map((skillId) => ({ skillId, level: after.levels[skillId] ?? null }));
  if (Object.keys(capacity).length === 0 && skills.length === 0) return null;
  return { ...(Object.keys(capacity).length > 0 ? { capacity } : {}), ...(skills.length > 0 ? { skills } : {}) };
}

export function memberChange(before: PersonDraft, after: PersonDraft): z.input<typeof changeStaff.body> | null {
  const clientIds = after.clientIds.toSorted();
  const change = {
    ...(after.name.trim() === before.name ? {} : { name: after.name.trim() }),
    ...(after.role === before.role ? {} : { role: after.role }),
    ...(clientIds.join() === before.clientIds.join() ? {} : { clientIds }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

export interface PersonFaults {
  name: boolean;
  clients: boolean;
  capacity: Partial<Record<keyof Capacity, true>>;
}

export function faultsOf(draft: PersonDraft): PersonFaults {
  const wrong = kinds.filter((kind) => {
    const value = draft.capacity[kind];
    return value === null || !Number.isInteger(value) || value < 0 || value > capacityRanges[kind];
  });
  return {
    name: draft.name.trim() === '',
    clients: draft.clientIds.length === 0,
    capacity: Object.fromEntries(wrong.map((kind) => [kind, true])),
  };
}

export const faultless = ({ name, clients, capacity }: PersonFaults): boolean =>
  !name && !clients && Object.keys(capacity).length === 0;

export interface Reach {
  queue: QueueSettings;
  /** Seconds a contact has waited before this person may get it; null for never. */
  after: number | null;
  /** The first demand that stands in the way. */
  missing: { skill: string; level: number } | null;
}

/** From which queues somebody with these levels may get work, and from when on: as routing reads their demands. */
export function reachOf(draft: Pick<PersonDraft, 'clientIds' | 'levels'>, queues: readonly QueueSettings[]): Reach[] {
  return queues
    .filter((queue) => draft.clientIds.includes(queue.clientId))
    .map((queue) => {
      const unmet = queue.demands.filter(
        ({ kind, skill, level }) => kind === 'required' && (draft.levels[skill] ?? 0) < level,
      );
      const never = unmet.find(({ untilSeconds }) => untilSeconds === null);
      const after = never ? null : Math.max(0, ...unmet.map(({ untilSeconds }) => untilSeconds ?? 0));
      const missing = never ?? unmet[0];
      return { queue, after, missing: missing ? { skill: missing.skill, level: missing.level } : null };
    });
}
