import type { FastifyInstance } from 'fastify';
import { done } from '@kernlijn/contract/endpoint';
import * as calls from '@kernlijn/contract/web-call';
import type { Context } from '../../platform/context.ts';
import { openRoute } from '../../platform/http.ts';
import type { Limit } from '../../platform/http.ts';
import type { VoiceEngine } from './engine.ts';
import { connectBrowser } from './line.ts';
import { iceServers } from './turn.ts';
import { hangUpWebCall, startWebCall, webCallLeg, webCallOpen, webCallState } from './web-calls.ts';

const minute = 60_000;
/** Each per address; an office behind one address has many visitors, who ask how their call stands every three seconds. */
const limits = {
  read: { max: 300, timeWindow: minute },
  start: { max: 10, timeWindow: minute },
  connect: { max: 60, timeWindow: minute },
  state: { max: 900, timeWindow: minute },
} satisfies Record<string, Limit>;

export function webCallRoutes(
  app: FastifyInstance,
  context: Pick<Context, 'config' | 'db'>,
  engine: VoiceEngine,
): void {
  // A scope of their own: what opens these to any page opens nothing else.
  void app.register(async (scope) => routes(scope, context, engine));
}

function routes(app: FastifyInstance, { config, db }: Pick<Context, 'config' | 'db'>, engine: VoiceEngine): void {
  openToAnyPage(app);
  openRoute(
    app,
    calls.readWebCall,
    { limit: limits.read, anyOrigin: true },
    async ({ params }) => await db.asSystem((tx) => webCallOpen(tx, params.entrance, new Date())),
  );
  openRoute(app, calls.startWebCall, { limit: limits.start, anyOrigin: true }, async ({ params, body }) => {
    const now = new Date();
    const token = await db.asSystem((tx) => startWebCall(tx, params.entrance, body, now));
    return { token, ...iceServers(config.turn, 'visitor', now) };
  });
  openRoute(app, calls.webCallIce, { limit: limits.connect, anyOrigin: true }, async ({ body }) => {
    await db.asSystem((tx) => webCallLeg(tx, body.token));
    return iceServers(config.turn, 'visitor', new Date());
  });
  openRoute(app, calls.connectWebCall, { limit: limits.connect, anyOrigin: true }, async ({ body }) => {
    const legId = await db.asSystem((tx) => webCallLeg(tx, body.token));
    return { sdp: await connectBrowser(engine, legId, body.sdp) };
  });
  openRoute(
    app,
    calls.webCallState,
    { limit: limits.state, anyOrigin: true },
    async ({ body }) => await db.asSystem((tx) => webCallState(tx, body.token)),
  );
  openRoute(app, calls.hangUpWebCall, { limit: limits.connect, anyOrigin: true }, async ({ body }) => {
    const legId = await db.asSystem((tx) => hangUpWebCall(tx, body.token, new Date()));
    await engine.tell({ command: 'disconnect-browser', legId }).catch(() => {}); // it is gone, or the engine is
    return done;
  });
}

/** The widget stands on pages of others. No cookie is read on these routes, so any origin may call them. */
function openToAnyPage(app: FastifyInstance): void {
  app.addHook('onRequest', async (_, reply) => {
    void reply.headers({ 'access-control-allow-origin': '*', 'access-control-max-age': '86400' });
  });
  app.options('/api/web-call/*', { config: { anyOrigin: true }, schema: { hide: true } }, async (_, reply) => {
    void reply
      .headers({ 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': 'content-type' })
      .status(204);
  });
}
