import { stringify } from 'yaml';
import type { ProofCounterexample } from './proof-result.ts';

/** A `simulate` command that decides the counterexample, even if no call of today makes such a request. */
export function simulateCommand({ principal, action, resource, context }: ProofCounterexample): string {
  // One value of a list would be taken for a text: the same value twice is the same to every set operator.
  const pairs = Object.entries(context).flatMap(([key, value]) =>
    (typeof value === 'string' ? [value] : value.length === 1 ? [...value, ...value] : value).map(
      (one) => `${key}=${one}`,
    ),
  );
  const options = [
    ['--as', principal],
    ['--action', action],
    ['--resource', resource],
    ...pairs.map((pair) => ['--context', pair]),
  ];
  return [
    'personalize-authz-proxy simulate',
    ...options.map(([flag = '', value = '']) => `${flag} ${quoted(value)}`),
  ].join(' ');
}

/** Quoted where a shell would read it otherwise. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A policy test that fails as long as the counterexample is allowed. */
export function policyTest({ principal, action, resource, context }: ProofCounterexample): string {
  const test = {
    name: `${principal} may not ${action}`,
    principal,
    action,
    resource,
    ...(Object.keys(context).length > 0 && { context }),
    expect: 'denied',
  };
  return stringify({ tests: [test] }, { lineWidth: 0 });
}
