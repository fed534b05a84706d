import { afterEach, expect, test, vi } from 'vitest';
import { close, count } from './tests.ts';

const said: string[] = [];
vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text.trim()));
vi.spyOn(console, 'error').mockImplementation(() => {});
afterEach(() => void said.splice(0));

test('the closing line sums up all projects', () => {
  expect(
    close([
      { passed: 3, failed: 0, skipped: 1 },
      { passed: 2, failed: 0, skipped: 0 },
    ]),
  ).toBe(0);
  expect(said).toEqual(['5 passed, 0 failed, 1 skipped']);
});

test('a failed test and a failed stage fail the run', () => {
  expect(close([{ passed: 3, failed: 1, skipped: 0 }])).toBe(1);
  expect(close([{ passed: 3, failed: 0, skipped: 0 }], ['check'])).toBe(1);
  expect(said.at(-1)).toBe('3 passed, 1 failed, 0 skipped');
});

test('a run in which nothing passed is no success', () => {
  expect(close([{ passed: 0, failed: 0, skipped: 5 }])).toBe(1);
});

test('a file that could not be read counts as one failed', () => {
  const of = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  });
  const files = [of('passed', 'passed', 'pending'), of('failed'), of('failed', 'failed', 'passed')];
  expect(count({ testResults: files })).toEqual({ passed: 2, failed: 2, skipped: 1 });
});
