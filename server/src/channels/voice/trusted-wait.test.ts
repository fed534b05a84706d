import { expect, it } from 'vitest';
import { trustedWait } from './trusted-wait.ts';

const now = { free: 0, waiting: 3, oldest: 40, answered: [40, 50, 55, 60, 62, 70] };

it('the usual wait of the last half hour, rounded up to what a person says', () => {
  expect(trustedWait(now)).toBe(60);
  expect(trustedWait({ ...now, free: 4 })).toBe(0);
});

it('is not said on too little, on waits that were far apart, or when somebody waits longer than it says', () => {
  expect(trustedWait({ ...now, answered: [50, 50, 50, 50] })).toBeNull();
  expect(trustedWait({ ...now, answered: [5, 5, 10, 20, 300, 400] })).toBeNull();
  expect(trustedWait({ ...now, oldest: 300 })).toBeNull();
});
