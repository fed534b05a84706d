import { Refusal, Unreachable } from '@kernlijn/ui/call.ts';
import { MutationCache, notifyManager, QueryCache, QueryClient } from '@tanstack/react-query';

// By default they are told in a task of their own, so that what one event changes is drawn in two or three times.
notifyManager.setScheduler(queueMicrotask);

/** `onSignedOut` is told when any call shows that the session is over. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const watch = (error: unknown) => {
    if (error instanceof Refusal && error.code === 'not-signed-in') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        // Live events keep the caches true; reading again is for after a lost connection.
        staleTime: 60_000,
        gcTime: 30 * 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => error instanceof Unreachable && failures < 4,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
      },
      mutations: { networkMode: 'always' },
    },
  });
}
