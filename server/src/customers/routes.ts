import type { FastifyInstance } from 'fastify';
import * as calls from '@kernlijn/contract/customers';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { addNote, changeCustomer, createCustomer } from './customers.ts';
import { searchCustomers } from './search.ts';

export function customerRoutes(app: FastifyInstance, { db }: Pick<Context, 'db'>): void {
  route(app, calls.searchCustomers, 'customers.view', async ({ viewer, query }) => {
    const clientIds =
      query.clientId === undefined ? viewer.clientIds : viewer.clientIds.filter((id) => id === query.clientId);
    return await db.asReader(viewer, (tx) => searchCustomers(tx, clientIds, query.q));
  });
  route(
    app,
    calls.createCustomer,
    'customers.edit',
    async ({ viewer, body: { clientId, ...fields } }) =>
      await db.asViewer(viewer, (tx) => createCustomer(tx, viewer, clientId, fields, new Date())),
  );
  route(
    app,
    calls.changeCustomer,
    'customers.edit',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => changeCustomer(tx, viewer, params.customerId, body, new Date())),
  );
  route(
    app,
    calls.addNote,
    'customers.edit',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => addNote(tx, viewer, params.customerId, body.text, new Date())),
  );
}
