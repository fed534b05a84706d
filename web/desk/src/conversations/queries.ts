import {
  readConversation,
  readWork,
  type ConversationCard,
  type ConversationDetail,
} from '@kernlijn/contract/conversations';
import type { ScreenPop } from '@kernlijn/contract/customers';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { keepDossierOf } from '../customers/queries.ts';
import { fromSnapshot, noWork, withCard, type Work } from '../live/work-state.ts';
import { withDetailCard, withMessage } from './detail-state.ts';
import { keepSeen } from './seen.ts';

export const workKey = ['work'] as const;

export const workQuery = queryOptions({
  queryKey: workKey,
  // Ten thousand cards need not be compared to see that one has changed.
  structuralSharing: false,
  queryFn: async ({ client, signal }): Promise<Work> => {
    const snapshot = await call(readWork, {}, signal);
    keepSeen(snapshot.seen);
    // Events may have come in while the snapshot was under way; they are newer than it.
    return fromSnapshot(snapshot, client.getQueryData<Work>(workKey));
  },
});

export const conversationKey = (id: string) => ['conversation', id] as const;
export const popKey = (id: string) => ['screen-pop', id] as const;

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: conversationKey(id),
    queryFn: async ({ client, signal }): Promise<ConversationDetail> => {
      const fresh = await call(readConversation, { params: { conversationId: id } }, signal);
      keepDossierOf(client, fresh.screenPop);
      const known = client.getQueryData<ConversationDetail>(conversationKey(id));
      return known ? known.messages.reduce(withMessage, withDetailCard(fresh, known.card)) : fresh;
    },
  });

/** A card from an event (with its number) or from the reply to something we did. */
export function keepCard(
  client: QueryClient,
  card: ConversationCard,
  seq = client.getQueryData<Work>(workKey)?.seq ?? 0,
): void {
  client.setQueryData<Work>(workKey, (work) => withCard(work ?? noWork, card, seq));
  client.setQueryData<ConversationDetail>(conversationKey(card.id), (detail) => detail && withDetailCard(detail, card));
}

export function keepPop(client: QueryClient, conversationId: string, screenPop: ScreenPop): void {
  client.setQueryData<ScreenPop>(popKey(conversationId), screenPop);
  keepDossierOf(client, screenPop);
}
