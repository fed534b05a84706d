import type { FastifyInstance } from 'fastify';
import * as calls from '@kernlijn/contract/people';
import type { Hashing } from '../access/index.ts';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { addMember, changeMember, renewPassword, setAgent } from './staff.ts';
import { skillsThere, staff } from './staff-store.ts';

export function staffRoutes(app: FastifyInstance, { db }: Pick<Context, 'db'>, signIn: Hashing): void {
  route(
    app,
    calls.readStaff,
    'settings.view',
    async ({ viewer }) =>
      await db.asReader(viewer, async (tx) => ({ people: await staff(tx), skills: await skillsThere(tx) })),
  );
  route(
    app,
    calls.changeAgent,
    'settings.edit',
    async ({ viewer, params, body }) => await db.asSystem((tx) => setAgent(tx, viewer, params.personId, body)),
  );
  route(
    app,
    calls.addStaff,
    'people.edit',
    async ({ viewer, body }) => await db.asSystem((tx) => addMember(tx, viewer, signIn, body)),
  );
  route(
    app,
    calls.changeStaff,
    'people.edit',
    async ({ viewer, params, body }) =>
      await db.asSystem((tx) => changeMember(tx, viewer, params.personId, body, new Date())),
  );
  route(app, calls.resetPassword, 'people.edit', async ({ viewer, params }) => ({
    firstPassword: await db.asSystem((tx) => renewPassword(tx, viewer, signIn, params.personId)),
  }));
}
