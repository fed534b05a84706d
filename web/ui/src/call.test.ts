import { createServer, type Server } from 'node:http';
import { endpoint } from '@kernlijn/contract/endpoint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { addressOf, call, CallFailed, Refusal, Unreachable } from './call.ts';

let server: Server;
let answer: { status: number; body: string } = { status: 200, body: '{}' };
let asked: { method: string; url: string; body: string }[] = [];
const realFetch = globalThis.fetch;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      asked.push({ method: request.method ?? '', url: request.url ?? '', body });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  globalThis.fetch = (input, init) => realFetch(new URL(input instanceof Request ? input.url : input, base), init);
});
afterAll(() => {
  globalThis.fetch = realFetch;
  server.close();
});

const Name = z.object({ name: z.string() });
const read = endpoint({
  method: 'GET',
  path: '/api/things/:thing',
  summary: '',
  params: z.object({ thing: z.string() }),
  query: z.object({ q: z.string().optional() }),
  reply: Name,
});
const write = endpoint({ method: 'POST', path: '/api/things', summary: '', body: Name, reply: Name });

test('parameters go into the path, escaped, and the query behind it', () => {
  expect(addressOf('/api/things/:thing', { thing: 'a/b' }, { q: 'één twee', none: undefined })).toBe(
    '/api/things/a%2Fb?q=%C3%A9%C3%A9n+twee',
  );
});

test('a call sends its body and returns the typed reply', async () => {
  asked = [];
  answer = { status: 200, body: '{"name":"Bakker"}' };
  const reply = await call(write, { body: { name: 'Bakker' } });
  expect(reply.name).toBe('Bakker');
  expect(asked).toEqual([{ method: 'POST', url: '/api/things', body: '{"name":"Bakker"}' }]);
});

test('a refusal keeps its code and facts', async () => {
  answer = { status: 409, body: '{"code":"customer-changed","facts":{"version":4}}' };
  const failure = await call(write, { body: { name: '' } }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Refusal);
  expect(failure).toMatchObject({ code: 'customer-changed', facts: { version: 4 } });
});

test('a session that is over is a refusal even when a proxy says so', async () => {
  answer = { status: 401, body: '<html>' };
  await expect(call(read, { params: { thing: '1' } })).rejects.toMatchObject({ code: 'not-signed-in' });
});

test('a server that is starting again is unreachable, which is worth another try', async () => {
  answer = { status: 503, body: '' };
  await expect(call(read, { params: { thing: '1' } })).rejects.toBeInstanceOf(Unreachable);
});

test('a fault of the server is neither a refusal nor worth repeating', async () => {
  answer = { status: 500, body: '{"oops":true}' };
  await expect(call(read, { params: { thing: '1' } })).rejects.toBeInstanceOf(CallFailed);
});

test('a reply that breaks the contract is caught while developing', async () => {
  answer = { status: 200, body: '{"nom":"Bakker"}' };
  await expect(call(read, { params: { thing: '1' } })).rejects.toThrow('name');
});
