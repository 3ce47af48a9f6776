/** Matchers for jest: `expect.extend(matchers)`. @see docs/testing.md */
import '../config/node-version.ts';
import type { MatcherFunction } from 'expect';
import { type ProxyMatchers, proxyMatchers } from './matchers.ts';
import { type PolicyMatchers, policyMatchers } from './policy-matchers.ts';

export type { DenyOptions, ProxyMatchers } from './matchers.ts';
export type { AccessInput, PolicyInput, PolicyMatchers } from './policy-matchers.ts';

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ProxyMatchers, PolicyMatchers {}
}

type All = ProxyMatchers & PolicyMatchers;

export const matchers: { readonly [name in keyof All]: MatcherFunction<Parameters<All[name]>> } = {
  ...proxyMatchers,
  ...policyMatchers,
};
