import { readAgent, type AgentStatus, type PauseReason } from '@kernlijn/contract/agents';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions, type QueryClient } from '@tanstack/react-query';

export interface OwnState {
  status: AgentStatus;
  pauseReasons: PauseReason[];
}
export const agentKey = ['agent'] as const;
export const agentQuery = queryOptions({
  queryKey: agentKey,
  queryFn: ({ signal }): Promise<OwnState> => call(readAgent, {}, signal),
});

export function keepStatus(client: QueryClient, status: AgentStatus): void {
  client.setQueryData<OwnState>(agentKey, (own) => own && { ...own, status });
}
