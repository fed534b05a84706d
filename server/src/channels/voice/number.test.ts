import { expect, it } from 'vitest';
import { Refusal } from '../../platform/refusal.ts';
import { callable } from './number.ts';

const refusal = (typed: string): unknown => {
  try {
    return callable(typed);
  } catch (error) {
    return error instanceof Refusal ? error.facts['why'] : error;
  }
};

it.each([
  ['06 12 34 56 78', '+31612345678'],
  ['+31 (0)6 12345678', '+31612345678'],
  ['0031612345678', '+31612345678'],
  ['31612345678', '+31612345678'],
  ['(020) 123-4567', '+31201234567'],
  ['+32 2 555 12 12', '+3225551212'],
  ['0800 1234', '+318001234'],
  ['14030', '+3114030'],
  ['+3197010000101', '+3197010000101'],
])('%s is called as %s', (typed, number) => {
  expect(callable(typed)).toBe(number);
});

it.each([
  ['112', 'emergency'],
  ['+31112', 'emergency'],
  ['0031 112', 'emergency'],
  ['0900-1234', 'premium'],
  ['1234', 'short'],
  ['061234', 'invalid'],
  ['020 123', 'invalid'],
  ['geen nummer', 'invalid'],
  ['+999123456789', 'invalid'],
])('%s is refused as %s', (typed, why) => {
  expect(refusal(typed)).toBe(why);
});
