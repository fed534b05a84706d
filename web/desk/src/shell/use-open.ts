import type { ClientSummary } from '@kernlijn/contract/access';
import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import type { Dossier } from '@kernlijn/contract/customers';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useClient } from '../access/queries.ts';
import { conversationKey } from '../conversations/queries.ts';
import { useWork } from '../conversations/use-work.ts';
import { dossierKey } from '../customers/queries.ts';

/** The conversation in the address, when there is one. */
export function useOpenId(): string | undefined {
  return useParams({ strict: false, select: (params) => params.conversationId });
}

/** Its card: from the work list, or from the conversation itself when it is somebody else's. */
export function useOpenCard(): ConversationCard | undefined {
  const id = useOpenId();
  const work = useWork();
  const detail = useQuery<ConversationDetail>({ queryKey: conversationKey(id ?? ''), enabled: false }).data;
  return id ? (work?.cards[id] ?? detail?.card) : undefined;
}

/** For whom the agent speaks right now. */
export function useOpenClient(): ClientSummary | undefined {
  const card = useOpenCard();
  const customerId = useParams({ strict: false, select: (params) => params.customerId });
  const dossier = useQuery<Dossier>({ queryKey: dossierKey(customerId ?? ''), enabled: false }).data;
  return useClient(card?.clientId ?? dossier?.customer.clientId);
}
