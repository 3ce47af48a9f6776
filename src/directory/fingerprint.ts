import { hash } from 'node:crypto';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes */
const PREFIXES = { user: 'AIDA', group: 'AGPA', role: 'AROA', policy: 'ANPA' } as const;

export type IdentityKind = Exclude<keyof typeof PREFIXES, 'policy'>;

/** The base32 alphabet, as in AWS's IDs. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A unique ID in the form of AWS, 21 characters. It is derived, not random, so that it is the same at every start and
 * on every replica.
 */
export function uniqueId(account: string, kind: keyof typeof PREFIXES, name: string): string {
  const bytes = hash('sha256', `${account}\n${kind}\n${name}`, 'buffer');
  const letters = [...bytes.subarray(0, 17)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return PREFIXES[kind] + letters.join('');
}
