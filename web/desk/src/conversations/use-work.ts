import { useQuery } from '@tanstack/react-query';
import { useMe } from '../access/queries.ts';
import { noWork, sectionsOf, type Sections, type Work } from '../live/work-state.ts';
import { workQuery } from './queries.ts';

function useWorkQuery<Part>(select: (work: Work) => Part): Part | undefined {
  const handles = useMe().permissions.includes('work.handle');
  return useQuery({ ...workQuery, enabled: handles, select }).data;
}

const hasWork = () => true;

/** False until it is read, and for those who only look on. */
export const useHasWork = (): boolean => useWorkQuery(hasWork) ?? false;

/** A card that is in the work list, or was. */
export const useWorkCard = (id: string | undefined) => useWorkQuery((work) => work.cards[id ?? '']);

export function useInCall(): boolean {
  const { id: me } = useMe();
  return (
    useWorkQuery((work) =>
      Object.values(work.cards).some(
        (card) => card.agentId === me && card.state === 'handling' && card.call?.live === true,
      ),
    ) ?? false
  );
}

export function useSections(): Sections {
  const { id: me } = useMe();
  return useWorkQuery((work) => sorted(work, me)) ?? noSections;
}

const noSections = sectionsOf(noWork, '');
/** Several places show the same work, of the one person who is signed in: it is sorted once. */
let latest = { work: noWork, me: '', sections: noSections };

function sorted(work: Work, me: string): Sections {
  if (latest.work !== work || latest.me !== me) latest = { work, me, sections: sectionsOf(work, me) };
  return latest.sections;
}
