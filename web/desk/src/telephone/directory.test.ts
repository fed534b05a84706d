import type { Colleague, Directory } from '@kernlijn/contract/telephone';
import { expect, it } from 'vitest';
import { entries } from './directory.ts';

const person = (name: string, rest: Partial<Colleague> = {}): Colleague => ({
  agentId: name,
  name,
  state: 'ready',
  pauseReason: null,
  since: '2026-03-18T10:00:00Z',
  free: true,
  onPhone: false,
  queueIds: ['service'],
  skills: [],
  ...rest,
});
const queue = { open: true, waiting: 0, expectedWaitSeconds: null };
const directory: Directory = {
  colleagues: [
    person('Weg', { state: 'offline', free: false }),
    person('Bellend', { state: 'busy', free: false, onPhone: true }),
    person('Techneut', { queueIds: ['techniek'] }),
    person('Pas vrij', { since: '2026-03-18T10:30:00Z' }),
    person('Lang vrij', { skills: [{ nl: 'Klachten', en: 'Complaints' }] }),
  ],
  queues: [
    { queueId: 'service', name: { nl: 'Service', en: 'Service' }, free: 0, ...queue },
    { queueId: 'techniek', name: { nl: 'Techniek', en: 'Technical' }, free: 2, ...queue },
  ],
  numbers: [{ id: 'n', clientId: 'c', name: 'Storingsdienst', number: '+31201234567', note: '' }],
};
const found = (text: string) =>
  entries(directory, text, { queueId: 'service', nameOf: ({ nl }) => nl }).map((entry) =>
    entry.is === 'colleague' ? entry.colleague.name : entry.is === 'queue' ? entry.queue.name.nl : entry.dialled,
  );

it('who can come now stands first, the longest free of the own queue before all', () => {
  expect(found('')).toEqual([
    ...['Lang vrij', 'Pas vrij', 'Techneut', 'Techniek', '+31201234567', 'Service', 'Bellend', 'Weg'],
  ]);
});

it('is found by name, subject, queue or number; a typed number stands first', () => {
  expect(found('klacht')).toEqual(['Lang vrij']);
  expect(found('techniek')).toEqual(['Techneut', 'Techniek']);
  expect(found('storing')).toEqual(['+31201234567']);
  expect(found('020 123')).toEqual(['020 123']);
  expect(found('niemand')).toEqual([]);
});
