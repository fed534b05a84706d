import { permissionsOf } from '@kernlijn/contract/access';
import type { Db } from '../../../platform/db.ts';
import type { Viewer } from '../../../platform/viewer.ts';

/** The person with this id, as the desk would know him after signing in. */
export async function viewerOf(db: Db, personId: unknown): Promise<Viewer | null> {
  if (typeof personId !== 'string') return null;
  return await db.asSystem(async (tx) => {
    const person = await tx
      .selectFrom('person')
      .select(['id', 'name', 'role', 'locale'])
      .where('id', '=', personId)
      .executeTakeFirst();
    if (person === undefined) return null;
    const clients = await tx
      .selectFrom('person_client')
      .select('client_id')
      .where('person_id', '=', personId)
      .execute();
    return {
      personId,
      name: person.name,
      role: person.role,
      locale: person.locale,
      permissions: new Set(permissionsOf[person.role]),
      clientIds: clients.map((each) => each.client_id),
      isAgent: true,
    };
  });
}
