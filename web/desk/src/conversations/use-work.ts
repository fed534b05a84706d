import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useMe } from '../access/queries.ts';
import { noWork, sectionsOf, type Sections, type Work } from '../live/work-state.ts';
import { workQuery } from './queries.ts';

/** Undefined until it is read, and for those who only look on. */
export function useWork(): Work | undefined {
  const handles = useMe().permissions.includes('work.handle');
  return useQuery({ ...workQuery, enabled: handles }).data;
}

export function useSections(): Sections {
  const { id } = useMe();
  const work = useWork() ?? noWork;
  return useMemo(() => sectionsOf(work, id), [work, id]);
}
