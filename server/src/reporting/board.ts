/** The live board: counts from the live set, figures of the day from the hours, agents as they are now. */
import { sql } from 'kysely';
import { Channel } from '@kernlijn/contract/conversations';
import type { Board, Figures, QueueFigures } from '@kernlijn/contract/reporting';
import { AnswerWithin } from '@kernlijn/contract/routing';
import type { Tx } from '../platform/db.ts';
import { serviceLevel, serviceLevelFormula } from './contact.ts';

interface QueueRow {
  queueId: string;
  clientId: string;
  nameNl: string;
  nameEn: string;
  answerWithin: unknown;
  /** Channels of its entrances. */
  serves: Channel[];
  counted: Counted[] | null;
}
/** Of one channel of a queue. */
interface Counted {
  channel: Channel;
  waiting: number;
  oldest: string | null;
  handling: number;
  wrapUp: number;
  offered: number;
  answered: number;
  inTime: number;
  abandoned: number;
  turnedAway: number;
  leftMenu: number;
  forwarded: number;
  callbacks: number;
  callbacksKept: number;
  called: number;
  reached: number;
  waitSeconds: number;
}
type AgentRow = Omit<Board['agents'][number], 'since'> & { since: Date };

/** Hours further back are of another day, also on the day that the clock goes back. */
const longestDay = '26 hours';

export async function readBoard(tx: Tx, clientId: string | null, now: Date): Promise<Omit<Board, 'seq'>> {
  const queues = await queueFigures(tx, clientId, now);
  const agents = await agentsNow(tx, clientId);
  const reasons = await tx.selectFrom('pause_reason').selectAll().orderBy('position').execute();
  const pauseReasons = reasons.map((row) => ({ code: row.code, name: { nl: row.name_nl, en: row.name_en } }));
  return { at: now.toISOString(), formula: serviceLevelFormula, queues, agents, pauseReasons };
}

async function queueFigures(tx: Tx, clientId: string | null, now: Date): Promise<QueueFigures[]> {
  const { rows } = await sql<QueueRow>`
    with live as (
      select queue_id, channel, count(*) filter (where state in ('waiting','offered'))::int as waiting,
             min(queued_at) filter (where state in ('waiting','offered')) as oldest,
             count(*) filter (where state = 'handling')::int as handling,
             count(*) filter (where state = 'wrap-up')::int as wrap_up
      from conversation where live group by queue_id, channel
    ), today as (
      select h.queue_id, h.channel, sum(h.offered)::int as offered, sum(h.answered)::int as answered, sum(h.answered_in_time)::int as in_time,
             sum(h.abandoned)::int as abandoned, sum(h.turned_away)::int as turned_away, sum(h.left_menu)::int as left_menu, sum(h.forwarded)::int as forwarded,
             sum(h.callbacks)::int as callbacks, sum(h.callbacks_kept)::int as callbacks_kept, sum(h.called)::int as called, sum(h.reached)::int as reached,
             sum(h.answered_wait_seconds) as wait
      from client c join queue_hour h on h.client_id = c.id
       and h.hour > ${now}::timestamptz - ${longestDay}::interval and h.hour <= ${now}::timestamptz
       and (h.hour at time zone c.timezone)::date = (${now}::timestamptz at time zone c.timezone)::date
      group by h.queue_id, h.channel
    ), counted as (
      select queue_id, json_agg(json_build_object(
               'channel', channel, 'waiting', coalesce(waiting, 0), 'oldest', oldest, 'handling', coalesce(handling, 0), 'wrapUp', coalesce(wrap_up, 0),
               'offered', coalesce(offered, 0), 'answered', coalesce(answered, 0), 'inTime', coalesce(in_time, 0), 'abandoned', coalesce(abandoned, 0),
               'turnedAway', coalesce(turned_away, 0), 'leftMenu', coalesce(left_menu, 0), 'forwarded', coalesce(forwarded, 0),
               'callbacks', coalesce(callbacks, 0), 'callbacksKept', coalesce(callbacks_kept, 0), 'called', coalesce(called, 0), 'reached', coalesce(reached, 0),
               'waitSeconds', coalesce(wait, 0))) as channels
      from live full join today using (queue_id, channel) group by queue_id
    ), entrances as (select queue_id, array_agg(distinct channel) as channels from contact_point where active group by queue_id)
    select q.id as "queueId", q.client_id as "clientId", q.name_nl as "nameNl", q.name_en as "nameEn", q.answer_within as "answerWithin",
           coalesce(e.channels, '{}') as serves, n.channels as counted
    from queue q left join counted n on n.queue_id = q.id left join entrances e on e.queue_id = q.id
    where ${clientId}::uuid is null or q.client_id = ${clientId}::uuid
    order by q.client_id, q.priority, q.name_nl`.execute(tx);
  return rows.map(({ nameNl, nameEn, serves, counted, answerWithin, queueId, clientId: ofClient }) => {
    const norms = AnswerWithin.parse(answerWithin);
    const channels = Channel.options.flatMap((channel) => {
      const found = counted?.find((each) => each.channel === channel);
      if (found === undefined && !serves.includes(channel)) return [];
      return [{ channel, answerWithinSeconds: norms[channel], ...figuresOf(found === undefined ? [] : [found]) }];
    });
    return { queueId, clientId: ofClient, name: { nl: nameNl, en: nameEn }, ...figuresOf(counted ?? []), channels };
  });
}

/** Of several channels together: each counted in time by its own norm. */
function figuresOf(counted: readonly Counted[]): Figures {
  const sum = (name: Exclude<keyof Counted, 'channel' | 'oldest'>) =>
    counted.reduce((total, each) => total + each[name], 0);
  const oldest = counted.flatMap((each) => (each.oldest === null ? [] : [Date.parse(each.oldest)]));
  const figures = { offered: sum('offered'), answeredInTime: sum('inTime') };
  const answered = sum('answered');
  return {
    ...figures,
    answered,
    waiting: sum('waiting'),
    oldestQueuedAt: oldest.length === 0 ? null : new Date(Math.min(...oldest)).toISOString(),
    handling: sum('handling'),
    wrapUp: sum('wrapUp'),
    unregistered: sum('wrapUp'),
    abandoned: sum('abandoned'),
    turnedAway: sum('turnedAway'),
    leftMenu: sum('leftMenu'),
    forwarded: sum('forwarded'),
    callbacks: sum('callbacks'),
    callbacksKept: sum('callbacksKept'),
    called: sum('called'),
    reached: sum('reached'),
    serviceLevel: serviceLevel(figures),
    averageSpeedOfAnswer: answered === 0 ? null : sum('waitSeconds') / answered,
  };
}

async function agentsNow(tx: Tx, clientId: string | null): Promise<Board['agents']> {
  const { rows } = await sql<AgentRow>`
    with working as (
      select in_hand_of as agent_id, count(*)::int as n from conversation
      where in_hand_of is not null and state <> 'parked' and (${clientId}::uuid is null or client_id = ${clientId}::uuid) group by in_hand_of
    ), in_call as (
      select distinct on (c.in_hand_of) c.in_hand_of as agent_id, json_build_object(
               'conversationId', c.id, 'clientId', c.client_id,
               'line', case when 'bad' in (t.customer_line, t.agent_line) then 'bad' when 'fair' in (t.customer_line, t.agent_line) then 'fair' else coalesce(t.customer_line, t.agent_line) end,
               'listeners', array(select who.name from call_party b join person who on who.id = b.person_id
                                  where b.conversation_id = c.id and b.kind = 'supervisor' and b.state <> 'over' order by b.begun_at)) as call
      from conversation c join call t on t.conversation_id = c.id and t.live
      where c.in_hand_of is not null and c.state = 'handling' and (${clientId}::uuid is null or c.client_id = ${clientId}::uuid)
      order by c.in_hand_of, c.answered_at desc
    )
    select a.person_id as "agentId", p.name, a.state, a.pause_reason as "pauseReason", a.state_since as since, a.next_state as "nextState",
           a.next_pause_reason as "nextPauseReason", a.missed_in_row as "missedInRow",
           json_build_object('call', a.call_capacity, 'chat', a.chat_capacity, 'written', a.written_capacity) as capacity,
           s.client_ids as "clientIds", coalesce(w.n, 0) as handling, l.call
    from agent a join person p on p.id = a.person_id and p.active
    join (select person_id, array_agg(client_id) as client_ids from person_client
          where ${clientId}::uuid is null or client_id = ${clientId}::uuid group by person_id) s on s.person_id = a.person_id
    left join working w on w.agent_id = a.person_id
    left join in_call l on l.agent_id = a.person_id
    order by p.name`.execute(tx);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}
