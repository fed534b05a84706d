/** Who may see what of a conversation while it changes. */
import type { LiveEvent, LiveWhisper } from '@kernlijn/contract/live';
import type { ConversationCard, ConversationShadow } from '@kernlijn/contract/conversations';
import type { ScreenPop } from '@kernlijn/contract/customers';
import type { Context } from '../platform/context.ts';
import type { Db } from '../platform/db.ts';
import { isConversationEvent } from '../platform/events.ts';
import type { Projection } from '../platform/live.ts';
import type { Viewer } from '../platform/viewer.ts';
import { screenPop } from './dossier.ts';
import { DossiersAhead } from './dossiers-ahead.ts';

/**
 * The agent concerned, who is asked into his call, and supervisors get the card, and all agents that of a parked call; everyone else who works for the client gets a shadow of it, enough
 * for the picture of the queues. An offer reaches its agent together with the dossier.
 */
export function projectConversations({ db, feed }: Pick<Context, 'db' | 'feed'>): Projection {
  const ahead = new DossiersAhead({ db, feed });
  return async (event, viewer) => {
    if (event.type === 'message.added' || event.type === 'message.delivery-changed')
      return seesCard(event.body.card, null, viewer) ? [{ type: event.type, body: event.body }] : [];
    if (event.type === 'help.changed')
      return event.body.request.agentId === viewer.personId || viewer.permissions.has('work.supervise')
        ? [{ type: event.type, body: event.body }]
        : [];
    if (!isConversationEvent(event)) return [];
    const { card, previousAgentId } = event.body;
    if (event.type === 'conversation.offered' && card.agentId === viewer.personId) {
      const known = await ahead.take(card);
      const pop =
        known === null ? await db.asReader(viewer, (tx) => screenPop(tx, card)) : asOffered(known, card, viewer);
      return [{ type: 'offer', body: { card, screenPop: pop } }];
    }
    if (seesCard(card, previousAgentId, viewer)) return [{ type: event.type, body: event.body }];
    return viewer.permissions.has('work.handle') || viewer.permissions.has('board.view')
      ? [{ type: event.type, body: { shadow: shadowOf(card) } } satisfies LiveEvent]
      : [];
  };
}

/** It was read when the conversation was nobody's yet. */
function asOffered(pop: ScreenPop, card: ConversationCard, viewer: Viewer): ScreenPop {
  if (pop.kind !== 'known') return pop;
  const timeline = pop.dossier.timeline.map((item) =>
    item.conversationId === card.id ? { ...item, state: card.state, agentName: viewer.name } : item,
  );
  return { ...pop, dossier: { ...pop.dossier, timeline } };
}

function seesCard(card: ConversationCard, previousAgentId: string | null, viewer: Viewer): boolean {
  return (
    card.agentId === viewer.personId ||
    previousAgentId === viewer.personId ||
    card.call?.parties.some(({ personId }) => personId === viewer.personId) === true ||
    // Whoever is free takes it back.
    (card.state === 'parked' && card.channel === 'call' && viewer.permissions.has('work.handle')) ||
    viewer.permissions.has('work.supervise')
  );
}

function shadowOf({
  id,
  clientId,
  channel,
  state,
  queueId,
  priority,
  agentId,
  queuedAt,
  answeredAt,
  version,
}: ConversationCard): ConversationShadow {
  return { id, clientId, channel, state, queueId, priority, agentId, queuedAt, answeredAt, version };
}

/** Typing and reading are told to those who can see the conversation: its client must be the viewer's. */
export function conversationWhispers(db: Db): (whisper: LiveWhisper, viewer: Viewer) => Promise<string | null> {
  return async ({ conversationId }, viewer) =>
    await db.asViewer(viewer, async (tx) => {
      const row = await tx
        .selectFrom('conversation')
        .select('client_id')
        .where('id', '=', conversationId)
        .executeTakeFirst();
      return row?.client_id ?? null;
    });
}
