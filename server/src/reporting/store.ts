import { sql } from 'kysely';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { shortAbandonSeconds } from './contact.ts';
import type { Step } from './contact.ts';

/** The name of the read models' position among those of all durable subscribers. */
const subscriber = 'reporting';

/**
 * Locks the position: whoever reads on from it is alone. The transaction does not wait for the disk: what a power cut
 * takes away it takes together with the position, and the events are read again.
 */
export async function readPosition(tx: Tx): Promise<number> {
  const locked = sql<{
    seq: number;
  }>`select seq, set_config('synchronous_commit', 'off', true) from subscriber where name = ${subscriber} for update`;
  const { rows } = await locked.execute(tx);
  if (rows[0] !== undefined) return rows[0].seq;
  await sql`insert into subscriber (name) values (${subscriber}) on conflict do nothing`.execute(tx);
  return (await locked.execute(tx)).rows[0]?.seq ?? 0;
}

/** How far the read models are, without holding them up. */
export async function positionOf(tx: Tx): Promise<number> {
  const row = await tx.selectFrom('subscriber').select('seq').where('name', '=', subscriber).executeTakeFirst();
  return row?.seq ?? 0;
}

export async function savePosition(tx: Tx, seq: number): Promise<void> {
  await tx.updateTable('subscriber').set({ seq }).where('name', '=', subscriber).execute();
}

/** Applies a step once: a contact that has it already changes nothing, and neither do the figures of its hour. */
export async function applyStep(tx: Tx, card: ConversationCard, step: Step): Promise<void> {
  const key = sql`conversation_id = ${card.id} and round = ${card.round}`;
  switch (step.step) {
    case 'queued':
      await sql`
        with entered as (
          insert into contact (conversation_id, round, client_id, queue_id, channel, direction, queued_at, day, hour, answer_within)
          select ${card.id}, ${card.round}, ${card.clientId}, q.id, ${card.channel}, ${card.direction}, ${card.queuedAt},
                 (${card.queuedAt}::timestamptz at time zone c.timezone)::date, date_trunc('hour', ${card.queuedAt}::timestamptz, c.timezone), (q.answer_within->>${card.channel})::int
          from queue q join client c on c.id = q.client_id where q.id = ${card.queueId}
          on conflict do nothing
          returning client_id, queue_id, channel, hour
        )
        insert into queue_hour as h (client_id, queue_id, channel, hour, offered) select client_id, queue_id, channel, hour, 1 from entered
        on conflict (client_id, hour, queue_id, channel) do update set offered = h.offered + 1`.execute(tx);
      return;
    case 'turned-away':
    case 'left-menu':
    case 'forwarded':
      await applyElsewhere(tx, card, step);
      return;
    case 'callback':
      // Whoever hung up to be called no longer waits on the line: he is counted as a callback instead.
      await sql`
        with changed as (
          update contact set callback_at = ${step.at} where ${key} and callback_at is null and answered_at is null and forwarded_at is null
          returning client_id, queue_id, channel, hour
        )
        update queue_hour h set offered = h.offered - 1, callbacks = h.callbacks + 1
        from changed c where h.client_id = c.client_id and h.queue_id = c.queue_id and h.channel = c.channel and h.hour = c.hour`.execute(
        tx,
      );
      return;
    case 'callback-kept':
      await sql`
        with changed as (
          update contact set callback_kept_at = ${step.at}, agent_id = ${step.agentId} where ${key} and callback_at is not null and callback_kept_at is null
          returning client_id, queue_id, channel, hour
        )
        update queue_hour h set callbacks_kept = h.callbacks_kept + 1
        from changed c where h.client_id = c.client_id and h.queue_id = c.queue_id and h.channel = c.channel and h.hour = c.hour`.execute(
        tx,
      );
      return;
    case 'called':
      await sql`
        with called as (
          insert into contact (conversation_id, round, client_id, queue_id, channel, direction, queued_at, day, hour, answer_within, agent_id)
          select ${card.id}, ${card.round}, ${card.clientId}, q.id, ${card.channel}, 'out', ${card.queuedAt},
                 (${card.queuedAt}::timestamptz at time zone c.timezone)::date, date_trunc('hour', ${card.queuedAt}::timestamptz, c.timezone),
                 (q.answer_within->>${card.channel})::int, ${step.agentId}
          from queue q join client c on c.id = q.client_id where q.id = ${card.queueId}
          on conflict do nothing
          returning client_id, queue_id, channel, hour
        )
        insert into queue_hour as h (client_id, queue_id, channel, hour, called) select client_id, queue_id, channel, hour, 1 from called
        on conflict (client_id, hour, queue_id, channel) do update set called = h.called + 1`.execute(tx);
      return;
    case 'reached':
      await sql`
        with changed as (
          update contact set answered_at = ${step.at} where ${key} and direction = 'out' and answered_at is null
          returning client_id, queue_id, channel, hour
        )
        update queue_hour h set reached = h.reached + 1
        from changed c where h.client_id = c.client_id and h.queue_id = c.queue_id and h.channel = c.channel and h.hour = c.hour`.execute(
        tx,
      );
      return;
    case 'answered':
      await sql`
        with changed as (
          update contact set answered_at = ${step.at}, agent_id = ${step.agentId} where ${key} and direction = 'in' and answered_at is null and callback_at is null
          returning client_id, queue_id, channel, hour, answer_within, extract(epoch from answered_at - queued_at) as wait
        )
        update queue_hour h set answered = h.answered + 1, answered_wait_seconds = h.answered_wait_seconds + c.wait,
               answered_in_time = h.answered_in_time + (c.wait <= c.answer_within)::int
        from changed c where h.client_id = c.client_id and h.queue_id = c.queue_id and h.channel = c.channel and h.hour = c.hour`.execute(
        tx,
      );
      return;
    case 'abandoned':
      // Who was answered before and leaves while being passed on has ended, but did not go unanswered; nor did who took back
      // his wish to be called.
      await sql`
        with ended as (
          update contact set ended_at = ${step.at} where ${key} and (answered_at is not null or callback_at is not null)
        ), changed as (
          update contact set abandoned_at = ${step.at}, ended_at = ${step.at} where ${key} and abandoned_at is null and answered_at is null and callback_at is null
          returning client_id, queue_id, channel, hour, extract(epoch from abandoned_at - queued_at) as wait
        )
        update queue_hour h set abandoned = h.abandoned + 1, abandoned_short = h.abandoned_short + (c.wait < ${shortAbandonSeconds})::int
        from changed c where h.client_id = c.client_id and h.queue_id = c.queue_id and h.channel = c.channel and h.hour = c.hour`.execute(
        tx,
      );
      return;
    case 'ended':
      await sql`update contact set ended_at = ${step.at} where ${key}`.execute(tx);
      return;
    case 'registered':
      await sql`
        with changed as (
          update contact set registered_at = ${step.at}, by_default = ${step.byDefault}, ended_at = coalesce(ended_at, ${step.at}::timestamptz),
                 agent_id = coalesce(${step.agentId}::uuid, agent_id)
          where ${key} and registered_at is null returning client_id, queue_id, channel, hour, by_default
        )
        update queue_hour h set registered = h.registered + 1, registered_by_default = h.registered_by_default + c.by_default::int
        from changed c where h.client_id = c.client_id and h.queue_id = c.queue_id and h.channel = c.channel and h.hour = c.hour`.execute(
        tx,
      );
  }
}

const columnOf = { 'turned-away': 'turned_away', 'left-menu': 'left_menu', forwarded: 'forwarded' } as const;

/** It waited in no queue; or it did, and went elsewhere from there: then it is no longer one that was offered. */
async function applyElsewhere(
  tx: Tx,
  card: ConversationCard,
  { step, at }: Extract<Step, { step: keyof typeof columnOf }>,
): Promise<void> {
  const column = sql.ref(columnOf[step]);
  const moment = sql.ref(`${columnOf[step]}_at`);
  await sql`
    with waited as (
      update contact set ${moment} = ${at}, ended_at = ${at}
      where conversation_id = ${card.id} and round = ${card.round} and ${moment} is null and answered_at is null and callback_at is null
      returning client_id, queue_id, channel, hour
    ), came as (
      insert into contact (conversation_id, round, client_id, queue_id, channel, direction, queued_at, day, hour, answer_within, ${moment}, ended_at)
      select ${card.id}, ${card.round}, ${card.clientId}, q.id, ${card.channel}, ${card.direction}, ${card.queuedAt},
             (${card.queuedAt}::timestamptz at time zone c.timezone)::date, date_trunc('hour', ${card.queuedAt}::timestamptz, c.timezone),
             (q.answer_within->>${card.channel})::int, ${at}, ${at}
      from queue q join client c on c.id = q.client_id where q.id = ${card.queueId}
      on conflict do nothing
      returning client_id, queue_id, channel, hour
    )
    insert into queue_hour as h (client_id, queue_id, channel, hour, ${column})
    select client_id, queue_id, channel, hour, 1 from waited union all select client_id, queue_id, channel, hour, 1 from came
    on conflict (client_id, hour, queue_id, channel) do update set ${column} = h.${column} + 1,
      offered = h.offered - (exists (select from waited))::int`.execute(tx);
}
