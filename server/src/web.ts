/** The web process: the API, the live socket and the pages. Any number of them may run on one database. */
import type { FastifyInstance } from 'fastify';
import { accessRoutes, openSignIn, openViewers, signInRoutes } from './access/index.ts';
import { projectAgent, staffRoutes, touchAgent } from './agents/index.ts';
import { chatRoutes } from './channels/chat/index.ts';
import { emailRoutes } from './channels/email/index.ts';
import { openEngine, telephonyRoutes, voiceRoutes, voiceSettingsRoutes } from './channels/voice/index.ts';
import { channelPorts } from './channels.ts';
import { conversationRoutes, conversationWhispers, projectConversations } from './conversations/index.ts';
import { customerRoutes, projectCustomer } from './customers/index.ts';
import { demoRoutes } from './demo-sign-ins.ts';
import { guidanceRoutes } from './guidance/index.ts';
import { pageRoutes } from './pages.ts';
import type { Context } from './platform/context.ts';
import { openHttp } from './platform/http.ts';
import { liveRoutes } from './platform/live.ts';
import { recordingRoutes } from './recordings/index.ts';
import { reportingRoutes } from './reporting/index.ts';
import { projectSettings, routingRoutes } from './routing/index.ts';
import { salesRoutes } from './sales/index.ts';

export interface Web {
  /** The port it listens on. */
  port: number;
  app: FastifyInstance;
  stop(): Promise<void>;
}

export async function startWeb(context: Context, databaseUrl: string): Promise<Web> {
  const { config, log, db } = context;
  const signIn = openSignIn(config, databaseUrl);
  const viewers = openViewers(db, signIn);
  const engine = openEngine(config, log);
  const channels = channelPorts(context, engine);
  const app = await openHttp({
    log,
    identify: (request) => viewers.identify(request),
    origins: [new URL(config.publicUrl).origin],
  });

  context.feed.on('event', (event) => {
    if (event.type === 'settings.changed' && event.body.personId !== undefined) viewers.forget(event.body.personId);
  });

  signInRoutes(app, signIn);
  accessRoutes(app, context);
  staffRoutes(app, context, signIn);
  conversationRoutes(app, context, channels);
  customerRoutes(app, context);
  guidanceRoutes(app, context);
  salesRoutes(app, context);
  routingRoutes(app, context);
  reportingRoutes(app, context);
  voiceRoutes(app, context, engine);
  voiceSettingsRoutes(app, context);
  telephonyRoutes(app, context, engine);
  recordingRoutes(app, context);
  emailRoutes(app, context);
  chatRoutes(app, context);
  demoRoutes(app, config);
  app.get('/api/health', { schema: { hide: true } }, async () => {
    await db.asSystem((tx) => tx.selectFrom('client').select('id').limit(1).execute());
    return { healthy: true };
  });
  await app.register(async (scope) => {
    liveRoutes(scope, context, {
      projections: [projectConversations(context), projectAgent, projectCustomer, projectSettings],
      whisperGate: conversationWhispers(db),
      seen: (viewer) => {
        if (viewer.isAgent)
          db.asSystem((tx) => touchAgent(tx, viewer.personId, new Date())).catch((error: unknown) =>
            log.warn({ err: error }, 'a sign of life was not kept'),
          );
      },
      still: (viewer) => viewers.find(viewer.personId),
    });
  });
  await pageRoutes(app, config);

  engine.open();
  await app.listen({ port: config.port, host: config.host });
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : config.port,
    app,
    stop: async () => {
      await app.close();
      engine.close();
      await signIn.close();
    },
  };
}
