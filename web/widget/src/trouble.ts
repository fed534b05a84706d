import type { WordKey } from './words.ts';

/** What to say of a form that the server did not take. */
export function troubleOf(
  answer: { is: 'refused'; code: string } | { is: 'unreachable' },
  unreachable: WordKey,
): WordKey {
  if (answer.is === 'unreachable') return unreachable;
  if (answer.code === 'chat-closed') return 'closedJustNow';
  if (answer.code === 'conflict') return unreachable; // the key was used up; the next press has another
  return answer.code === 'too-many-requests' ? 'tooManyStarts' : 'notAccepted';
}
