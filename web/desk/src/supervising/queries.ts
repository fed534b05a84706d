import { readSupervising, readSupervisingPolicies } from '@kernlijn/contract/supervising';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { call, type Reply } from '@kernlijn/ui/call.ts';
import { queryOptions, type QueryClient } from '@tanstack/react-query';

export const supervisingKey = ['supervising'] as const;
type Supervising = Reply<typeof readSupervising>;

/** Where one listens, and who asks for help. */
export const supervisingQuery = queryOptions({
  queryKey: supervisingKey,
  queryFn: ({ signal }) => call(readSupervising, {}, signal),
});

export const policiesQuery = queryOptions({
  queryKey: ['supervising-policies'] as const,
  queryFn: ({ signal }) => call(readSupervisingPolicies, {}, signal),
  staleTime: 0,
});

/** A contact changed: what is said of it here may no longer be so. */
export function refreshSupervising(client: QueryClient, card: ConversationCard, me: string): void {
  const known = client.getQueryData<Supervising>(supervisingKey);
  const listens = card.call?.parties.some(({ kind, personId }) => kind === 'supervisor' && personId === me) ?? false;
  const asks = known?.help.find(({ conversationId }) => conversationId === card.id);
  if (
    listens ||
    known?.call?.card.id === card.id ||
    (asks && (card.state !== 'handling' || card.agentId !== asks.agentId))
  )
    void client.invalidateQueries({ queryKey: supervisingKey });
}
