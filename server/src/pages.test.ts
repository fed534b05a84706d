import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageRoutes } from './pages.ts';

const web = resolve(import.meta.dirname, '../../web');
const app = Fastify();
beforeAll(() => pageRoutes(app, { demo: true }));
afterAll(() => app.close());

const cachingOf = async (url: string): Promise<string> => {
  const reply = await app.inject({ url });
  expect(reply.statusCode).toBe(200);
  return String(reply.headers['cache-control']);
};

describe.skipIf(!existsSync(resolve(web, 'desk/dist')))('a new version reaches whoever has the old one', () => {
  it('for the page of the desk is asked for again every time, at each of its addresses', async () => {
    for (const url of ['/', '/desk', '/board/rows']) expect(await cachingOf(url)).toBe('no-cache');
  });

  it('for a script with its content in its name is kept for a year', async () => {
    const { body } = await app.inject({ url: '/' });
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(body)?.[1] ?? '';
    expect(await cachingOf(script)).toContain('immutable');
  });

  it('the script of the widget is kept for minutes', async () => {
    expect(await cachingOf('/widget.js')).toBe('public, max-age=300');
  });
});
