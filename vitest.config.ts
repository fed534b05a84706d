import { defineConfig } from 'vitest/config';

// Two cores are the smallest machine we develop on; journeys start a whole Kernlijn and a browser, so one at a time.
export default defineConfig({
  test: {
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Where nobody watches, a journey through three programs gets a second try; the report marks it. At a desk it fails at once.
    retry: process.env['CI'] === undefined ? 0 : 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          globalSetup: [],
          include: [
            '{contract,server,scripts,bench}/**/*.test.ts',
            'web/**/*.test.{ts,tsx}',
            'tests/{support,apart}/**/*.test.ts',
          ],
        },
      },
      {
        // Sound comes every 20 ms: what measures that needs a machine that is not busy with other tests.
        extends: true,
        test: {
          name: 'voice',
          globalSetup: [],
          include: ['voice/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          globalSetup: [],
          include: ['tests/{journeys,sip,conformance,desk-mock}/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          // A browser on a busy machine takes its time; a poll ends as soon as what it waits for is there.
          expect: { poll: { timeout: 15_000 } },
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
