/** From a request's cookie to the person behind it. */
import type { FastifyRequest } from 'fastify';
import { permissionsOf } from '@kernlijn/contract/access';
import type { Db } from '../platform/db.ts';
import type { Viewer } from '../platform/viewer.ts';
import { asFetchHeaders } from './sign-in.ts';
import type { SignIn } from './sign-in.ts';
import { findPerson } from './store.ts';
import type { PersonRow } from './store.ts';

/** A right that is taken away stops working within this time, in milliseconds. */
const freshFor = 5_000;

export interface Viewers {
  identify(request: FastifyRequest): Promise<Viewer | null>;
  /** As the database has it now; null when the person is gone. */
  find(personId: string): Promise<Viewer | null>;
  /** Something about this person changed: who asks is looked up again. */
  forget(personId: string): void;
}

export function openViewers(db: Db, { auth }: SignIn): Viewers {
  const known = new Map<string, { viewer: Viewer; until: number }>();
  const find = async (personId: string): Promise<Viewer | null> => {
    const row = await db.asSystem((tx) => findPerson(tx, personId));
    return row === undefined ? null : asViewer(row);
  };
  return {
    find,
    forget: (personId) => {
      for (const [cookie, { viewer }] of known) if (viewer.personId === personId) known.delete(cookie);
    },
    identify: async (request) => {
      const cookie = request.headers.cookie;
      if (cookie === undefined) return null;
      const now = Date.now();
      const hit = known.get(cookie);
      if (hit !== undefined && hit.until > now) return hit.viewer;
      known.delete(cookie);
      const session = await auth.api.getSession({ headers: asFetchHeaders(request) });
      const viewer = session === null ? null : await find(session.user.id);
      if (viewer !== null) {
        if (known.size > 5_000) known.clear();
        known.set(cookie, { viewer, until: now + freshFor });
      }
      return viewer;
    },
  };
}

function asViewer(row: PersonRow): Viewer {
  return {
    personId: row.id,
    name: row.name,
    role: row.role,
    locale: row.locale,
    permissions: new Set(permissionsOf[row.role]),
    clientIds: row.clientIds,
    isAgent: row.isAgent && permissionsOf[row.role].includes('work.handle'),
  };
}
