import type { FastifyInstance } from 'fastify';
import { done } from '@kernlijn/contract/endpoint';
import * as recordings from '@kernlijn/contract/recordings';
import * as telephone from '@kernlijn/contract/telephone';
import { end } from '../../conversations/index.ts';
import type { Context } from '../../platform/context.ts';
import { route } from '../../platform/http.ts';
import { dtmf, hold, mute } from './controls.ts';
import type { VoiceEngine } from './engine.ts';
import { connectBrowser, hangUpLine } from './line.ts';
import { legOfAgent } from './legs.ts';
import { pauseRecording, startRecording, stopRecording } from './recording.ts';
import { supervisingRoutes } from './supervising-routes.ts';
import { iceServers } from './turn.ts';
import { webCallRoutes } from './web-call-routes.ts';
import { telephoneRoutes } from './telephone-routes.ts';

export function voiceRoutes(
  app: FastifyInstance,
  { config, db }: Pick<Context, 'config' | 'db'>,
  engine: VoiceEngine,
): void {
  supervisingRoutes(app, { db }, engine);
  webCallRoutes(app, { config, db }, engine);
  route(app, telephone.readLine, 'work.handle', async ({ viewer }) =>
    iceServers(config.turn, viewer.personId, new Date()),
  );
  telephoneRoutes(app, { db }, engine);
  route(app, telephone.connectLine, 'work.handle', async ({ viewer, body }) => {
    return { sdp: await connectBrowser(engine, legOfAgent(viewer.personId), body.sdp) };
  });
  route(app, telephone.disconnectLine, 'work.handle', async ({ viewer }) => {
    await engine.tell({ command: 'disconnect-browser', legId: legOfAgent(viewer.personId) }).catch(() => {}); // it is gone, or the engine is
    return done;
  });
  route(
    app,
    telephone.holdCall,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => hold(tx, engine, params.conversationId, viewer, body.held, new Date())),
  );
  route(
    app,
    telephone.muteCall,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => mute(tx, engine, params.conversationId, viewer, body.muted)),
  );
  route(
    app,
    recordings.startRecording,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => startRecording(tx, params.conversationId, viewer, new Date())),
  );
  route(
    app,
    recordings.pauseRecording,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => pauseRecording(tx, engine, params.conversationId, viewer, body, new Date())),
  );
  route(
    app,
    recordings.stopRecording,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => stopRecording(tx, engine, params.conversationId, viewer, body, new Date())),
  );
  route(app, telephone.sendDtmf, 'work.handle', async ({ viewer, params, body }) => {
    await db.asViewer(viewer, (tx) => dtmf(tx, engine, params.conversationId, viewer, body.digits));
    return done;
  });
  route(app, telephone.hangUp, 'work.handle', async ({ viewer, params }) => {
    const card = await db.asViewer(viewer, (tx) => end(tx, params.conversationId, viewer, new Date()));
    await hangUpLine(db, engine, card.id);
    return card;
  });
}
