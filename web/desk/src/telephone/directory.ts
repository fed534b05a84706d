/** Whom an agent can ask, most useful first. Pure. */
import type { Colleague, Directory, OutsideNumber, QueueToAsk } from '@kernlijn/contract/telephone';
import { looksDialled } from './looks-dialled.ts';

export type Entry =
  | { is: 'colleague'; id: string; colleague: Colleague; can: boolean }
  | { is: 'queue'; id: string; queue: QueueToAsk; can: boolean }
  | { is: 'number'; id: string; number: OutsideNumber | null; dialled: string; can: true };

type Names = (both: { nl: string; en: string }) => string;

/**
 * Free colleagues first, those of the call's own queue before others and the longest free first; then queues with somebody
 * free, the numbers outside, and last those who cannot come now. A typed number stands first: nothing else is meant by it.
 */
export function entries(
  { colleagues, queues, numbers }: Directory,
  text: string,
  { queueId, nameOf }: { queueId: string; nameOf: Names },
): Entry[] {
  const wanted = plain(text);
  const queueName = (id: string) => {
    const queue = queues.find((each) => each.queueId === id);
    return queue === undefined ? '' : nameOf(queue.name);
  };
  const fits = (...words: string[]) => wanted === '' || plain(words.join(' ')).includes(wanted);
  const people = colleagues
    .filter((each) => fits(each.name, ...each.skills.map(nameOf), ...each.queueIds.map(queueName)))
    .toSorted(
      (a, b) =>
        Number(b.queueIds.includes(queueId)) - Number(a.queueIds.includes(queueId)) ||
        Date.parse(a.since) - Date.parse(b.since) ||
        a.name.localeCompare(b.name),
    )
    .map((colleague): Entry => ({ is: 'colleague', id: colleague.agentId, colleague, can: colleague.free }));
  const lines = queues
    .filter(({ name }) => fits(nameOf(name)))
    .toSorted((a, b) => b.free - a.free || a.waiting - b.waiting)
    .map((queue): Entry => ({ is: 'queue', id: queue.queueId, queue, can: queue.free > 0 }));
  const outside = numbers
    .filter(({ name, note, number }) => fits(name, note, number, number.replace('+31', '0')))
    .map((number): Entry => ({ is: 'number', id: number.id, number, dialled: number.number, can: true }));
  const typed: Entry[] = looksDialled(text)
    ? [{ is: 'number', id: 'typed', number: null, dialled: text, can: true }]
    : [];
  const now = ({ can }: Entry) => can;
  const later = (entry: Entry) => !entry.can;
  return [
    ...typed,
    ...people.filter(now),
    ...lines.filter(now),
    ...outside,
    ...lines.filter(later),
    ...people.filter((entry) => later(entry) && !isGone(entry)),
    ...people.filter(isGone),
  ];
}

const isGone = (entry: Entry): boolean => entry.is === 'colleague' && entry.colleague.state === 'offline';

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
