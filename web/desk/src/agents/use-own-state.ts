import { useQuery } from '@tanstack/react-query';
import { useMe } from '../access/queries.ts';
import { agentQuery, type OwnState } from './queries.ts';

/** Only who handles work has a state of his own. */
export function useOwnState(): OwnState | undefined {
  const handles = useMe().permissions.includes('work.handle');
  return useQuery({ ...agentQuery, enabled: handles }).data;
}
