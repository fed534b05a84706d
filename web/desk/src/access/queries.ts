import { readDemoSignIns, readMe, type ClientSummary, type Me } from '@kernlijn/contract/access';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions } from '@tanstack/react-query';
import { createContext, use } from 'react';

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

/** Who is signed in: the shell gives it to all that stands in it. */
export const MeContext = createContext<Me | undefined>(undefined);

export function useMe(): Me {
  const me = use(MeContext);
  if (me === undefined) throw new Error('nobody is signed in here');
  return me;
}

export function useClient(clientId: string | undefined): ClientSummary | undefined {
  return useMe().clients.find((client) => client.id === clientId);
}
