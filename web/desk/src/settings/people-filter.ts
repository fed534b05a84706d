import type { Staff } from '@kernlijn/contract/people';

export interface PeopleFilter {
  find?: string;
  client?: string;
  skill?: string;
  all?: '1';
}

const names = ['find', 'client', 'skill', 'all'] as const;

/** From the address; what does not make sense is left out. */
export function readPeopleFilter(search: Record<string, unknown>): PeopleFilter {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name];
      const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      return text === '' ? [] : [[name, text]];
    }),
  );
}

export function fits(person: Staff, { find = '', client, skill, all }: PeopleFilter): boolean {
  if (!person.active && all !== '1') return false;
  if (client !== undefined && !person.clientIds.includes(client)) return false;
  if (skill !== undefined && !person.agent?.skills.some(({ skillId }) => skillId === skill)) return false;
  return `${person.name} ${person.email}`.toLowerCase().includes(find.toLowerCase());
}
