import { defineConfig } from 'vitest/config';

/** What is waited for comes late on a machine that does other work as well. */
const PATIENT = { expect: { poll: { timeout: 15_000 } } } as const;

/**
 * Four projects, by what a test needs. None isolates its files: the modules of the program are loaded once for each
 * worker, which is most of the time that the suite would take otherwise. A test that leaves state behind (a spy, a
 * fake timer, a listener of the process) restores it.
 */
export default defineConfig(({ mode }) => ({
  test: {
    // Many wait for the processes that they start: a core that is left free would be idle.
    maxWorkers: '100%',
    tags: [
      {
        name: 'clients',
        description:
          'other programs (the AWS CLI, boto3, redis-server, HAProxy), several processes, what the documentation prints',
      },
    ],
    projects: [
      {
        // Calls functions: no server of the program, no process.
        test: {
          ...PATIENT,
          name: 'unit',
          include: ['test/{unit,cases,conformance,architecture,property,differential}/**/*.test.ts'],
          pool: 'threads',
          env: mode === 'long' ? { TEST_RUNS: 'long' } : {},
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        // Servers and commands within the test's own process. Forks: a command has a working directory.
        test: {
          ...PATIENT,
          name: 'integration',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        // Real processes: the launcher, signals, and other programs as clients.
        test: {
          ...PATIENT,
          name: 'process',
          include: ['test/process/**/*.test.ts'],
          pool: 'forks',
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        // The console in a real browser: `npm run test:console` builds it first. Not a part of `npm test`.
        test: {
          ...PATIENT,
          name: 'console',
          include: ['test/console/**/*.test.ts'],
          pool: 'forks',
          isolate: false,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
}));
