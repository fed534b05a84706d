/** A large centre in the middle of a busy day, for benches: queues and agents beside those of the cast, and what came in today and before. */
import { sql } from 'kysely';
import { addQueue } from '../../server/src/conversations/index.ts';
import type { Db, Tx } from '../../server/src/platform/db.ts';
import type { Cast } from '../../tests/cast.ts';

export interface Size {
  queues: number;
  agents: number;
  /** Contacts that came in today and are done. */
  today: number;
  /** And on earlier days. */
  before: number;
  waiting: number;
  handling: number;
  wrapUp: number;
}

const names = [
  'Storing',
  'Facturen',
  'Verhuizen',
  'Contract',
  'Retouren',
  'Bestellingen',
  'Zakelijk',
  'Garantie',
  'Bezorging',
  'Klachten',
];

/** @returns every queue */
export async function busyDay(db: Db, people: Cast, size: Size): Promise<string[]> {
  return await db.asSystem(async (tx) => {
    const queueIds = await addQueues(tx, people, size.queues);
    await addAgents(tx, people, size.agents);
    await sql`analyze`.execute(tx).catch(() => {}); // not the owner: the statistics come by themselves
    const done = { state: 'closed', answered: true, over: true };
    await addContacts(tx, queueIds, {
      ...done,
      count: size.before,
      from: sql`now() - interval '40 days'`,
      until: sql`now() - interval '30 hours'`,
    });
    const midnight = sql`date_trunc('day', now(), 'Europe/Amsterdam')`;
    await addContacts(tx, queueIds, { ...done, count: size.today, from: midnight, until: sql`now()` });
    await addContacts(tx, queueIds, {
      state: 'waiting',
      answered: false,
      over: false,
      count: size.waiting,
      from: sql`greatest(now() - interval '4 minutes', ${midnight})`,
      until: sql`now()`,
    });
    await addContacts(tx, queueIds, {
      state: 'handling',
      answered: true,
      over: false,
      count: size.handling,
      from: sql`greatest(now() - interval '15 minutes', ${midnight})`,
      until: sql`now()`,
    });
    await addContacts(tx, queueIds, {
      state: 'wrap-up',
      answered: true,
      over: true,
      count: size.wrapUp,
      from: sql`greatest(now() - interval '20 minutes', ${midnight})`,
      until: sql`now()`,
    });
    await readContacts(tx);
    return queueIds;
  });
}

async function addQueues(tx: Tx, people: Cast, count: number): Promise<string[]> {
  const ids = [people.shop.queue.id, people.energy.queue.id];
  const code = [{ code: 'other', nl: 'Overig', en: 'Other' }];
  for (let n = ids.length; n < count; n++) {
    const clientId = n % 2 === 0 ? people.shop.id : people.energy.id;
    const name = `${names[Math.floor(n / 2) % names.length]}${n >= 2 * names.length ? ' Engels' : ''}`;
    const queue = await addQueue(tx, clientId, {
      name: { nl: name, en: name },
      priority: 1 + (n % 9),
      answerWithin: { call: 20 + 20 * (n % 8) },
      reasons: code,
      outcomes: code,
      wrapUp: { mode: 'required' },
    });
    ids.push(queue.id);
  }
  return ids;
}

async function addAgents(tx: Tx, people: Cast, count: number): Promise<void> {
  await sql`
    with made as (
      insert into person (id, name, email, role)
      select gen_random_uuid(), (array['Anna','Bram','Carla','Dirk','Eva','Farid','Gülay','Hugo','Ilse','Jeroen','Kim','Lars','Mira','Noor','Omar'])[1 + n % 15] || ' ' ||
             (array['de Vries','Jansen','van den Berg','Bakker','Yilmaz','Smit','Meijer','de Boer','Mulder','El Amrani','Bos','Vos','Peters','Hendriks','van Leeuwen','Dekker','Brouwer'])[1 + n % 17],
             'agent' || n || '@example.org', 'agent' from generate_series(1, ${count}::int) n returning id
    ), serving as (insert into person_client select id, unnest(${[people.shop.id, people.energy.id]}::uuid[]) from made)
    insert into agent (person_id, state, pause_reason, state_since, chat_capacity, written_capacity)
    select id, state, case when state = 'paused' then 'lunch' end, now() - random() * interval '20 minutes', 10, 10
    from (select id, (array['busy','busy','busy','ready','wrap-up','paused','offline'])[1 + (row_number() over () % 7)] as state from made) m`.execute(
    tx,
  );
}

interface Batch {
  state: string;
  answered: boolean;
  over: boolean;
  count: number;
  from: ReturnType<typeof sql>;
  until: ReturnType<typeof sql>;
}

async function addContacts(tx: Tx, queueIds: readonly string[], batch: Batch): Promise<void> {
  await sql`
    with agents as (select array_agg(person_id) as ids from agent where state <> 'offline'),
         queues as (select id, client_id, priority, row_number() over () - 1 as n from queue where id = any(${[...queueIds]}::uuid[])),
         arriving as (
           select n, ${batch.from} + random() * (${batch.until} - (${batch.from})) as at, random() as wait, random() as talk from generate_series(1, ${batch.count}::int) n
         )
    insert into conversation (id, client_id, channel, direction, state, queue_id, customer_address, customer_name, subject, priority, agent_id, created_at, queued_at, answered_at, ended_at, registered_at)
    select gen_random_uuid(), q.client_id, (array['call','call','chat','email'])[1 + a.n % 4], 'in', ${batch.state}, q.id, '+31970100' || lpad((a.n % 100000)::text, 5, '0'),
           (array['J. Bakker','M. de Wit','Fatma Yıldız','S. Haddad','Bakkerij Smit','P. Jansen','','Johanna van der Berg'])[1 + a.n % 8],
           case when a.n % 4 = 3 then 'Vraag over mijn bestelling' else '' end, q.priority,
           case when ${batch.answered} then g.ids[1 + a.n % cardinality(g.ids)] end, a.at, a.at,
           case when ${batch.answered} then least(now(), a.at + a.wait * a.wait * interval '150 seconds') end,
           case when ${batch.over} then least(now(), a.at + interval '40 seconds' + a.talk * interval '6 minutes') end,
           case when ${batch.state} = 'closed' then least(now(), a.at + interval '60 seconds' + a.talk * interval '7 minutes') end
    from arriving a cross join agents g join queues q on q.n = a.n % ${queueIds.length}`.execute(tx);
}

/** The read models as the events of all this would have left them; one in twenty hung up. */
async function readContacts(tx: Tx): Promise<void> {
  await sql`
    insert into contact (conversation_id, round, client_id, queue_id, channel, direction, agent_id, queued_at, day, hour, answer_within, answered_at, abandoned_at, ended_at, registered_at)
    select v.id, 1, v.client_id, v.queue_id, v.channel, v.direction, case when hung_up then null else v.agent_id end, v.queued_at, (v.queued_at at time zone c.timezone)::date,
           date_trunc('hour', v.queued_at, c.timezone), (q.answer_within->>v.channel)::int, case when hung_up then null else v.answered_at end, case when hung_up then v.answered_at end, v.ended_at,
           case when hung_up then null else v.registered_at end
    from (select *, state = 'closed' and get_byte(uuid_send(id), 0) < 13 as hung_up from conversation) v join client c on c.id = v.client_id join queue q on q.id = v.queue_id
    on conflict do nothing`.execute(tx);
  await sql`
    insert into queue_hour (client_id, queue_id, channel, hour, offered, answered, answered_in_time, abandoned, answered_wait_seconds, registered)
    select client_id, queue_id, channel, hour, count(*), count(answered_at), count(*) filter (where extract(epoch from answered_at - queued_at) <= answer_within), count(abandoned_at),
           coalesce(sum(extract(epoch from answered_at - queued_at)), 0), count(registered_at)
    from contact group by client_id, queue_id, channel, hour on conflict do nothing`.execute(tx);
}
