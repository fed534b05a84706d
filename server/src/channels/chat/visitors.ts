/** The visitors whose sockets this process holds, told of what happens anywhere. */
import type { VisitorMessage } from '@kernlijn/contract/chat';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { FastifyInstance } from 'fastify';
import { readCards, readMessages } from '../../conversations/index.ts';
import type { Context } from '../../platform/context.ts';
import { isConversationEvent } from '../../platform/events.ts';
import type { PublishedEvent } from '../../platform/events.ts';
import type { ToldWhisper } from '../../platform/whispers.ts';
import { chatState, forVisitor } from './chat.ts';
import { visitorLeaves } from './chats.ts';
import { Intake } from './intake.ts';
import type { ChatLimits } from './limits.ts';
import { hearSaid } from './said.ts';
import { join, markSeen, personName } from './store.ts';
import { hashOf } from '../../platform/token.ts';
import { VisitorSocket } from './visitor-socket.ts';
import type { Standing, Surroundings } from './visitor-socket.ts';

export function visitorSocket(
  app: FastifyInstance,
  context: Context,
  limits: Pick<ChatLimits, 'connect' | 'messages'>,
): void {
  const { db, log, feed, whispers, config } = context;
  const intake = new Intake(db, onMessage);
  const sockets = new Set<VisitorSocket>();
  const present = new Map<string, Set<VisitorSocket>>();
  const names = new Map<string, string>();

  const around: Surroundings = {
    log,
    join: (token) => db.asSystem((tx) => join(tx, hashOf(token), new Date())),
    enter(socket, conversationId) {
      const there = present.get(conversationId) ?? new Set();
      present.set(conversationId, there.add(socket));
    },
    read: (conversationId, after) =>
      db.asSystem(async (tx) => {
        const [card] = await readCards(tx, [conversationId]);
        if (card === undefined) throw new Error(`conversation ${conversationId} has a visitor and is not there`);
        if (card.agentId !== null && !names.has(card.agentId))
          names.set(card.agentId, await personName(tx, card.agentId));
        return {
          standing: standingOf(card),
          messages: (await readMessages(tx, conversationId, after)).map(forVisitor),
        };
      }),
    keep: (said) => intake.keep(said),
    leave: (conversationId) => db.asSystem((tx) => visitorLeaves(tx, conversationId, new Date())),
    typing: ({ clientId, conversationId, name }) =>
      void whispers.tell(clientId, { type: 'typing', conversationId, who: 'customer', name }),
    exit(socket, conversationId) {
      const there = present.get(conversationId);
      there?.delete(socket);
      if (there?.size === 0) present.delete(conversationId);
    },
  };

  function standingOf(card: ConversationCard): Standing {
    const state = chatState(card.state);
    return {
      state,
      agentName: state === 'waiting' || card.agentId === null ? null : (names.get(card.agentId) ?? null),
      version: card.version,
    };
  }

  function onMessage(conversationId: string, message: VisitorMessage): void {
    for (const socket of present.get(conversationId) ?? []) socket.deliver(message);
  }

  function onEvent(event: PublishedEvent): void {
    if (event.type === 'message.added') {
      const { message } = event.body;
      if (present.has(message.conversationId)) onMessage(message.conversationId, forVisitor(message));
    } else if (isConversationEvent(event)) {
      const { card } = event.body;
      const there = present.get(card.id);
      if (there !== undefined) void tellStanding(card, there);
    }
  }

  async function tellStanding(card: ConversationCard, there: Set<VisitorSocket>): Promise<void> {
    const { agentId } = card;
    if (agentId !== null && !names.has(agentId))
      names.set(agentId, await db.asSystem((tx) => personName(tx, agentId)).catch(() => ''));
    for (const socket of there) socket.change(standingOf(card));
  }

  function onWhisper({ whisper }: ToldWhisper): void {
    if (whisper.type !== 'typing' || whisper.who !== 'agent') return;
    for (const socket of present.get(whisper.conversationId) ?? []) socket.hearTyping(whisper.name);
  }

  // Well within the grace time, so that one missed beat sends nobody away.
  const beatMs = Math.min(15_000, (config.chatGraceSeconds * 1_000) / 4);
  const beat = setInterval(() => {
    for (const socket of sockets) socket.probe();
    const here = [...present.keys()];
    if (here.length > 0)
      db.asSystem((tx) => markSeen(tx, here, new Date())).catch((error: unknown) =>
        log.warn({ err: error }, 'chat: presence not written'),
      );
  }, beatMs);

  const hearNoMore = hearSaid(db, intake.sender, onMessage);
  feed.on('event', onEvent);
  whispers.on('whisper', onWhisper);
  app.addHook('preClose', async () => {
    clearInterval(beat);
    hearNoMore();
    feed.off('event', onEvent);
    whispers.off('whisper', onWhisper);
    for (const socket of sockets) socket.close(1012, 'restart');
    await intake.close();
  });
  app.get(
    '/api/chat/socket',
    { websocket: true, config: { anyOrigin: true, rateLimit: limits.connect }, schema: { hide: true } },
    (raw, request) => {
      const socket = new VisitorSocket(raw, request.raw.socket, around, limits.messages);
      sockets.add(socket);
      raw.on('close', () => sockets.delete(socket));
    },
  );
}
