import { readQueueSettings } from '@kernlijn/contract/routing';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions } from '@tanstack/react-query';

export const queueSettingsQuery = queryOptions({
  queryKey: ['queue-settings'] as const,
  queryFn: ({ signal }) => call(readQueueSettings, {}, signal),
  staleTime: 0,
});
