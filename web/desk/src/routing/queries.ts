import { readQueues } from '@kernlijn/contract/routing';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions } from '@tanstack/react-query';

export const queuesKey = ['queues'] as const;
export const queuesQuery = queryOptions({ queryKey: queuesKey, queryFn: ({ signal }) => call(readQueues, {}, signal) });
