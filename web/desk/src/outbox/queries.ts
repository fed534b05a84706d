import { readOutbox } from '@kernlijn/contract/email';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions } from '@tanstack/react-query';

/** Looked at beside the desk, so it keeps itself up to date. */
export const outboxQuery = queryOptions({
  queryKey: ['outbox'],
  queryFn: async ({ signal }) => (await call(readOutbox, {}, signal)).mails,
  refetchInterval: 2_000,
});
