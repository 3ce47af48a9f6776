import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Forks: tests start servers, watch files and set environment variables of their own.
    pool: 'forks',
  },
});
