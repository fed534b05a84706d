import { defineConfig } from 'vitest/config';

// Two cores are the smallest machine we develop on; journeys start a whole Kernlijn and a browser, so one at a time.
export default defineConfig({
  test: {
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          globalSetup: [],
          include: [
            '{contract,server,voice,scripts,bench}/**/*.test.ts',
            'web/**/*.test.{ts,tsx}',
            'tests/{support,apart}/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          globalSetup: [],
          include: ['tests/{journeys,sip}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
