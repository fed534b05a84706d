import { sql } from 'kysely';
import type { Staff } from '@kernlijn/contract/people';
import type { Tx } from '../platform/db.ts';

/** The people of the visible clients, or one of them; who works for none of those is not there. */
export async function staff(tx: Tx, personId?: string): Promise<Staff[]> {
  const { rows } = await sql<Staff>`
    select p.id, p.name, p.email, p.role, p.active, c.ids as "clientIds", cardinality(clients_of_person(p.id)) > cardinality(c.ids) as elsewhere,
           case when a.person_id is null then null else json_build_object(
             'state', a.state,
             'capacity', json_build_object('call', a.call_capacity, 'chat', a.chat_capacity, 'written', a.written_capacity),
             'skills', coalesce((select json_agg(json_build_object('skillId', s.skill_id, 'level', s.level) order by s.skill_id)
                                 from agent_skill s where s.person_id = p.id), '[]'::json)) end as agent
    from person p
    join (select person_id, array_agg(client_id order by client_id) as ids from person_client
          ${personId === undefined ? sql`` : sql`where person_id = ${personId}`} group by person_id) c on c.person_id = p.id
    left join agent a on a.person_id = p.id
    order by p.active desc, p.name`.execute(tx);
  return rows;
}

export async function emailTaken(tx: Tx, email: string): Promise<boolean> {
  return (
    (await tx.selectFrom('person').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst()) !==
    undefined
  );
}

/** Nobody else changes this person until we commit. */
export async function lockPerson(tx: Tx, personId: string): Promise<void> {
  await sql`select from person where id = ${personId} for update`.execute(tx);
}

/** Makes somebody an agent who was none. */
export async function insertAgentIfNone(
  tx: Tx,
  personId: string,
  capacity: { call: number; chat: number; written: number },
): Promise<void> {
  await tx
    .insertInto('agent')
    .values({
      person_id: personId,
      call_capacity: capacity.call,
      chat_capacity: capacity.chat,
      written_capacity: capacity.written,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function saveCapacity(
  tx: Tx,
  personId: string,
  capacity: { call: number; chat: number; written: number },
): Promise<void> {
  await tx
    .updateTable('agent')
    .set({ call_capacity: capacity.call, chat_capacity: capacity.chat, written_capacity: capacity.written })
    .where('person_id', '=', personId)
    .execute();
}

/** A level of null takes the skill away. */
export async function saveSkills(
  tx: Tx,
  personId: string,
  skills: readonly { skillId: string; level: number | null }[],
): Promise<void> {
  const gone = skills.filter(({ level }) => level === null).map(({ skillId }) => skillId);
  const kept = skills.flatMap(({ skillId, level }) =>
    level === null ? [] : [{ person_id: personId, skill_id: skillId, level }],
  );
  if (gone.length > 0)
    await tx.deleteFrom('agent_skill').where('person_id', '=', personId).where('skill_id', 'in', gone).execute();
  if (kept.length > 0)
    await tx
      .insertInto('agent_skill')
      .values(kept)
      .onConflict((conflict) =>
        conflict.columns(['person_id', 'skill_id']).doUpdateSet((eb) => ({ level: eb.ref('excluded.level') })),
      )
      .execute();
}

/** Contacts of these clients that this person holds. */
export async function workFor(tx: Tx, personId: string, clientIds: readonly string[]): Promise<number> {
  if (clientIds.length === 0) return 0;
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from conversation
    where live and agent_id = ${personId} and client_id = any(${[...clientIds]}::uuid[])`.execute(tx);
  return rows[0]?.n ?? 0;
}

export async function skillsThere(
  tx: Tx,
): Promise<{ id: string; code: string; kind: 'language' | 'topic'; name: { nl: string; en: string } }[]> {
  const rows = await tx.selectFrom('skill').selectAll().orderBy('kind').orderBy('code').execute();
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    kind: row.kind,
    name: { nl: row.name_nl, en: row.name_en },
  }));
}
