import type { ClientSummary } from '@kernlijn/contract/access';
import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import type { Dossier } from '@kernlijn/contract/customers';
import { afterPaint } from '@kernlijn/ui/after-paint.ts';
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useClient } from '../access/queries.ts';
import { conversationKey } from '../conversations/queries.ts';
import { useWorkCard } from '../conversations/use-work.ts';
import { dossierKey } from '../customers/queries.ts';

/** A dossier that is on the screen before its address is: the router takes its turns over that, and a caller waits. */
const popped = createStore<{ id: string; over: string | undefined } | undefined>(undefined);

/** The conversation in the address, when there is one; or the one that has just popped up over it. */
export function useOpenId(): string | undefined {
  const inAddress = useParams({ strict: false, select: (params) => params.conversationId });
  const pop = useStore(popped);
  return pop !== undefined && pop.over === inAddress ? pop.id : inAddress;
}

/** Shows a conversation at once; its address follows when it is painted, unless the agent has gone elsewhere meanwhile. */
export function usePopUp(): (conversationId: string, over: string | undefined) => void {
  const navigate = useNavigate();
  return useCallback(
    (id, over) => {
      const { pathname } = location;
      const pop = { id, over };
      popped.set(pop);
      const settle = () => popped.set((present) => (present === pop ? undefined : present));
      afterPaint(() => {
        if (location.pathname !== pathname || popped.get() !== pop) return settle();
        void navigate({ to: '/desk/c/$conversationId', params: { conversationId: id } }).finally(settle);
      });
    },
    [navigate],
  );
}

/** Its card: from the work list, or from the conversation itself when it is somebody else's. */
export function useOpenCard(): ConversationCard | undefined {
  const id = useOpenId();
  const own = useWorkCard(id);
  const detail = useQuery<ConversationDetail>({ queryKey: conversationKey(id ?? ''), enabled: false }).data;
  return id ? (own ?? detail?.card) : undefined;
}

/** For whom the agent speaks right now. */
export function useOpenClient(): ClientSummary | undefined {
  const card = useOpenCard();
  const customerId = useParams({ strict: false, select: (params) => params.customerId });
  const dossier = useQuery<Dossier>({ queryKey: dossierKey(customerId ?? ''), enabled: false }).data;
  return useClient(card?.clientId ?? dossier?.customer.clientId);
}
