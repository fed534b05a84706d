/** Files for browsers: the desk with its own addresses, the widget's one script, and the demo day's pages. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './platform/refusal.ts';

const web = resolve(import.meta.dirname, '../../web');
const demoPages = resolve(import.meta.dirname, '../demo/pages');

const aYear = 365 * 24 * 60 * 60 * 1000;
/** Only what has its content in its name may be kept for a year: sendFile would say so of these files, too. */
const ownCacheControl = { cacheControl: false } as const;

export async function pageRoutes(app: FastifyInstance, { demo }: { demo: boolean }): Promise<void> {
  const desk = resolve(web, 'desk/dist');
  await app.register(fastifyStatic, {
    root: resolve(desk, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: aYear,
    decorateReply: true,
  });
  if (existsSync(resolve(web, 'widget/dist'))) {
    app.get('/widget.js', { schema: { hide: true }, config: { anyOrigin: true } }, (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=300')
        .header('access-control-allow-origin', '*')
        .sendFile('widget.js', resolve(web, 'widget/dist'), ownCacheControl),
    );
  }
  if (demo) {
    for (const site of ['shop', 'energy']) {
      await app.register(fastifyStatic, {
        root: resolve(demoPages, site),
        prefix: `/demo/${site}/`,
        redirect: true,
        decorateReply: false,
      });
      app.get(`/demo/${site}`, { schema: { hide: true } }, (_request, reply) => reply.redirect(`/demo/${site}/`));
    }
  }
  // Every other address is one of the desk's own.
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== 'GET' || request.url.startsWith('/api/') || request.url.startsWith('/assets/'))
      throw new Refusal('not-found');
    return reply.header('cache-control', 'no-cache').sendFile('index.html', desk, ownCacheControl);
  });
}
