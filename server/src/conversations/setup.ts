/** How a client's work is set up: opening hours, queues with their codes, and the entrances that lead to them. */
import type { Channel } from '@kernlijn/contract/conversations';
import type { BothNames } from '@kernlijn/contract/endpoint';
import { usualAnswerWithin } from '@kernlijn/contract/routing';
import type { Flow } from '@kernlijn/contract/menu';
import type { AnswerWithin, Demand } from '@kernlijn/contract/routing';
import type { WaitingRules } from '@kernlijn/contract/waiting';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { json } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';

export interface NewOpeningHours {
  name: string;
  timezone?: string;
  /** Wall-clock times, `24:00` for the end of the day; Monday is 1. */
  periods: readonly { weekday: number; from: string; to: string }[];
  /** `from` and `to` null: closed all day. */
  exceptions?: readonly { date: string; name: string; from: string | null; to: string | null }[];
}

/** @returns its id */
export async function addOpeningHours(tx: Tx, clientId: string, hours: NewOpeningHours): Promise<string> {
  const id = newId();
  await tx
    .insertInto('opening_hours')
    .values({
      id,
      client_id: clientId,
      name: hours.name,
      timezone: hours.timezone ?? 'Europe/Amsterdam',
      periods: json(hours.periods),
      exceptions: json(hours.exceptions ?? []),
    })
    .execute();
  await audit(tx, {
    clientId,
    personId: null,
    action: 'opening-hours.added',
    subject: id,
    facts: { name: hours.name },
  });
  return id;
}

export interface NewCode {
  code: string;
  nl: string;
  en: string;
}

export interface NewQueue {
  name: BothNames;
  /** 1 is most urgent. */
  priority: number;
  /** Null is open around the clock. */
  openingHoursId?: string | null;
  demands?: readonly Demand[];
  offerSeconds?: number;
  maxMissed?: number;
  /** In seconds; a channel that is not named has the usual norm. */
  answerWithin?: Partial<AnswerWithin>;
  /** Names of prompts of the voice engine. */
  greeting?: string | null;
  closedMessage?: string | null;
  music?: string;
  /** In the order in which agents see them; fifteen at most. */
  reasons: readonly NewCode[];
  outcomes: readonly NewCode[];
  wrapUp: NewWrapUp;
}

/** What is registered when nobody does, by the codes' names. */
export type NewWrapUp =
  | { mode: 'required' }
  | { mode: 'optional'; reason: string; outcome: string }
  | { mode: 'timed'; seconds: number; reason: string; outcome: string };

/** A code's name to its id. */
export type CodeIds = Record<string, string>;

export interface AddedQueue {
  id: string;
  reasons: CodeIds;
  outcomes: CodeIds;
}

export async function addQueue(tx: Tx, clientId: string, queue: NewQueue): Promise<AddedQueue> {
  const id = newId();
  await tx
    .insertInto('queue')
    .values({
      id,
      client_id: clientId,
      name_nl: queue.name.nl,
      name_en: queue.name.en,
      priority: queue.priority,
      opening_hours_id: queue.openingHoursId ?? null,
      demands: json(queue.demands ?? []),
      offer_seconds: queue.offerSeconds ?? 20,
      max_missed: queue.maxMissed ?? 2,
      answer_within: json({ ...usualAnswerWithin, ...queue.answerWithin }),
      greeting: queue.greeting ?? null,
      closed_message: queue.closedMessage ?? null,
      music: queue.music ?? 'hold-music',
      wrap_up: 'required', // until there are codes to default to
    })
    .execute();
  const reasons = await addCodes(tx, 'reason', clientId, id, queue.reasons);
  const outcomes = await addCodes(tx, 'outcome', clientId, id, queue.outcomes);
  await setWrapUp(tx, { id, reasons, outcomes }, queue.wrapUp);
  await audit(tx, { clientId, personId: null, action: 'queue.added', subject: id, facts: { name: queue.name.en } });
  return { id, reasons, outcomes };
}

const mostCodes = 15;

/** @throws Refusal `bad-input` for more than fifteen: nobody picks well from a longer list */
async function addCodes(
  tx: Tx,
  table: 'reason' | 'outcome',
  clientId: string,
  queueId: string,
  codes: readonly NewCode[],
): Promise<CodeIds> {
  if (codes.length === 0 || codes.length > mostCodes) throw new Refusal('bad-input', { fields: [table] });
  const rows = codes.map(({ code, nl, en }, n) => ({
    id: newId(),
    client_id: clientId,
    queue_id: queueId,
    code,
    name_nl: nl,
    name_en: en,
    position: n + 1,
  }));
  await tx.insertInto(table).values(rows).execute();
  return Object.fromEntries(rows.map(({ code, id }) => [code, id]));
}

/** @throws Refusal `reason-not-of-queue` for a default that is not among the queue's codes */
export async function setWrapUp(tx: Tx, queue: AddedQueue, wrapUp: NewWrapUp): Promise<void> {
  const defaults =
    wrapUp.mode === 'required'
      ? { reason: null, outcome: null }
      : { reason: queue.reasons[wrapUp.reason], outcome: queue.outcomes[wrapUp.outcome] };
  if (defaults.reason === undefined || defaults.outcome === undefined) throw new Refusal('reason-not-of-queue');
  await tx
    .updateTable('queue')
    .set({
      wrap_up: wrapUp.mode,
      wrap_up_seconds: wrapUp.mode === 'timed' ? wrapUp.seconds : null,
      default_reason_id: defaults.reason,
      default_outcome_id: defaults.outcome,
    })
    .where('id', '=', queue.id)
    .execute();
}

/** Who has waited this long may also be helped by those of another queue. */
export async function setOverflow(
  tx: Tx,
  queueId: string,
  overflow: { queueId: string; afterSeconds: number },
): Promise<void> {
  await tx
    .updateTable('queue')
    .set({ overflow_queue_id: overflow.queueId, overflow_after_seconds: overflow.afterSeconds })
    .where('id', '=', queueId)
    .execute();
}

/** What callers hear and may choose while they wait. */
export async function setWaiting(tx: Tx, queueId: string, rules: WaitingRules): Promise<void> {
  await tx
    .updateTable('queue')
    .set({ waiting: json(rules) })
    .where('id', '=', queueId)
    .execute();
}

/** What a number says and asks before a queue. */
export async function setFlow(tx: Tx, contactPointId: string, flow: Flow): Promise<void> {
  await tx
    .updateTable('contact_point')
    .set({ flow: json(flow) })
    .where('id', '=', contactPointId)
    .execute();
}

export interface NewContactPoint {
  /** A voicemail comes in by the number that was called. */
  channel: Exclude<Channel, 'voicemail'>;
  /** E.164 number, e-mail address in lower case, or the name of a chat entrance. */
  address: string;
  name: string;
  queueId: string;
  language?: string;
  settings?: Record<string, unknown>;
}

/** @returns its id */
export async function addContactPoint(tx: Tx, clientId: string, point: NewContactPoint): Promise<string> {
  const id = newId();
  await tx
    .insertInto('contact_point')
    .values({
      id,
      client_id: clientId,
      channel: point.channel,
      address: point.address,
      name: point.name,
      queue_id: point.queueId,
      language: point.language ?? 'nl',
      settings: json(point.settings ?? {}),
    })
    .execute();
  await audit(tx, {
    clientId,
    personId: null,
    action: 'contact-point.added',
    subject: id,
    facts: { channel: point.channel, address: point.address },
  });
  return id;
}
