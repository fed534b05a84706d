import { listConversations } from '@kernlijn/contract/conversations';
import { readBoard } from '@kernlijn/contract/reporting';
import { call, type Input, type Reply } from '@kernlijn/ui/call.ts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';

export type ConversationRow = Reply<typeof listConversations>['conversations'][number];
export type RowsFilter = Omit<NonNullable<Input<typeof listConversations>['query']>, 'after'>;

export const boardQuery = (clientId: string | undefined) =>
  queryOptions({
    queryKey: ['board', clientId ?? 'all'] as const,
    queryFn: ({ signal }) => call(readBoard, { query: clientId ? { clientId } : {} }, signal),
    // Another client is chosen: the former board stays until the new one is there.
    placeholderData: keepPreviousData,
    // Nobody listened for it while it was off the screen.
    refetchOnMount: 'always',
  });

export const rowsQuery = (filter: RowsFilter) =>
  infiniteQueryOptions({
    queryKey: ['rows', filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listConversations, { query: { ...filter, ...(pageParam === null ? {} : { after: pageParam }) } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
