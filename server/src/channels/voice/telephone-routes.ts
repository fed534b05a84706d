/** The agent's telephone beyond its controls: calls we make, the second line, parking, and whom to ask. */
import type { FastifyInstance } from 'fastify';
import { done } from '@kernlijn/contract/endpoint';
import * as telephone from '@kernlijn/contract/telephone';
import type { Context } from '../../platform/context.ts';
import { route } from '../../platform/http.ts';
import { ask, join, leave, putThrough, takeBack, talkWith } from './consulting.ts';
import { readDirectory } from './directory.ts';
import type { VoiceEngine } from './engine.ts';
import { numbersToCallWith, start } from './outbound.ts';
import { addOutsideNumber, changeOutsideNumber, outsideNumbers, removeOutsideNumber } from './outside-numbers.ts';
import { park, take } from './parking.ts';

export function telephoneRoutes(app: FastifyInstance, { db }: Pick<Context, 'db'>, engine: VoiceEngine): void {
  route(
    app,
    telephone.readOwnNumbers,
    'work.handle',
    async ({ viewer }) => await db.asReader(viewer, async (tx) => ({ numbers: await numbersToCallWith(tx) })),
  );
  route(
    app,
    telephone.startCall,
    'work.handle',
    async ({ viewer, body }) => await db.asViewer(viewer, (tx) => start(tx, engine, viewer, body, new Date())),
  );

  route(
    app,
    telephone.askInto,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => ask(tx, engine, params.conversationId, viewer, body, new Date())),
  );
  route(
    app,
    telephone.takeBackParty,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) =>
        takeBack(tx, engine, params.conversationId, viewer, params.partyId, new Date()),
      ),
  );
  route(
    app,
    telephone.talkWith,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => talkWith(tx, engine, params.conversationId, viewer, body.with, new Date())),
  );
  route(
    app,
    telephone.putThrough,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => putThrough(tx, engine, params.conversationId, viewer, body, new Date())),
  );
  route(
    app,
    telephone.joinCall,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => join(tx, engine, params.conversationId, viewer, new Date())),
  );
  route(app, telephone.leaveCall, 'work.handle', async ({ viewer, params }) => {
    await db.asViewer(viewer, (tx) => leave(tx, engine, params.conversationId, viewer, new Date()));
    return done;
  });

  route(
    app,
    telephone.parkCall,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => park(tx, engine, params.conversationId, viewer, body.note, new Date())),
  );
  route(
    app,
    telephone.takeParked,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => take(tx, engine, params.conversationId, viewer, new Date())),
  );

  route(
    app,
    telephone.readDirectory,
    'work.handle',
    async ({ viewer, query }) =>
      await db.asReader(viewer, (tx) => readDirectory(tx, viewer, query.clientId, query.language, new Date())),
  );
  route(
    app,
    telephone.readOutsideNumbers,
    'settings.view',
    async ({ viewer }) => await db.asReader(viewer, async (tx) => ({ numbers: await outsideNumbers(tx) })),
  );
  route(
    app,
    telephone.addOutsideNumber,
    'settings.edit',
    async ({ viewer, body }) => await db.asViewer(viewer, (tx) => addOutsideNumber(tx, viewer, body)),
  );
  route(
    app,
    telephone.changeOutsideNumber,
    'settings.edit',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => changeOutsideNumber(tx, viewer, params.numberId, body)),
  );
  route(app, telephone.removeOutsideNumber, 'settings.edit', async ({ viewer, params }) => {
    await db.asViewer(viewer, (tx) => removeOutsideNumber(tx, viewer, params.numberId));
    return done;
  });
}
