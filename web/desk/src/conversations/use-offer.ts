import { acceptOffer, declineOffer, type ConversationCard } from '@kernlijn/contract/conversations';
import { call, Refusal } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useFailure } from '../shell/notices.ts';
import { keepCard, workKey } from './queries.ts';
import { useOpenId } from '../shell/use-open.ts';
import { useAct } from './use-act.ts';
import { useSections } from './use-work.ts';

let taken = { id: '', at: 0 };
const justNowMs = 4_000;

/** Taken on this screen a moment ago: the hands go to the answer. */
export const justTaken = (id: string): boolean => taken.id === id && Date.now() - taken.at < justNowMs;

/** Where several ring, the keys take the one that is on screen. */
export function useChosenOffer(): ConversationCard | undefined {
  const { ringing } = useSections();
  const open = useOpenId();
  return ringing.find((card) => card.id === open) ?? ringing[0];
}

/** Taking or declining what is offered. */
export function useOffer(card: ConversationCard | undefined) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const fail = useFailure();
  const accept = useAct(acceptOffer, (card) => {
    void navigate({ to: '/desk/c/$conversationId', params: { conversationId: card.id } });
  });
  const decline = useMutation({
    mutationFn: (id: string) => call(declineOffer, { params: { conversationId: id } }),
    onSuccess: (_, id) => {
      // The event that follows carries the same; the card need not wait for it.
      if (card?.id === id) keepCard(client, { ...card, state: 'waiting', agentId: null, version: card.version + 1 });
    },
    onError: (error) => {
      if (error instanceof Refusal && error.code === 'offer-gone') void client.invalidateQueries({ queryKey: workKey });
      fail(error);
    },
  });
  return {
    answer: () => {
      if (card === undefined) return;
      // Now, not when it is answered: the news of it may be here before the answer is.
      taken = { id: card.id, at: Date.now() };
      accept.mutate({ params: { conversationId: card.id } });
    },
    decline: () => card && decline.mutate(card.id),
    busy: accept.isPending || decline.isPending,
  };
}
