import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Forks: tests start servers, watch files and set environment variables of their own.
    pool: 'forks',
    // Many wait for the processes that they start: a core that is left free would be idle.
    maxWorkers: '100%',
  },
});
