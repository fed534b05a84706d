import type { FastifyInstance } from 'fastify';
import { permissionsOf } from '@kernlijn/contract/access';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openHttp } from '../platform/http.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { guidanceRoutes } from '../guidance/index.ts';
import { salesRoutes } from '../sales/index.ts';
import { customerRoutes, projectCustomer } from './index.ts';

let db: Db;
let people: Cast;
let app: FastifyInstance;
let signedIn: Viewer | null;

beforeAll(async () => {
  const database = await testDatabase();
  const log = openLog('test', 'silent');
  db = openDb({ url: database.ownerUrl, log });
  people = await cast(db);
  app = await openHttp({ log, identify: async () => signedIn, origins: [] });
  customerRoutes(app, { db });
  guidanceRoutes(app, { db });
  salesRoutes(app, { db });
});
afterAll(async () => {
  await app.close();
  await db.close();
});

async function call(viewer: Viewer | null, method: 'GET' | 'POST' | 'PUT', url: string, body?: object) {
  signedIn = viewer;
  const answer = await app.inject({ method, url, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, body: answer.json() };
}
const representative = (): Viewer => ({
  ...people.daan,
  role: 'client-representative',
  permissions: new Set(permissionsOf['client-representative']),
});
const customer = {
  kind: 'person',
  title: 'mx',
  givenName: 'Robin',
  prefix: '',
  familyName: 'Waal',
  company: '',
  language: 'nl',
  reference: 'W-9',
  identifiers: [{ kind: 'phone', value: '097010000909' }],
  address: null,
};

test('a customer is added, found, changed and noted over HTTP', async () => {
  const made = await call(people.daan, 'POST', '/api/customers', { ...customer, clientId: people.shop.id });
  expect(made).toMatchObject({
    status: 200,
    body: { version: 1, familyName: 'Waal', identifiers: [{ value: '+3197010000909' }] },
  });
  expect(await call(people.daan, 'GET', '/api/customers?q=robin+waal')).toMatchObject({
    status: 200,
    body: { misspelt: false, customers: [{ id: made.body.id, name: 'Robin Waal', phone: '+3197010000909' }] },
  });
  expect(
    await call(people.daan, 'PUT', `/api/customers/${made.body.id}`, { ...customer, familyName: 'Maas', version: 1 }),
  ).toMatchObject({ status: 200, body: { version: 2, familyName: 'Maas' } });
  expect(await call(people.daan, 'PUT', `/api/customers/${made.body.id}`, { ...customer, version: 1 })).toEqual({
    status: 409,
    body: { code: 'customer-changed', facts: { version: 2 } },
  });
  expect(
    await call(people.daan, 'POST', `/api/customers/${made.body.id}/notes`, { text: 'Belt terug.' }),
  ).toMatchObject({ status: 200, body: { text: 'Belt terug.', authorName: 'Daan Mulder' } });
});

test('what cannot be an identifier answers 400 with the value', async () => {
  expect(
    await call(people.daan, 'POST', '/api/customers', {
      ...customer,
      identifiers: [{ kind: 'email', value: 'x' }],
      clientId: people.shop.id,
    }),
  ).toEqual({ status: 400, body: { code: 'identifier-invalid', facts: { kind: 'email', value: 'x' } } });
});

test('strangers and those without the permission see no customers; a client’s representative does read its knowledge', async () => {
  expect((await call(null, 'GET', '/api/customers?q=jan')).status).toBe(401);
  expect((await call(representative(), 'GET', '/api/customers?q=jan')).status).toBe(403);
  expect((await call(representative(), 'GET', `/api/articles?clientId=${people.shop.id}`)).status).toBe(200);
  expect((await call(null, 'GET', `/api/products?clientId=${people.shop.id}`)).status).toBe(401);
});

test('asking for a client that is not one’s own finds nothing', async () => {
  expect(await call(people.daan, 'GET', `/api/customers?q=willem&clientId=${people.energy.id}`)).toEqual({
    status: 200,
    body: { customers: [], misspelt: false },
  });
});

test('that a customer changed reaches those who may see customers of that client', () => {
  const event = {
    seq: 1,
    clientId: people.shop.id,
    at: new Date(),
    type: 'customer.changed' as const,
    body: { customerId: people.shop.customerIds[0] ?? '', clientId: people.shop.id },
  };
  expect(projectCustomer(event, people.daan)).toEqual([{ type: event.type, body: event.body }]);
  expect(projectCustomer(event, people.femke)).toEqual([]);
  expect(projectCustomer(event, representative())).toEqual([]);
});
