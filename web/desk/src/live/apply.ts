/** What each live event changes in the caches of the desk. */
import { kindOf } from '@kernlijn/contract/conversations';
import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import type { LiveEvent } from '@kernlijn/contract/live';
import type { HelpRequest } from '@kernlijn/contract/supervising';
import { afterPaint } from '@kernlijn/ui/after-paint.ts';
import type { QueryClient } from '@tanstack/react-query';
import { meQuery } from '../access/queries.ts';
import { keepStatus } from '../agents/queries.ts';
import { withMessage } from '../conversations/detail-state.ts';
import { forgetRegistration } from '../conversations/drafts.ts';
import { conversationKey, conversationQuery, keepCard, keepPop, workKey } from '../conversations/queries.ts';
import { dossierKey } from '../customers/queries.ts';
import { queuesKey } from '../routing/queries.ts';
import { refreshSettings } from '../settings/queries.ts';
import { refreshSupervising, supervisingKey } from '../supervising/queries.ts';
import { callbacksKey } from '../telephone/queries.ts';
import { typingIsOver } from './whispers.ts';
import type { Work } from './work-state.ts';

export interface Listeners {
  /** A new offer for me. */
  onOffer: (card: ConversationCard) => void;
  /** A customer wrote in a chat of mine. */
  onMessage: (card: ConversationCard) => void;
  /** A supervisor gave me a contact. */
  onGiven: (card: ConversationCard) => void;
  /** What was offered to me went to its queue again without my doing, or the customer left. */
  onGone: (customerLeft: boolean) => void;
  /** A supervisor went on with a call of mine. */
  onTaken: (card: ConversationCard) => void;
  /** Somebody asks for help, or help was taken or withdrawn. */
  onHelp: (request: HelpRequest) => void;
  /** Anything that may concern the board; the supervisor's screens subscribe to it. */
  onAny: (event: LiveEvent, seq: number) => void;
}

export function applyEvent(client: QueryClient, me: string, event: LiveEvent, seq: number, listeners: Listeners): void {
  listeners.onAny(event, seq);
  switch (event.type) {
    case 'offer':
      refreshQueues(client);
      keepPop(client, event.body.card.id, event.body.screenPop);
      keepCard(client, event.body.card, seq);
      // After a lost connection an offer may arrive that has been taken back since.
      if (client.getQueryData<Work>(workKey)?.cards[event.body.card.id]?.version !== event.body.card.version) return;
      // Read anew: what was written while it was nobody's did not come by event.
      afterPaint(() => void client.prefetchQuery({ ...conversationQuery(event.body.card.id), staleTime: 0 }));
      listeners.onOffer(event.body.card);
      return;
    case 'message.added':
    case 'message.delivery-changed':
      client.setQueryData<ConversationDetail>(
        conversationKey(event.body.card.id),
        (detail) => detail && withMessage(detail, event.body.message),
      );
      keepCard(client, event.body.card, seq);
      if (event.type === 'message.added' && event.body.message.author === 'customer') {
        typingIsOver(event.body.card.id);
        if (event.body.card.agentId === me && kindOf[event.body.card.channel] === 'chat')
          listeners.onMessage(event.body.card);
      }
      return;
    case 'help.changed':
      void client.invalidateQueries({ queryKey: supervisingKey });
      listeners.onHelp(event.body.request);
      return;
    case 'agent.changed':
      if (event.body.status.agentId === me) keepStatus(client, event.body.status);
      return;
    case 'customer.changed':
      void client.invalidateQueries({ queryKey: dossierKey(event.body.customerId) });
      return;
    case 'settings.changed':
      refreshSettings(client);
      refreshQueues(client);
      // My role, clients or place here: what I may see follows from it.
      if (event.body.personId === me) void client.invalidateQueries({ queryKey: meQuery.queryKey });
      return;
    default:
      refreshQueues(client);
      if ('shadow' in event.body) return forgetIfTaken(client, event.body.shadow, seq);
      keepCard(client, event.body.card, seq);
      refreshSupervising(client, event.body.card, me);
      if (
        (event.type === 'conversation.missed' || event.type === 'conversation.withdrawn') &&
        event.body.previousAgentId === me
      )
        listeners.onGone(false);
      if (
        (event.type === 'conversation.abandoned' || event.type === 'conversation.ended') &&
        event.body.previousAgentId === me
      )
        listeners.onGone(true);
      if (event.type === 'conversation.registered') {
        forgetRegistration(event.body.card.id);
        void client.invalidateQueries({ queryKey: callbacksKey });
      }
      if (event.type === 'conversation.started') void client.invalidateQueries({ queryKey: callbacksKey });
      if (event.type === 'conversation.reassigned' && event.body.card.agentId === me)
        listeners.onGiven(event.body.card);
      if (event.type === 'conversation.reassigned' && event.body.previousAgentId === me)
        listeners.onTaken(event.body.card);
      if (
        readAgainAfter.has(event.type) ||
        (event.type === 'conversation.ended' && event.body.card.channel === 'call')
      ) {
        void client.invalidateQueries({ queryKey: conversationKey(event.body.card.id) });
      }
  }
}

/** Who the customer is, the registration, who passed it on and how the line was are not on the card. */
const readAgainAfter: ReadonlySet<LiveEvent['type']> = new Set([
  'conversation.linked',
  'conversation.registered',
  'conversation.requeued',
  'conversation.reassigned',
]);

/** A contact that was mine and moved on may reach me as a shadow only. */
function forgetIfTaken(
  client: QueryClient,
  shadow: Pick<ConversationCard, 'id' | 'state' | 'agentId' | 'version'>,
  seq: number,
): void {
  const known = client.getQueryData<Work>(workKey)?.cards[shadow.id];
  if (!known) return;
  // Who takes part in a call gets its card; who gets no more than this is not in it.
  const call = known.call && { ...known.call, parties: [], parked: null };
  keepCard(client, { ...known, ...shadow, call, offerExpiresAt: null }, seq);
}

let queuesDue: ReturnType<typeof setTimeout> | undefined;

/** Counts and the longest wait are the server's arithmetic; a busy minute must not read them a hundred times. */
function refreshQueues(client: QueryClient): void {
  queuesDue ??= setTimeout(
    () => {
      queuesDue = undefined;
      void client.invalidateQueries({ queryKey: queuesKey });
    },
    1_000 + Math.random() * 500,
  );
}
