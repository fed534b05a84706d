import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useMe } from '../access/queries.ts';
import { noWork, sectionsOf, type Sections } from '../live/work-state.ts';
import { workQuery } from './queries.ts';

export function useSections(): Sections {
  const { id } = useMe();
  const work = useQuery(workQuery).data ?? noWork;
  return useMemo(() => sectionsOf(work, id), [work, id]);
}
