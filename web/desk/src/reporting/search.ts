/** What the board and its rows keep in the address. */
import { AgentState } from '@kernlijn/contract/agents';
import { listConversations } from '@kernlijn/contract/conversations';
import { z } from 'zod';
import type { RowsFilter } from './queries.ts';

const Shown = AgentState.or(z.enum(['present', 'all']));

export interface BoardSearch {
  client?: string;
  agents?: z.infer<typeof Shown>;
  wall?: 1;
}

export function readBoardSearch(search: Record<string, unknown>): BoardSearch {
  const shown = Shown.safeParse(search['agents']);
  return {
    ...(typeof search['client'] === 'string' ? { client: search['client'] } : {}),
    ...(shown.success ? { agents: shown.data } : {}),
    ...(String(search['wall']) === '1' ? { wall: 1 as const } : {}),
  };
}

const filter = listConversations.query.omit({ after: true });
const names = ['clientId', 'queueId', 'channel', 'agentId', 'day', 'is'] as const;

/** What does not make sense is left out: an old link still opens something. */
export function readRowsSearch(search: Record<string, unknown>): RowsFilter {
  const kept = names.filter((name) => filter.shape[name].safeParse(search[name]).success && search[name] !== undefined);
  return filter.parse({ is: 'waiting', ...Object.fromEntries(kept.map((name) => [name, search[name]])) });
}
