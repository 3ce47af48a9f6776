import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { type CredentialScope, TERMINATOR } from './scope.ts';

/** Far more than callers times regions of any one day. */
const MOST_KEYS = 1000;

/** Least recently used first. A signing key can always be derived again: this only saves four HMACs a request. */
const cache = new Map<string, KeyObject>();

/**
 * The key of one secret for one day, region and service. As a `KeyObject`, an HMAC with it costs an eighth of one with
 * the bytes.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature
 */
export function signingKey(secret: string, { date, region, service }: CredentialScope): KeyObject {
  // A list in JSON: no two scopes share a text, whatever characters they hold.
  const name = JSON.stringify([secret, date, region, service]);
  const key = cache.get(name) ?? deriveKey(secret, date, region, service);
  cache.delete(name);
  cache.set(name, key);
  const [oldest] = cache.keys();
  if (cache.size > MOST_KEYS && oldest !== undefined) cache.delete(oldest);
  return key;
}

function deriveKey(secret: string, ...scope: readonly string[]): KeyObject {
  const key = [...scope, TERMINATOR].reduce<string | Buffer>(
    (parent, part) => createHmac('sha256', parent).update(part).digest(),
    `AWS4${secret}`,
  );
  return createSecretKey(Buffer.from(key));
}
