/** A contact centre to route in, for tests and benches: clients, queues with demands, skilled agents, and whoever waits. */
import pg from 'pg';
import { newId } from '../platform/ids.ts';

export interface FloorSize {
  clients: number;
  queuesPerClient: number;
  agents: number;
  /** Topics; the languages nl and de come on top. */
  skills: number;
  /** Agents serve 1 to this many clients. */
  clientsPerAgent?: number;
  state?: 'ready' | 'offline';
  offerSeconds?: number;
  maxMissed?: number;
}

export interface Floor {
  clientIds: string[];
  queues: { id: string; clientId: string }[];
  agentIds: string[];
  skillIds: string[];
}

/** The same numbers for the same seed (Mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const channels = ['call', 'chat', 'email'] as const;

export async function makeFloor(ownerUrl: string, size: FloorSize, seed = 1): Promise<Floor> {
  const dice = random(seed);
  const upTo = (n: number) => Math.floor(dice() * n);
  const skillIds = Array.from({ length: size.skills }, () => newId());
  const [dutch, german] = [newId(), newId()];
  const clientIds = Array.from({ length: size.clients }, () => newId());
  const queues = clientIds.flatMap((clientId) =>
    Array.from({ length: size.queuesPerClient }, () => ({ id: newId(), clientId })),
  );
  const demands = queues.map(() =>
    JSON.stringify([
      ...(size.skills === 0
        ? []
        : [
            {
              skill: skillIds[upTo(size.skills)],
              kind: 'required',
              level: 1 + upTo(3),
              untilSeconds: dice() < 0.5 ? 30 * (1 + upTo(4)) : null,
            },
          ]),
      ...(size.skills === 0 || dice() < 0.5
        ? []
        : [{ skill: skillIds[upTo(size.skills)], kind: 'preferred', level: 1, untilSeconds: null }]),
    ]),
  );
  const agentIds = Array.from({ length: size.agents }, () => newId());
  const serves = agentIds.flatMap((id) =>
    some(clientIds, 1 + upTo(size.clientsPerAgent ?? Math.min(3, size.clients)), upTo).map(
      (clientId) => [id, clientId] as const,
    ),
  );
  const knows = agentIds.flatMap((id) => [
    [id, dutch, 5] as const,
    ...(dice() < 0.2 ? [[id, german, 1 + upTo(5)] as const] : []),
    ...some(skillIds, Math.min(size.skills, 2 + upTo(4)), upTo).map((skill) => [id, skill, 1 + upTo(5)] as const),
  ]);
  await asOwner(ownerUrl, async (db) => {
    const insert = (text: string, ...columns: unknown[][]) => db.query(text, columns);
    await insert(
      `insert into skill (id, code, kind, name_nl, name_en) select id, code, kind, code, code from unnest($1::uuid[], $2::text[], $3::text[]) s (id, code, kind)`,
      [dutch, german, ...skillIds],
      ['nl', 'de', ...skillIds.map((_, i) => `topic-${i}`)],
      ['language', 'language', ...skillIds.map(() => 'topic')],
    );
    await insert(
      `insert into pause_reason (code, name_nl, name_en, position) select code, code, code, 1 from unnest($1::text[]) p (code)`,
      ['break', 'missed'],
    );
    await insert(
      `insert into client (id, slug, name, colour) select id, slug, slug, '#336699' from unnest($1::uuid[], $2::text[]) c (id, slug)`,
      clientIds,
      clientIds.map((_, i) => `client-${i}`),
    );
    await insert(
      `insert into queue (id, client_id, name_nl, name_en, priority, demands, offer_seconds, max_missed, wrap_up)
       select id, client_id, 'Wachtrij', 'Queue', priority, demands, offer_seconds, max_missed, 'required'
       from unnest($1::uuid[], $2::uuid[], $3::int[], $4::jsonb[], $5::int[], $6::int[]) q (id, client_id, priority, demands, offer_seconds, max_missed)`,
      queues.map(({ id }) => id),
      queues.map(({ clientId }) => clientId),
      queues.map((_, i) => 3 + (i % 4)),
      demands,
      queues.map(() => size.offerSeconds ?? 20),
      queues.map(() => size.maxMissed ?? 2),
    );
    for (const codes of ['reason', 'outcome']) {
      await insert(
        `insert into ${codes} (id, client_id, queue_id, code, name_nl, name_en, position) select gen_random_uuid(), client_id, id, 'done', 'Klaar', 'Done', 1 from unnest($1::uuid[], $2::uuid[]) q (id, client_id)`,
        queues.map(({ id }) => id),
        queues.map(({ clientId }) => clientId),
      );
    }
    await insert(
      `insert into person (id, name, email, role) select id, 'Agent ' || n, 'agent-' || n || '@example.org', 'agent' from unnest($1::uuid[]) with ordinality p (id, n)`,
      agentIds,
    );
    await insert(
      `insert into agent (person_id, state, idle_since) select id, '${size.state ?? 'ready'}', now() - n * interval '1 ms' from unnest($1::uuid[]) with ordinality a (id, n)`,
      agentIds,
    );
    await insert(
      `insert into person_client (person_id, client_id) select * from unnest($1::uuid[], $2::uuid[])`,
      serves.map(([id]) => id),
      serves.map(([, clientId]) => clientId),
    );
    await insert(
      `insert into agent_skill (person_id, skill_id, level) select * from unnest($1::uuid[], $2::uuid[], $3::int[])`,
      knows.map(([id]) => id),
      knows.map(([, skill]) => skill),
      knows.map(([, , level]) => level),
    );
  });
  return { clientIds, queues, agentIds, skillIds };
}

/** Contacts who wait, the first longest, spread over queues and channels. @returns their ids */
export async function addWaiting(ownerUrl: string, floor: Floor, count: number, seed = 2): Promise<string[]> {
  const dice = random(seed);
  const ids = Array.from({ length: count }, () => newId());
  const queues = ids.map(() => floor.queues[Math.floor(dice() * floor.queues.length)]);
  await asOwner(ownerUrl, (db) =>
    db.query(
      `insert into conversation (id, client_id, channel, direction, state, queue_id, customer_address, language, priority, queued_at)
       select w.id, w.client_id, w.channel, 'in', 'waiting', w.queue_id, w.address, w.language, q.priority, now() - ($6::int - w.n) * interval '1 ms'
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $7::text[]) with ordinality w (id, client_id, queue_id, channel, language, address, n)
       join queue q on q.id = w.queue_id`,
      [
        ids,
        queues.map((queue) => queue?.clientId),
        queues.map((queue) => queue?.id),
        ids.map(() => channels[Math.floor(dice() * 3)]),
        ids.map(() => (dice() < 0.1 ? 'de' : 'nl')),
        count,
        ids.map((_, i) => `customer-${i}@example.org`),
      ],
    ),
  );
  return ids;
}

export async function asOwner<T>(ownerUrl: string, use: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: ownerUrl });
  await db.connect();
  try {
    return await use(db);
  } finally {
    await db.end();
  }
}

function some<T>(from: readonly T[], count: number, upTo: (n: number) => number): T[] {
  const left = [...from];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(upTo(left.length), 1)).flat();
}
