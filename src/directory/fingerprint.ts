import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../lib/error-code.ts';

/**
 * A fingerprint that changes when a file or folder under the paths is written, replaced, added or removed. Follows
 * symbolic links, because Kubernetes updates a mounted ConfigMap by replacing one; ignores names that start with a
 * dot.
 */
export async function fingerprint(paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map((path) => describe(path, 0)))).join('\n');
}

/** Deeper paths are treated as symbolic link cycles. */
const MAX_DEPTH = 40;

async function describe(path: string, depth: number): Promise<string> {
  try {
    const entry = await stat(path, { bigint: true });
    const state = `${path} ${entry.ino} ${entry.size} ${entry.mtimeNs} ${entry.ctimeNs}`;
    if (!entry.isDirectory() || depth > MAX_DEPTH) return state;
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
    const below = await Promise.all(names.map((name) => describe(join(path, name), depth + 1)));
    return [`${path} ${entry.ino}`, ...below].join('\n');
  } catch (cause) {
    return `${path} ${errorCode(cause) ?? cause}`;
  }
}

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
  const hash = createHash('sha256').update(`${account}\n${kind}\n${name}`).digest();
  const letters = [...hash.subarray(0, 17)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return PREFIXES[kind] + letters.join('');
}
