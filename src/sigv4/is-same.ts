import { timingSafeEqual } from 'node:crypto';

/** Of a signature: SHA-256 in hexadecimal. */
const DIGEST_CHARACTERS = 64;
const scratch = [Buffer.alloc(DIGEST_CHARACTERS), Buffer.alloc(DIGEST_CHARACTERS)] as const;

/** Compares in constant time. */
export function isSame(presented: string, wanted: string): boolean {
  const isDigest = presented.length === DIGEST_CHARACTERS && wanted.length === DIGEST_CHARACTERS;
  const [one, other] = isDigest ? scratch : [Buffer.from(presented), Buffer.from(wanted)];
  // A character of several bytes leaves some out, and is in no digest.
  if (isDigest && (one.write(presented) !== one.length || other.write(wanted) !== other.length)) return false;
  return one.length === other.length && timingSafeEqual(one, other);
}
