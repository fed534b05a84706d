import { readDemoSignIns, readMe, type ClientSummary, type Me } from '@kernlijn/contract/access';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => call(readMe, {}, signal),
  staleTime: Infinity,
});
export const demoQuery = queryOptions({
  queryKey: ['demo-sign-ins'],
  queryFn: ({ signal }) => call(readDemoSignIns, {}, signal),
  retry: false,
});

/** Only inside the shell, where the router has read it already. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

export function useClient(clientId: string | undefined): ClientSummary | undefined {
  const me = useQuery(meQuery).data;
  return me?.clients.find((client) => client.id === clientId);
}
