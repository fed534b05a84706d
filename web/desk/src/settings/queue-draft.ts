/** A queue while somebody is changing it: what is typed, what is wrong with it, and what it changes. Pure. */
import { Channel } from '@kernlijn/contract/conversations';
import { changeQueueSettings, type Demand, type QueueSettings } from '@kernlijn/contract/routing';
import { WaitingRules } from '@kernlijn/contract/waiting';
import type { z } from 'zod';

export const fields = [
  'priority',
  'openingHoursId',
  'answerWithin',
  'offerSeconds',
  'maxMissed',
  'wrapUp',
  'wrapUpSeconds',
  'overflowQueueId',
  'overflowAfterSeconds',
  'demands',
  'greeting',
  'closedMessage',
  'music',
  'waiting',
] as const;
export type Field = (typeof fields)[number];
export type NumberField = 'priority' | 'offerSeconds' | 'maxMissed' | 'wrapUpSeconds' | 'overflowAfterSeconds';
export type Change = z.input<typeof changeQueueSettings.body>;

/** What callers hear. */
export type SoundFields = Pick<QueueSettings, 'greeting' | 'closedMessage' | 'music' | 'waiting'>;

/** A number is null while its field is empty. */
export type QueueDraft = Record<NumberField, number | null> &
  Pick<QueueSettings, 'wrapUp' | 'overflowQueueId' | 'openingHoursId'> &
  SoundFields & {
    demands: DraftDemand[];
    answerWithin: Record<Channel, number | null>;
  };
export interface DraftDemand extends Omit<Demand, 'skill'> {
  /** For the list on screen: it stays with the demand when that moves. */
  key: number;
  skill: string | null;
}

export const ranges = {
  priority: { min: 1, max: 9 },
  offerSeconds: { min: 5, max: 300 },
  maxMissed: { min: 1, max: 10 },
  wrapUpSeconds: { min: 5, max: 3_600 },
  overflowAfterSeconds: { min: 0, max: 86_400 },
} as const satisfies Record<NumberField, { min: number; max: number }>;

/** Of a norm, in seconds. */
export const normRange = { min: 1, max: 2_592_000 } as const;

/** The channels by which work comes into this queue; a chat that is closed takes messages. All, when no entrance leads to it. */
export function channelsOf({ contactPoints }: Pick<QueueSettings, 'contactPoints'>): Channel[] {
  const served = new Set<Channel>(contactPoints.map(({ channel }) => channel));
  if (served.has('chat')) served.add('message');
  if (served.has('call')) served.add('voicemail');
  return Channel.options.filter((channel) => served.size === 0 || served.has(channel));
}

let keys = 0;
export const newDemand = (skill: string | null): DraftDemand => ({
  key: ++keys,
  skill,
  kind: 'required',
  level: 1,
  untilSeconds: null,
});

export function draftOf(queue: QueueSettings): QueueDraft {
  const {
    priority,
    openingHoursId,
    answerWithin,
    offerSeconds,
    maxMissed,
    wrapUp,
    wrapUpSeconds,
    overflowQueueId,
    overflowAfterSeconds,
    greeting,
    closedMessage,
    music,
    waiting,
  } = queue;
  return {
    priority,
    openingHoursId,
    answerWithin: { ...answerWithin },
    offerSeconds,
    maxMissed,
    wrapUp,
    wrapUpSeconds,
    overflowQueueId,
    overflowAfterSeconds,
    greeting,
    closedMessage,
    music,
    waiting,
    demands: queue.demands.map((demand) => ({ ...demand, key: ++keys })),
  };
}

export type Fault =
  | { is: 'range'; min: number; max: number }
  | { is: 'wrapUpSeconds' | 'overflowAfter' | 'server' | 'wrapUp' | 'waiting' }
  | { is: 'norms'; channels: Channel[] }
  | { is: 'demands'; byKey: Record<number, 'skill' | 'twice' | 'until'> };
export type Faults = Partial<Record<Field, Fault>>;

export function faultsOf(draft: QueueDraft): Faults {
  const faults: Faults = {};
  for (const field of ['priority', 'offerSeconds', 'maxMissed', 'wrapUpSeconds', 'overflowAfterSeconds'] as const) {
    const value = draft[field];
    const needed =
      field === 'wrapUpSeconds'
        ? draft.wrapUp === 'timed'
        : field === 'overflowAfterSeconds'
          ? draft.overflowQueueId !== null
          : true;
    if (!needed) continue;
    const { min, max } = ranges[field];
    if (value === null && field === 'wrapUpSeconds') faults[field] = { is: 'wrapUpSeconds' };
    else if (value === null && field === 'overflowAfterSeconds') faults[field] = { is: 'overflowAfter' };
    else if (value === null || !Number.isInteger(value) || value < min || value > max)
      faults[field] = { is: 'range', min, max };
  }
  const norms = Channel.options.filter((channel) => {
    const value = draft.answerWithin[channel];
    return value === null || !Number.isInteger(value) || value < normRange.min || value > normRange.max;
  });
  if (norms.length > 0) faults.answerWithin = { is: 'norms', channels: norms };
  const byKey: Record<number, 'skill' | 'twice' | 'until'> = {};
  draft.demands.forEach((demand, at) => {
    if (demand.skill === null) byKey[demand.key] = 'skill';
    else if (
      draft.demands
        .slice(0, at)
        .some((other) => other.skill === demand.skill && other.untilSeconds === demand.untilSeconds)
    )
      byKey[demand.key] = 'twice';
    else if (demand.untilSeconds !== null && (!Number.isInteger(demand.untilSeconds) || demand.untilSeconds < 1))
      byKey[demand.key] = 'until';
  });
  // Its other fields keep themselves within their ranges.
  if (!WaitingRules.nullable().safeParse(draft.waiting).success) faults.waiting = { is: 'waiting' };
  if (Object.keys(byKey).length > 0) faults.demands = { is: 'demands', byKey };
  return faults;
}

/** What the draft makes of the queue, as the contract has it: numbers that no longer apply become null. */
function settled(draft: QueueDraft): Required<Record<Field, unknown>> {
  return {
    ...draft,
    wrapUpSeconds: draft.wrapUp === 'timed' ? draft.wrapUpSeconds : null,
    overflowAfterSeconds: draft.overflowQueueId === null ? null : draft.overflowAfterSeconds,
    demands: draft.demands.map(({ skill, kind, level, untilSeconds }) => ({ skill, kind, level, untilSeconds })),
  };
}

/** The fields in which the draft differs from the queue. */
export function changesOf(queue: QueueSettings, draft: QueueDraft): Field[] {
  const after = settled(draft);
  const before = settled(draftOf(queue));
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

/** Only what changed is sent: two people who change different things do not undo each other. */
export function bodyOf(draft: QueueDraft, changed: readonly Field[]): Change {
  const after = settled(draft);
  // These two say something only together.
  const together = changed.some((field) => field.startsWith('overflow'))
    ? (['overflowQueueId', 'overflowAfterSeconds'] as const)
    : [];
  return changeQueueSettings.body.parse(
    Object.fromEntries([...changed, ...together].map((field) => [field, after[field]])),
  );
}

/** The fields that somebody else changed since the form was opened, and that are about to be overwritten. */
export function overwritten(opened: QueueSettings, fresh: QueueSettings, changed: readonly Field[]): Field[] {
  return changed.filter((field) => JSON.stringify(opened[field]) !== JSON.stringify(fresh[field]));
}

export interface Phase {
  from: number;
  until: number | null;
  demands: DraftDemand[];
}

/** Which demands hold while a contact waits: one phase until the next of them lapses. */
export function phasesOf(demands: readonly DraftDemand[]): Phase[] {
  const borders = [...new Set(demands.flatMap((demand) => demand.untilSeconds ?? []))].toSorted((a, b) => a - b);
  return [0, ...borders].map((from, at) => ({
    from,
    until: borders[at] ?? null,
    demands: demands.filter((demand) => demand.untilSeconds === null || demand.untilSeconds > from),
  }));
}
