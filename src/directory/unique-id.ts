import { createHash } from 'node:crypto';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes */
const PREFIXES = { user: 'AIDA', group: 'AGPA', role: 'AROA', policy: 'ANPA' } as const;

export type IdentityKind = Exclude<keyof typeof PREFIXES, 'policy'>;

/** The alphabet of base 32, as in AWS's own ids. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A unique id as AWS forms them, 21 characters: not random, so that it is the same at every start and on every replica. */
export function uniqueId(account: string, kind: keyof typeof PREFIXES, name: string): string {
  const hash = createHash('sha256').update(`${account}\n${kind}\n${name}`).digest();
  const letters = [...hash.subarray(0, 17)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return PREFIXES[kind] + letters.join('');
}
