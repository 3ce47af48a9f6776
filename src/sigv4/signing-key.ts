import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type CredentialScope, TERMINATOR } from './scope.ts';

/** A signing key can always be derived again: this saves four HMACs a request. Far more than one day's callers times regions. */
const cache = new LRUCache<string, KeyObject>({ max: 1000 });

/**
 * The key of one secret for one day, region and service. As a `KeyObject`, an HMAC with it costs an eighth of one with
 * the bytes.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature
 */
export function signingKey(secret: string, { date, region, service }: CredentialScope): KeyObject {
  // NUL is in no header: no two scopes share a name.
  const name = `${date}\0${region}\0${service}\0${secret}`;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const key = deriveKey(secret, date, region, service);
  cache.set(name, key);
  return key;
}

function deriveKey(secret: string, ...scope: readonly string[]): KeyObject {
  const key = [...scope, TERMINATOR].reduce<string | Buffer>(
    (parent, part) => createHmac('sha256', parent).update(part).digest(),
    `AWS4${secret}`,
  );
  return createSecretKey(Buffer.from(key));
}
