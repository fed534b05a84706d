import { sql } from 'kysely';
import type { AuditEntry, ClientSummary, Role } from '@kernlijn/contract/access';
import type { Locale } from '@kernlijn/contract/endpoint';
import type { Tx } from '../platform/db.ts';

export interface PersonRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  locale: Locale;
  clientIds: string[];
  isAgent: boolean;
}

export async function findPerson(tx: Tx, personId: string): Promise<PersonRow | undefined> {
  const { rows } = await sql<PersonRow>`
    select p.id, p.name, p.email, p.role, p.locale,
           coalesce(array_agg(pc.client_id) filter (where pc.client_id is not null), '{}') as "clientIds",
           exists (select from agent a where a.person_id = p.id) as "isAgent"
    from person p left join person_client pc on pc.person_id = p.id
    where p.id = ${personId} and p.active
    group by p.id`.execute(tx);
  return rows[0];
}

export async function listClients(tx: Tx): Promise<ClientSummary[]> {
  return await tx.selectFrom('client').select(['id', 'slug', 'name', 'colour']).orderBy('name').execute();
}

export async function saveLocale(tx: Tx, personId: string, locale: Locale): Promise<void> {
  await tx.updateTable('person').set({ locale, updated_at: new Date() }).where('id', '=', personId).execute();
}

export async function insertAudit(
  tx: Tx,
  entry: {
    clientId: string | null;
    personId: string | null;
    action: string;
    subject: string;
    facts: Record<string, unknown>;
  },
): Promise<void> {
  await tx
    .insertInto('audit_entry')
    .values({
      client_id: entry.clientId,
      person_id: entry.personId,
      action: entry.action,
      subject: entry.subject,
      facts: JSON.stringify(entry.facts),
    })
    .execute();
}

export async function auditPage(tx: Tx, before: number | undefined, limit: number): Promise<AuditEntry[]> {
  const { rows } = await sql<Omit<AuditEntry, 'at'> & { at: Date }>`
    select a.id, a.at, a.client_id as "clientId", p.name as "personName", a.action, a.subject, a.facts
    from audit_entry a left join person p on p.id = a.person_id
    where ${before === undefined ? sql`true` : sql`a.id < ${before}`}
    order by a.id desc limit ${limit}`.execute(tx);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
