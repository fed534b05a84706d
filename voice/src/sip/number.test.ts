import { expect, test } from 'vitest';
import { forTrunk, fromTrunk } from './number.ts';

const trunk = (numberFormat: 'plus' | 'digits' | 'national', country = '31') => ({ numberFormat, country });

test.each([
  ['+31970100001', trunk('plus'), '+31970100001'],
  ['+31970100001', trunk('digits'), '31970100001'],
  ['+31970100001', trunk('national'), '0970100001'],
  ['+4930123456', trunk('national'), '004930123456'],
  ['+390612345678', trunk('national', '39'), '0612345678'],
  ['+12025550123', trunk('national', '1'), '12025550123'],
  ['+31970100001', trunk('national', '1'), '01131970100001'],
  ['0970 100 001', trunk('plus'), '+31970100001'],
  ['0049 30 123456', trunk('digits'), '4930123456'],
  ['tel:+31-970-100-001', trunk('plus'), '+31970100001'],
])('%s goes out over a trunk of %j as %s', (number, format, written) => {
  expect(forTrunk(number, format)).toBe(written);
});

test.each(['112', '1850', '*21#', 'reception'])(
  '%s is no number of the public network, and goes out as it is',
  (number) => {
    expect(forTrunk(number, trunk('plus'))).toBe(number);
    expect(fromTrunk(number, trunk('national'))).toBe(number);
  },
);

test.each([
  ['+31970100001', trunk('national'), '+31970100001'],
  ['0031970100001', trunk('plus'), '+31970100001'],
  ['31970100001', trunk('digits'), '+31970100001'],
  ['31970100001', trunk('plus'), '+31970100001'],
  ['0970100001', trunk('national'), '+31970100001'],
  ['0970100001', trunk('digits'), '+31970100001'],
  ['0612345678', trunk('national', '39'), '+390612345678'],
  ['2025550123', trunk('national', '1'), '+12025550123'],
  ['01131970100001', trunk('national', '1'), '+31970100001'],
  ['88005550123', trunk('national', '7'), '+78005550123'],
  ['anonymous', trunk('plus'), 'anonymous'],
])('%s from a trunk of %j is %s', (written, format, number) => {
  expect(fromTrunk(written, format)).toBe(number);
});

test('what goes out comes back the same', () => {
  for (const format of ['plus', 'digits', 'national'] as const)
    for (const country of ['31', '32', '49', '39', '34', '36', '1', '7'])
      for (const number of ['+31970100001', '+3225550123', '+390612345678', '+12025550123', '+78005550123'])
        expect(fromTrunk(forTrunk(number, trunk(format, country)), trunk(format, country))).toBe(number);
});
