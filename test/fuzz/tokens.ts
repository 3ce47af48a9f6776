import fc from 'fast-check';
import type { RunningProxy } from '../../src/index.ts';
import { exchange, jsonCall, rawCall } from '../e2e/exchange.ts';
import { editsWith } from './arbitraries.ts';
import type { FarEnd } from './far-end.ts';
import { type Edit, edited, type Target, withinBound } from './targets.ts';

interface TokenCase {
  /** Whose key signs, and whose token is sent. */
  readonly key: 0 | 1;
  readonly token: 0 | 1;
  /** Parts of the token that are taken from the other one. */
  readonly swapped: readonly number[];
  readonly edits: readonly Edit[];
}

const TOKEN_STRINGS = [
  '.',
  '..',
  '=',
  'A',
  '-',
  '_',
  '+',
  '/',
  '%2E',
  Buffer.from('{"alg":"none"}').toString('base64url'),
  Buffer.from('{"alg":"dir","enc":"A128GCM"}').toString('base64url'),
  Buffer.from('{"alg":"dir","enc":"A256GCM","zip":"DEF"}').toString('base64url'),
  Buffer.from('{"alg":"dir","enc":"A256GCM","crit":["x"]}').toString('base64url'),
];

/** Session tokens that were issued, then edited or combined: only the token of the key that signs is a session. */
export async function tokenTarget(proxy: RunningProxy, farEnd: FarEnd): Promise<Target<TokenCase>> {
  const { endpoint, region, credentials } = proxy.clientConfig('role/worker', {});
  const sessions = await Promise.all([credentials(), credentials()]);
  return {
    name: 'tokens',
    cases: fc.record({
      key: fc.constantFrom(0, 1),
      token: fc.constantFrom(0, 1),
      swapped: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray([0, 1, 2, 3, 4])),
      edits: fc.oneof(
        { weight: 1, arbitrary: fc.constant([]) },
        { weight: 4, arbitrary: editsWith(TOKEN_STRINGS, 2) },
      ),
    }),
    check: async ({ key, token, swapped, edits }) => {
      const issued = sessions[token].sessionToken ?? '';
      const others = (sessions[1 - token]?.sessionToken ?? '').split('.');
      const combined = issued
        .split('.')
        .map((part, at) => (swapped.includes(at) ? (others[at] ?? '') : part));
      const sessionToken = edited(Buffer.from(combined.join('.')), edits)
        .toString('latin1')
        .replace(/[^\x21-\x7e]/g, '');
      const who = { endpoint, region, credentials: { ...sessions[key], sessionToken } };
      const call = rawCall(who, jsonCall('ListCampaigns'), ['connection: close']);
      const answer = await withinBound('a call', exchange(proxy.url, call));
      const isSession = sessionToken === sessions[key].sessionToken;
      const wanted = isSession ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 4\d\d /;
      if (!wanted.test(answer)) throw new Error(`the session is ${isSession}: ${answer.slice(0, 1000)}`);
      const forwarded = farEnd.take().length;
      if (forwarded !== (isSession ? 1 : 0))
        throw new Error(`${forwarded} forwarded, the session is ${isSession}`);
    },
  };
}
