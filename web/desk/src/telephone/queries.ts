import { readCallbacks } from '@kernlijn/contract/callbacks';
import { readDirectory, readOutsideNumbers, readOwnNumbers } from '@kernlijn/contract/telephone';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions } from '@tanstack/react-query';

export const ownNumbersQuery = queryOptions({
  queryKey: ['own-numbers'] as const,
  queryFn: ({ signal }) => call(readOwnNumbers, {}, signal),
  staleTime: 60_000,
});

/** Who is free changes by the second: read anew for as long as somebody looks. */
export const directoryQuery = (clientId: string, language: string) =>
  queryOptions({
    queryKey: ['directory', clientId, language] as const,
    queryFn: ({ signal }) => call(readDirectory, { query: { clientId, language } }, signal),
    staleTime: 0,
    refetchInterval: 3_000,
  });

export const callbacksKey = ['callbacks'] as const;
export const callbacksQuery = queryOptions({
  queryKey: callbacksKey,
  queryFn: ({ signal }) => call(readCallbacks, {}, signal),
  refetchInterval: 30_000,
});

export const outsideNumbersQuery = queryOptions({
  queryKey: ['outside-numbers'] as const,
  queryFn: ({ signal }) => call(readOutsideNumbers, {}, signal),
  staleTime: 0,
});
