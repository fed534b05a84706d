import { expect, it } from 'vitest';
import { fits, readAuditFilter } from './audit-filter.ts';

const entry = {
  id: 1,
  at: '2026-03-18T11:00:00Z',
  clientId: 'c1',
  personName: 'Joris Bakker',
  action: 'queue.changed',
  subject: 'q1',
  facts: {},
};

it('every word that is looked for must be there, wherever, in any case', () => {
  expect(fits(entry, { find: 'joris PRIOR' }, 'Wachtrij gewijzigd Prioriteit: 5 wordt 3')).toBe(true);
  expect(fits(entry, { find: 'joris nawerk' }, 'Wachtrij gewijzigd Prioriteit: 5 wordt 3')).toBe(false);
});

it('an action and a client must be the same', () => {
  expect([
    fits(entry, { action: 'queue.changed', client: 'c1' }, ''),
    fits(entry, { action: 'queue' }, ''),
    fits(entry, { client: 'c2' }, ''),
    fits(entry, {}, ''),
  ]).toEqual([true, false, false, true]);
});

it('digits in the address are text', () => {
  expect(readAuditFilter({ find: 412, action: ['x'] })).toEqual({ find: '412' });
});
