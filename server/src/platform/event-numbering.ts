/**
 * Gives committed events the next numbers, for the one publisher. Ids are given out before commit, so they become visible
 * out of order: `event_publisher.open` are all ids whose event may still come, from the gaps between those numbered up to
 * infinity. Numbering takes what is visible of them. See docs/decisions/0004-events-are-written-once.md.
 */
import type pg from 'pg';

export class Numbering {
  readonly #client: pg.Client;
  /** The last number given. Another publisher who gave the next one makes this one fail on it. */
  #seq: number;
  /** Gaps, and the transactions that could have held an id in them when we looked. */
  #doubt: { gaps: string; holders: string[] } | null = null;

  static async open(client: pg.Client): Promise<Numbering> {
    const { rows } = await client.query<{ seq: number }>('select seq from event_publisher');
    return new Numbering(client, rows[0]?.seq ?? 0);
  }

  private constructor(client: pg.Client, seq: number) {
    this.#client = client;
    this.#seq = seq;
  }

  /** Numbers at most `limit` events and tells every process. @returns how many there were */
  async next(limit: number): Promise<number> {
    const { rows } = await this.#client.query<{ numbered: number; mine: boolean }>({
      name: 'number events',
      text: number,
      values: [this.#seq, limit],
    });
    const [done] = rows;
    if (done?.mine !== true) throw new Error('events: another publisher is at work');
    this.#seq += done.numbered;
    return done.numbered;
  }

  /**
   * Forgets ids that will never come: rolled back, or lost in a crash. Whoever takes one holds a lock on `event` from before
   * that until it ends, so when all who held it at our first look are gone, what they committed can be seen.
   */
  async settle(limit: number): Promise<void> {
    if (this.#doubt !== null) {
      const { gaps, holders } = this.#doubt;
      const { rows } = await this.#client.query<{ held: boolean }>({
        name: 'event ids held',
        text: `select exists (select from (${lockers}) l where vxid = any($1::text[])) as held`,
        values: [holders],
      });
      if (rows[0]?.held !== false) return;
      while ((await this.next(limit)) === limit);
      await this.#client.query('update event_publisher set open = open - $2::int8multirange where seq = $1', [
        this.#seq,
        gaps,
      ]);
    }
    const { rows } = await this.#client.query<{ gaps: string | null; holders: string[] }>({
      name: 'event id gaps',
      text: `select gaps, case when gaps is null then '{}' else array(${lockers}) end as holders
             from (select (select range_agg(ids)::text from unnest(open) ids where not upper_inf(ids)) as gaps from event_publisher) p`,
    });
    const [found] = rows;
    this.#doubt = found === undefined || found.gaps === null ? null : { gaps: found.gaps, holders: found.holders };
  }
}

const lockers = `select virtualtransaction as vxid from pg_locks
  where locktype = 'relation' and relation = 'event'::regclass and mode = 'RowExclusiveLock'
    and database = (select oid from pg_database where datname = current_database())`;

// One statement and so one commit: the numbers, and the notification that carries the events themselves when they are few
// and small, so that nobody has to come and read them; else the last number.
const number = `
  with was as materialized (select open from event_publisher where seq = $1),
       fresh as materialized (
         select e.id from was, unnest(was.open) as ids,
           lateral (select id from event where id >= lower(ids) and id < coalesce(upper(ids), 9223372036854775807) order by id limit $2) e
         order by e.id limit $2),
       numbered as materialized (select $1 + row_number() over (order by id) as seq, id from fresh),
       added as (insert into event_number (seq, event_id) select seq, id from numbered),
       moved as (
         update event_publisher set seq = (select max(seq) from numbered), open = open - (select range_agg(int8range(id, id, '[]')) from fresh)
         where seq = $1 and exists (select from fresh)),
       small as (
         select json_agg(json_build_object('seq', n.seq, 'client_id', e.client_id, 'type', e.type, 'body', e.body, 'at', e.at) order by n.seq)::text as events
         from numbered n cross join lateral (select * from event where id = n.id limit 1) e
         where (select count(*) from fresh) <= 5)
  select (select count(*)::int from fresh) as numbered, exists (select from was) as mine,
         case when exists (select from fresh) then
           pg_notify('events', coalesce((select events from small where octet_length(events) < 7900), (select max(seq)::text from numbered))) end as told`;
