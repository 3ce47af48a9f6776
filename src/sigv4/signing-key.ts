import { createHmac } from 'node:crypto';
import { Recent } from '../lib/recent.ts';
import { HmacKey } from './hmac.ts';
import { type CredentialScope, TERMINATOR } from './scope.ts';

interface Derived {
  readonly scope: CredentialScope;
  readonly key: HmacKey;
}

/** A signing key can always be derived again: this saves four HMACs a request. Far more than the callers of one day. */
const known = new Recent<string, readonly Derived[]>(1000);

/** For each secret: a day, a Region and a service for each. More are derived again. */
const MOST_SCOPES = 16;

/**
 * The key of one secret for one day, region and service.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature
 */
export function signingKey(secret: string, scope: CredentialScope): HmacKey {
  const keys = known.get(secret) ?? [];
  for (const derived of keys) if (isSameScope(derived.scope, scope)) return derived.key;
  const key = deriveKey(secret, scope);
  known.set(secret, [{ scope, key }, ...keys].slice(0, MOST_SCOPES));
  return key;
}

/** The terminator is no part: there is one only. */
const isSameScope = (one: CredentialScope, other: CredentialScope): boolean =>
  one === other || (one.date === other.date && one.region === other.region && one.service === other.service);

const deriveKey = (secret: string, { date, region, service }: CredentialScope): HmacKey =>
  new HmacKey(
    [date, region, service, TERMINATOR].reduce(
      (key, part) => createHmac('sha256', key).update(part).digest(),
      Buffer.from(`AWS4${secret}`),
    ),
  );
