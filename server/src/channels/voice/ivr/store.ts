import { sql } from 'kysely';
import { Flow } from '@kernlijn/contract/menu';
import type { SpokenLanguage } from '@kernlijn/contract/menu';
import { MenuState } from '@kernlijn/contract/menu-walk';
import { OpeningHours } from '@kernlijn/contract/opening-hours';
import { WaitingRules } from '@kernlijn/contract/waiting';
import { json } from '../../../platform/db.ts';
import type { Tx } from '../../../platform/db.ts';
import { WaitingState } from './waiting.ts';

// ── calls in a menu ──

/** Who calls, and by which number of ours. */
export interface Caller {
  legId: string;
  clientId: string;
  contactPointId: string;
  customerId: string | null;
  customerAddress: string;
  customerName: string;
}

export interface MenuCall extends Caller {
  /** Of the number. */
  queueId: string;
  flow: Flow;
  state: MenuState;
  dueAt: Date | null;
  outsideLegId: string | null;
  /** The number that was called: what an outside party sees. */
  ownNumber: string;
}

export async function insertMenuCall(
  tx: Tx,
  call: Omit<MenuCall, 'outsideLegId' | 'ownNumber'>,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('menu_call')
    .values({
      leg_id: call.legId,
      client_id: call.clientId,
      contact_point_id: call.contactPointId,
      queue_id: call.queueId,
      flow: json(call.flow),
      state: json(call.state),
      customer_id: call.customerId,
      customer_address: call.customerAddress,
      customer_name: call.customerName,
      begun_at: now,
      due_at: call.dueAt,
    })
    .execute();
}

const menuCalls = sql`
  select m.leg_id as "legId", m.client_id as "clientId", m.contact_point_id as "contactPointId", m.queue_id as "queueId", m.flow, m.state, m.customer_id as "customerId",
         m.customer_address as "customerAddress", m.customer_name as "customerName", m.due_at as "dueAt", m.outside_leg_id as "outsideLegId", p.address as "ownNumber"
  from menu_call m join contact_point p on p.id = m.contact_point_id`;
type MenuRow = Omit<MenuCall, 'flow' | 'state'> & { flow: unknown; state: unknown };
const asMenuCall = (row: MenuRow): MenuCall => ({
  ...row,
  flow: Flow.parse(row.flow),
  state: MenuState.parse(row.state),
});

export async function lockMenuCall(tx: Tx, legId: string): Promise<MenuCall | undefined> {
  const { rows } = await sql<MenuRow>`${menuCalls} where m.leg_id = ${legId} for update of m`.execute(tx);
  return rows[0] && asMenuCall(rows[0]);
}

export async function allMenuCalls(tx: Tx): Promise<MenuCall[]> {
  return (await sql<MenuRow>`${menuCalls}`.execute(tx)).rows.map(asMenuCall);
}

export async function saveMenuCall(
  tx: Tx,
  { legId, state, dueAt, outsideLegId }: Pick<MenuCall, 'legId' | 'state' | 'dueAt' | 'outsideLegId'>,
): Promise<void> {
  await tx
    .updateTable('menu_call')
    .set({ state: json(state), due_at: dueAt, outside_leg_id: outsideLegId })
    .where('leg_id', '=', legId)
    .execute();
}

export async function deleteMenuCall(tx: Tx, legId: string): Promise<void> {
  await tx.deleteFrom('menu_call').where('leg_id', '=', legId).execute();
}

export async function hoursOfClient(
  tx: Tx,
  clientId: string,
  ids: readonly string[],
): Promise<Map<string, OpeningHours>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('opening_hours')
    .select(['id', 'timezone', 'periods', 'exceptions'])
    .where('client_id', '=', clientId)
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, OpeningHours.parse(row)]));
}

/** What a call that is to wait there needs to know of a queue. */
export interface QueueForCalls {
  clientId: string;
  priority: number;
  music: string;
  closedMessage: string | null;
  rules: WaitingRules | null;
}

export async function queueForCalls(tx: Tx, queueId: string): Promise<QueueForCalls | undefined> {
  const row = await tx
    .selectFrom('queue')
    .select(['client_id as clientId', 'priority', 'music', 'closed_message as closedMessage', 'waiting'])
    .where('id', '=', queueId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { waiting, ...rest } = row;
  return { ...rest, rules: rulesOf(waiting) };
}

/** Rules that cannot be read are as none: callers hear music. */
const rulesOf = (waiting: unknown): WaitingRules | null => WaitingRules.safeParse(waiting).data ?? null;

// ── calls that wait ──

export interface WaitingCall {
  conversationId: string;
  legId: string;
  clientId: string;
  contactPointId: string | null;
  queueId: string;
  customerId: string | null;
  customerAddress: string;
  customerName: string;
  subject: string;
  language: SpokenLanguage;
  /** It waits, or rings at an agent, and the caller is on the line. */
  waits: boolean;
  queuedAt: Date;
  music: string;
  rules: WaitingRules | null;
  wait: WaitingState | null;
  dueAt: Date | null;
  callbackState: string | null;
  ownNumber: string;
}

const waitingCalls = sql`
  select t.conversation_id as "conversationId", t.leg_id as "legId", t.client_id as "clientId", c.contact_point_id as "contactPointId", c.queue_id as "queueId", c.customer_id as "customerId",
         c.customer_address as "customerAddress", c.customer_name as "customerName", c.subject, c.language, t.live and c.state in ('waiting', 'offered') as waits, c.queued_at as "queuedAt",
         q.music, q.waiting as rules, t.wait, t.wait_due_at as "dueAt", t.callback_state as "callbackState", coalesce(p.address, '') as "ownNumber"
  from call t join conversation c on c.id = t.conversation_id join queue q on q.id = c.queue_id left join contact_point p on p.id = c.contact_point_id`;
type WaitingRow = Omit<WaitingCall, 'rules' | 'wait' | 'language'> & {
  rules: unknown;
  wait: unknown;
  language: string;
};
const asWaitingCall = (row: WaitingRow): WaitingCall => ({
  ...row,
  language: row.language === 'en' ? 'en' : 'nl',
  rules: rulesOf(row.rules),
  wait: WaitingState.safeParse(row.wait).data ?? null,
});

export async function waitingCall(tx: Tx, conversationId: string): Promise<WaitingCall | undefined> {
  const { rows } = await sql<WaitingRow>`${waitingCalls} where t.conversation_id = ${conversationId}`.execute(tx);
  return rows[0] && asWaitingCall(rows[0]);
}

/** Those on the line, in queues that say something. */
export async function waitingOnTheLine(tx: Tx): Promise<WaitingCall[]> {
  const { rows } = await sql<WaitingRow>`
    ${waitingCalls} where t.live and c.live and c.state in ('waiting', 'offered') and q.waiting is not null`.execute(
    tx,
  );
  return rows.map(asWaitingCall);
}

export async function saveWait(
  tx: Tx,
  conversationId: string,
  wait: WaitingState | null,
  dueAt: Date | null,
): Promise<void> {
  await tx
    .updateTable('call')
    .set({ wait: wait === null ? null : json(wait), wait_due_at: dueAt })
    .where('conversation_id', '=', conversationId)
    .execute();
}

/** Put through: the other side is in the call from now on. */
export async function insertOutsideParty(
  tx: Tx,
  { clientId, conversationId }: { clientId: string; conversationId: string },
  party: { id: string; address: string; legId: string },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('call_party')
    .values({
      id: party.id,
      client_id: clientId,
      conversation_id: conversationId,
      kind: 'outside',
      address: party.address,
      leg_id: party.legId,
      state: 'up',
      room: 'main',
      begun_at: now,
      answered_at: now,
      purpose: 'transfer',
    })
    .execute();
}

/** The outside party of a call that was put through is gone. @returns the caller's leg, when he is still there */
export async function outsideIsOver(tx: Tx, legId: string, why: string, now: Date): Promise<string | null> {
  const { rows } = await sql<{ legId: string }>`
    with ended as (
      update call_party set state = 'over', over_at = ${now}, over_reason = ${why} where leg_id = ${legId} and state = 'up' returning conversation_id
    )
    select t.leg_id as "legId" from ended e join call t on t.conversation_id = e.conversation_id join conversation c on c.id = e.conversation_id
    where t.live and c.state = 'forwarded'`.execute(tx);
  return rows[0]?.legId ?? null;
}

// ── callbacks that keep the place ──

export interface PlaceKept {
  conversationId: string;
  clientId: string;
  queueId: string;
  legId: string;
  live: boolean;
  state: string;
  conversationState: string;
  number: string;
  attempts: number;
  nextAt: Date | null;
  ownNumber: string;
  rules: WaitingRules | null;
  hours: OpeningHours | null;
}

const kept = sql`
  select t.conversation_id as "conversationId", t.client_id as "clientId", c.queue_id as "queueId", t.leg_id as "legId", t.live, t.callback_state as state, c.state as "conversationState",
         t.callback_number as number, t.callback_attempts as attempts, t.callback_next_at as "nextAt", coalesce(p.address, '') as "ownNumber", q.waiting as rules,
         case when h.id is null then null else json_build_object('timezone', h.timezone, 'periods', h.periods, 'exceptions', h.exceptions) end as hours
  from call t join conversation c on c.id = t.conversation_id join queue q on q.id = c.queue_id
  left join opening_hours h on h.id = q.opening_hours_id left join contact_point p on p.id = c.contact_point_id`;
type KeptRow = Omit<PlaceKept, 'rules' | 'hours'> & { rules: unknown; hours: unknown };
const asKept = (row: KeptRow): PlaceKept => ({
  ...row,
  rules: rulesOf(row.rules),
  hours: row.hours === null ? null : OpeningHours.parse(row.hours),
});

export async function placeKept(tx: Tx, conversationId: string): Promise<PlaceKept | undefined> {
  const { rows } = await sql<KeptRow>`
    ${kept} where t.conversation_id = ${conversationId} and t.callback_state is not null`.execute(tx);
  return rows[0] && asKept(rows[0]);
}

export async function allPlacesKept(tx: Tx): Promise<PlaceKept[]> {
  const { rows } = await sql<KeptRow>`
    ${kept} where t.callback_state in ('waiting', 'dialling', 'resting')`.execute(tx);
  return rows.map(asKept);
}

export async function keepPlace(tx: Tx, conversationId: string, number: string, now: Date): Promise<void> {
  await tx
    .updateTable('call')
    .set({ callback_state: 'waiting', callback_number: number, callback_asked_at: now, wait: null, wait_due_at: null })
    .where('conversation_id', '=', conversationId)
    .execute();
}

export async function saveCallback(
  tx: Tx,
  conversationId: string,
  change: {
    state: 'waiting' | 'dialling' | 'resting' | 'kept' | 'not-reached' | 'cancelled';
    nextAt?: Date | null;
    /** The line to the customer from now on. */
    line?: { legId: string; phase: 'dialling' | 'up' };
    attempts?: number;
  },
): Promise<void> {
  await tx
    .updateTable('call')
    .set({
      callback_state: change.state,
      callback_next_at: change.nextAt ?? null,
      ...(change.attempts === undefined ? {} : { callback_attempts: change.attempts }),
      ...(change.line === undefined
        ? {}
        : {
            leg_id: change.line.legId,
            phase: change.line.phase,
            live: true,
            dialled: true,
            ended_reason: null,
            ended_by: null,
            quality: null,
          }),
    })
    .where('conversation_id', '=', conversationId)
    .execute();
}
