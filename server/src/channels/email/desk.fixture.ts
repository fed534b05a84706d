/** The HTTP side for one agent: who it is stands in the header `x-person`. */
import type { FastifyInstance } from 'fastify';
import { conversationRoutes } from '../../conversations/index.ts';
import { openHttp } from '../../platform/http.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Stage } from './email.fixture.ts';
import { emailChannel, emailRoutes } from './index.ts';

export async function openDesk({ context }: Stage, viewers: readonly Viewer[]): Promise<FastifyInstance> {
  const identify = async (request: { headers: Record<string, unknown> }) =>
    viewers.find((each) => each.personId === request.headers['x-person']) ?? null;
  const app = await openHttp({ log: context.log, identify, origins: [] });
  const email = emailChannel();
  conversationRoutes(app, context, { email, message: email });
  emailRoutes(app, context);
  return app;
}
