import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { Endpoint } from '@kernlijn/contract/endpoint';
import { call, Refusal, type Input } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { useFailure } from '../shell/notices.ts';
import { keepCard, workKey } from './queries.ts';

type CardEndpoint = Endpoint<z.ZodType, z.ZodType, z.ZodType, typeof ConversationCard>;

/** A step in the life of a conversation: the card that comes back is true at once, the event repeats it. */
export function useAct<E extends CardEndpoint>(
  endpoint: E,
  after?: (card: ConversationCard) => void,
  /** The failure is shown in place. */
  { quiet = false } = {},
) {
  const client = useQueryClient();
  const fail = useFailure();
  return useMutation<ConversationCard, Error, Input<E>>({
    mutationFn: (input) => call<CardEndpoint>(endpoint, input),
    onSuccess: (card) => {
      keepCard(client, card);
      after?.(card);
    },
    onError: (error) => {
      // We believed something that is no longer so: look again.
      if (error instanceof Refusal)
        for (const queryKey of [workKey, ['conversation']]) void client.invalidateQueries({ queryKey });
      if (!quiet) fail(error);
    },
  });
}
