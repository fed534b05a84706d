import { useQuery } from '@tanstack/react-query';
import { useMe } from '../access/queries.ts';
import { agentQuery, type OwnState } from './queries.ts';

/** Only who is offered work has a state of his own; an administrator may look on without one. */
export function useOwnState(): OwnState | undefined {
  return useQuery({ ...agentQuery, enabled: useMe().isAgent }).data;
}
