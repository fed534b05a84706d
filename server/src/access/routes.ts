import type { FastifyInstance } from 'fastify';
import { changeLocale, readAudit, readMe } from '@kernlijn/contract/access';
import type { Me } from '@kernlijn/contract/access';
import { done } from '@kernlijn/contract/endpoint';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { auditPage, findPerson, listClients, saveLocale } from './store.ts';

const auditPageSize = 100;

export function accessRoutes(app: FastifyInstance, { db }: Pick<Context, 'db'>): void {
  route(app, readMe, 'profile.own', async ({ viewer }) => await describe(db, viewer));
  route(app, changeLocale, 'profile.own', async ({ viewer, body }) => {
    await db.asSystem((tx) => saveLocale(tx, viewer.personId, body.locale));
    return done;
  });
  route(app, readAudit, 'audit.view', async ({ viewer, query }) => {
    const entries = await db.asReader(viewer, (tx) => auditPage(tx, query.before, auditPageSize));
    return { entries, next: entries.length === auditPageSize ? (entries.at(-1)?.id ?? null) : null };
  });
}

async function describe(db: Context['db'], viewer: Viewer): Promise<Me> {
  const person = await db.asSystem((tx) => findPerson(tx, viewer.personId));
  if (person === undefined) throw new Refusal('not-signed-in');
  const clients = await db.asReader(viewer, listClients);
  return {
    id: viewer.personId,
    name: person.name,
    email: person.email,
    role: person.role,
    locale: person.locale,
    permissions: [...viewer.permissions],
    clients,
    isAgent: viewer.isAgent,
  };
}
