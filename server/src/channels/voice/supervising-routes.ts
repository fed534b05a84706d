import type { FastifyInstance } from 'fastify';
import { done } from '@kernlijn/contract/endpoint';
import * as calls from '@kernlijn/contract/supervising';
import { helpFor } from '../../conversations/index.ts';
import type { Context } from '../../platform/context.ts';
import { route } from '../../platform/http.ts';
import type { VoiceEngine } from './engine.ts';
import { changePolicy } from './supervising-policy.ts';
import { readPolicies } from './supervising-store.ts';
import { leave, supervise, supervised, takeOverCall } from './supervising.ts';

export function supervisingRoutes(app: FastifyInstance, { db }: Pick<Context, 'db'>, engine: VoiceEngine): void {
  route(
    app,
    calls.readSupervising,
    'work.handle',
    async ({ viewer }) =>
      await db.asReader(viewer, async (tx) => ({
        call: await supervised(tx, viewer),
        help: await helpFor(tx, viewer),
      })),
  );
  route(
    app,
    calls.listenIn,
    'calls.listen',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => supervise(tx, engine, params.conversationId, viewer, body.voice, new Date())),
  );
  route(
    app,
    calls.joinCall,
    'calls.join',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => supervise(tx, engine, params.conversationId, viewer, 'all', new Date())),
  );
  route(app, calls.leaveCall, 'calls.listen', async ({ viewer, params }) => {
    await db.asViewer(viewer, (tx) => leave(tx, engine, params.conversationId, viewer, new Date()));
    return done;
  });
  route(
    app,
    calls.takeOverCall,
    'calls.join',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => takeOverCall(tx, engine, params.conversationId, viewer, new Date())),
  );
  route(app, calls.readSupervisingPolicies, 'settings.view', async ({ viewer }) => ({
    policies: await db.asReader(viewer, (tx) => readPolicies(tx)),
  }));
  route(
    app,
    calls.changeSupervisingPolicy,
    'supervising.edit',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => changePolicy(tx, viewer, params.clientId, body.decision, new Date())),
  );
}
