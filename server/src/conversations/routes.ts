import type { FastifyInstance } from 'fastify';
import { chooseState as chooseStateEndpoint, readAgent, sendHome as sendHomeEndpoint } from '@kernlijn/contract/agents';
import * as calls from '@kernlijn/contract/conversations';
import * as supervising from '@kernlijn/contract/supervising';
import { readDossier as readDossierEndpoint, readTimeline as readTimelineEndpoint } from '@kernlijn/contract/customers';
import { done } from '@kernlijn/contract/endpoint';
import * as promises from '@kernlijn/contract/callbacks';
import { audit } from '../access/index.ts';
import { agentStatuses, pauseReasons } from '../agents/index.ts';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { Refusal } from '../platform/refusal.ts';
import { dropCallback, readCallbacks } from './callbacks.ts';
import type { Channels } from './channel.ts';
import { readDossier, readOlder } from './dossier.ts';
import { end, extendWrapUp, park, register, resume, skipRegistration } from './endings.ts';
import { assign, requeue, sendHome } from './handing-over.ts';
import { askHelp, takeHelp, withdrawHelp } from './help.ts';
import { linkCustomer } from './linking.ts';
import { accept, chooseState, decline } from './offers.ts';
import { readConversation, readWork, saveDraft } from './reading.ts';
import { reply } from './replies.ts';
import { markSeen } from './seen.ts';

export function conversationRoutes(
  app: FastifyInstance,
  { db, feed, whispers }: Pick<Context, 'db' | 'feed' | 'whispers'>,
  channels: Channels,
): void {
  route(
    app,
    readAgent,
    'work.handle',
    async ({ viewer }) =>
      await db.asReader(viewer, async (tx) => {
        const [status] = await agentStatuses(tx, [viewer.personId]);
        if (status === undefined) throw new Refusal('not-found');
        return { status, pauseReasons: await pauseReasons(tx) };
      }),
  );
  route(
    app,
    chooseStateEndpoint,
    'work.handle',
    async ({ viewer, body }) =>
      await db.asViewer(viewer, (tx) =>
        chooseState(tx, viewer, { state: body.state, pauseReason: body.pauseReason ?? null }, new Date()),
      ),
  );

  // The sequence number is read first: events after it may be in the snapshot already, never the other way round.
  route(app, calls.readWork, 'work.handle', async ({ viewer }) => {
    const { seq } = feed;
    return { seq, ...(await db.asReader(viewer, (tx) => readWork(tx, viewer))) };
  });
  route(
    app,
    calls.readConversation,
    'customers.view',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, async (tx) => {
        const detail = await readConversation(tx, params.conversationId, viewer);
        await audit(tx, {
          clientId: detail.card.clientId,
          personId: viewer.personId,
          action: 'conversation.read',
          subject: params.conversationId,
          facts: {},
        });
        return detail;
      }),
  );
  route(
    app,
    calls.acceptOffer,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => accept(tx, params.conversationId, viewer, new Date())),
  );
  route(app, calls.declineOffer, 'work.handle', async ({ viewer, params }) => {
    await db.asViewer(viewer, (tx) => decline(tx, params.conversationId, viewer, new Date()));
    return done;
  });
  route(
    app,
    calls.sendReply,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => reply(tx, channels, params.conversationId, viewer, body, new Date())),
  );
  route(
    app,
    calls.parkConversation,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => park(tx, params.conversationId, viewer, new Date())),
  );
  route(
    app,
    calls.resumeConversation,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => resume(tx, params.conversationId, viewer, new Date())),
  );
  route(app, calls.endConversation, 'work.handle', async ({ viewer, params }) => {
    const card = await db.asViewer(viewer, (tx) => end(tx, params.conversationId, viewer, new Date()));
    await channels[card.channel]?.ended?.(card.id);
    return card;
  });
  route(
    app,
    calls.registerConversation,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => register(tx, params.conversationId, viewer, body, new Date())),
  );
  route(
    app,
    calls.skipRegistration,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => skipRegistration(tx, params.conversationId, viewer, new Date())),
  );
  route(
    app,
    calls.extendWrapUp,
    'work.handle',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => extendWrapUp(tx, params.conversationId, viewer, new Date())),
  );
  route(app, calls.requeueConversation, 'work.handle', async ({ viewer, params, body }) => {
    const card = await db.asViewer(viewer, (tx) =>
      requeue(tx, params.conversationId, viewer, body.queueId, new Date(), body),
    );
    await channels[card.channel]?.requeued?.(card.id);
    return card;
  });
  route(
    app,
    calls.assignConversation,
    'work.supervise',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => assign(tx, params.conversationId, viewer, body.agentId, new Date(), body.note)),
  );
  route(app, sendHomeEndpoint, 'work.supervise', async ({ viewer, params }) => {
    const back = await db.asViewer(viewer, (tx) => sendHome(tx, viewer, params.agentId, new Date()));
    for (const card of back) await channels[card.channel]?.requeued?.(card.id);
    return { requeued: back.length };
  });
  route(
    app,
    supervising.askHelp,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => askHelp(tx, params.conversationId, viewer, body.word, new Date())),
  );
  route(app, supervising.withdrawHelp, 'work.handle', async ({ viewer, params }) => {
    await db.asViewer(viewer, (tx) => withdrawHelp(tx, params.conversationId, viewer, new Date()));
    return done;
  });
  route(
    app,
    supervising.takeHelp,
    'work.supervise',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, (tx) => takeHelp(tx, params.conversationId, viewer, new Date())),
  );
  route(app, calls.markSeen, 'work.handle', async ({ viewer, params, body }) => {
    const moved = await db.asViewer(viewer, (tx) =>
      markSeen(tx, params.conversationId, viewer.personId, body.position),
    );
    if (moved === null) return done;
    const { clientId, ...seen } = moved;
    void whispers.tell(clientId, { type: 'seen', personId: viewer.personId, ...seen });
    return done;
  });
  route(
    app,
    calls.linkCustomer,
    'work.handle',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => linkCustomer(tx, params.conversationId, viewer, body.customerId, new Date())),
  );
  route(app, calls.saveDraft, 'work.handle', async ({ viewer, params, body }) => {
    await db.asViewer(viewer, (tx) => saveDraft(tx, params.conversationId, viewer, body.kind, body.body, new Date()));
    return done;
  });

  route(
    app,
    promises.readCallbacks,
    'work.handle',
    async ({ viewer }) =>
      await db.asReader(viewer, async (tx) => ({ callbacks: await readCallbacks(tx, viewer, new Date()) })),
  );
  route(app, promises.dropCallback, 'work.handle', async ({ viewer, params }) => {
    await db.asViewer(viewer, (tx) => dropCallback(tx, viewer, params.callbackId, new Date()));
    return done;
  });

  route(
    app,
    readDossierEndpoint,
    'customers.view',
    async ({ viewer, params }) =>
      await db.asViewer(viewer, async (tx) => {
        const dossier = await readDossier(tx, params.customerId);
        await audit(tx, {
          clientId: dossier.customer.clientId,
          personId: viewer.personId,
          action: 'customer.read',
          subject: params.customerId,
          facts: {},
        });
        return dossier;
      }),
  );
  route(app, readTimelineEndpoint, 'customers.view', async ({ viewer, params, query }) => ({
    items: await db.asReader(viewer, (tx) => readOlder(tx, params.customerId, query.before ?? null)),
  }));
}
