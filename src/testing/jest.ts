/** Matchers for jest: `expect.extend(matchers)`. @see docs/testing.md */
import '../config/node-version.ts';
import type { MatcherFunction } from 'expect';
import { type ProxyMatchers, proxyMatchers } from './matchers.ts';

export type { DenyOptions, ProxyMatchers } from './matchers.ts';

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ProxyMatchers {}
}

type Name = keyof typeof proxyMatchers;

export const matchers: { readonly [name in Name]: MatcherFunction<Parameters<ProxyMatchers[name]>> } =
  proxyMatchers;
