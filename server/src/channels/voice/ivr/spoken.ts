/** Numbers in recorded words. A playback takes twenty prompts: a long number is said without its country. */
import type { SpokenLanguage } from '@kernlijn/contract/menu';

/** Numbers that there is a prompt of. */
export const largestSpoken = 30;

export function placeSpoken(
  language: SpokenLanguage,
  { position, minutes }: { position: number | null; minutes: number | null },
): string[] {
  const place =
    position === null || position < 1 || position > largestSpoken
      ? []
      : [`position-${language}`, `number-${position}-${language}`];
  if (minutes === null) return place;
  if (minutes > largestSpoken) return [...place, `wait-long-${language}`];
  if (minutes <= 1) return [...place, `wait-short-${language}`];
  return [...place, `wait-${language}`, `number-${minutes}-${language}`, `minutes-${language}`];
}

const mostSpelt = 16;

/** A Dutch number as it is dialled at home, another with its country. */
export function spellDigits(language: SpokenLanguage, number: string): string[] {
  const digits = number.startsWith('+31') ? `0${number.slice(3)}` : number.replace('+', '00');
  return Array.from(digits.slice(0, mostSpelt), (digit) => `digit-${digit}-${language}`);
}
