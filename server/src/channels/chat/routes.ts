import type { FastifyInstance } from 'fastify';
import { leaveMessage as leaveMessageCall, readWidget, startChat as startChatCall } from '@kernlijn/contract/chat';
import type { Context } from '../../platform/context.ts';
import { openRoute } from '../../platform/http.ts';
import { leaveMessage, startChat, widgetSettings } from './chats.ts';
import { usualLimits } from './limits.ts';
import type { ChatLimits } from './limits.ts';
import { visitorSocket } from './visitors.ts';

export function chatRoutes(app: FastifyInstance, context: Context, limits: ChatLimits = usualLimits): void {
  // A scope of their own: what opens these to any page opens nothing else.
  void app.register(async (scope) => calls(scope, context, limits));
}

function calls(app: FastifyInstance, context: Context, limits: ChatLimits): void {
  const { db } = context;
  openToAnyPage(app);
  visitorSocket(app, context, limits);
  openRoute(
    app,
    readWidget,
    { limit: limits.read, anyOrigin: true },
    async ({ params }) => await db.asSystem((tx) => widgetSettings(tx, params.entrance, new Date())),
  );
  openRoute(
    app,
    startChatCall,
    { limit: limits.start, anyOrigin: true },
    async ({ params, body }) => await db.asSystem((tx) => startChat(tx, params.entrance, body, new Date())),
  );
  openRoute(app, leaveMessageCall, { limit: limits.start, anyOrigin: true }, async ({ params, body }) => {
    await db.asSystem((tx) => leaveMessage(tx, params.entrance, body, new Date()));
    return { received: true as const };
  });
}

/** The widget stands on pages of others. No cookie is read on these routes, so any origin may call them. */
function openToAnyPage(app: FastifyInstance): void {
  app.addHook('onRequest', async (_, reply) => {
    void reply.headers({ 'access-control-allow-origin': '*', 'access-control-max-age': '86400' });
  });
  app.options('/api/chat/*', { config: { anyOrigin: true }, schema: { hide: true } }, async (_, reply) => {
    void reply
      .headers({ 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': 'content-type' })
      .status(204);
  });
}
