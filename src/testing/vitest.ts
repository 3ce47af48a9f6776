/** Matchers and a fixture for vitest: `expect.extend(matchers)`. @see docs/testing.md */
import '../config/node-version.ts';
import type { MatchersObject } from 'vitest';
import type { ProxyOptions } from '../app/proxy-options.ts';
import type { RunningProxy } from '../app/running-proxy.ts';
import { startProxy } from '../app/start.ts';
import { type ProxyMatchers, proxyMatchers } from './matchers.ts';
import { type PolicyMatchers, policyMatchers } from './policy-matchers.ts';

export type { DenyOptions, ProxyMatchers } from './matchers.ts';
export type { AccessInput, PolicyInput, PolicyMatchers } from './policy-matchers.ts';

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends ProxyMatchers,
      PolicyMatchers {}
}

export const matchers: MatchersObject = { ...proxyMatchers, ...policyMatchers };

type Fixture = (context: object, use: (proxy: RunningProxy) => Promise<void>) => Promise<void>;

/**
 * A proxy for `test.extend({ proxy: proxyFixture() })`: started on a free port when a test asks for it, closed after. With
 * `[proxyFixture(), { scope: 'worker' }]` the tests of a worker share one.
 */
export function proxyFixture(options: ProxyOptions = {}): Fixture {
  // vitest reads from the text of the function that it depends on no other fixture.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  return async ({}, use) => {
    // No `await using`: it would be a syntax error of an older Node before the check of its version runs.
    const proxy = await startProxy(options);
    try {
      await use(proxy);
    } finally {
      await proxy.close();
    }
  };
}
