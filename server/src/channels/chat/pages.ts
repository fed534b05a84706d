/** The widget's script for the pages of clients, and the demo pages it stands on. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../../platform/context.ts';

const root = resolve(import.meta.dirname, '../../../..');
const widget = resolve(root, 'web/widget/dist');
const demo = resolve(root, 'server/demo/pages');

export function chatPages(app: FastifyInstance, { config, log }: Pick<Context, 'config' | 'log'>): void {
  // A new version reaches every client's pages within five minutes.
  if (existsSync(widget)) void app.register(fastifyStatic, { root: widget, prefix: '/', wildcard: false, index: false, decorateReply: false, maxAge: '5m' });
  else log.warn({ folder: widget }, 'the chat widget is not built: /widget.js is not there');
  if (config.demo) void app.register(fastifyStatic, { root: demo, prefix: '/demo/', redirect: true, decorateReply: false });
}
