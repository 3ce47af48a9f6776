import type { KeyObject } from 'node:crypto';
import {
  CompactEncrypt,
  compactDecrypt,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type FetchImplementation,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';

/*
 * Everything of this project that is a JSON Web Token: the session tokens and messages that it seals itself, and the identity tokens
 * of OpenID Connect providers that it verifies.
 */

const ALGORITHM = 'dir';
const ENCRYPTION = 'A256GCM';

/** Encrypted and proof against change. `key` has 32 bytes. */
export const seal = (content: Uint8Array, key: KeyObject): Promise<string> =>
  new CompactEncrypt(content).setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION }).encrypt(key);

/** What was sealed; `undefined` for everything that was not sealed with this key and left as it was. */
export async function unseal(token: string, key: KeyObject): Promise<Uint8Array | undefined> {
  if (!isAsWritten(token)) return undefined;
  try {
    const { plaintext } = await compactDecrypt(token, key, {
      keyManagementAlgorithms: [ALGORITHM],
      contentEncryptionAlgorithms: [ENCRYPTION],
    });
    return plaintext;
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return undefined;
    throw cause;
  }
}

/** Base 64 has bits that nothing reads and characters that are skipped: with any of them changed it is another text. */
const isAsWritten = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

/** Those with which a provider may sign. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
const SIGNING_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];

/** Where the keys are that verify a provider's tokens: at hand, or at its address. */
export type KeySource = { readonly keys: readonly object[] } | { readonly url: string };

/** Not long: a local provider that is started anew has other keys. */
const REFETCH_MILLIS = 1_000;
/** For the whole key set, from the connection to its last byte. Redirects are not followed. */
const TIMEOUT_MILLIS = 5_000;
/** AWS takes at most 100 keys of a provider; one has about 1 kB. */
const MAX_KEY_SET_BYTES = 256 * 1024;

/** Fetches a key set as jose does, no more of it than one can have. */
const fetchKeySet: FetchImplementation = async (url, options) => {
  const response = await fetch(url, options);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new errors.JOSEError(`the status is ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_KEY_SET_BYTES)
      throw new errors.JOSEError(`the key set is over ${MAX_KEY_SET_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks));
};

/** As long as a source is the same its keys are read once, and fetched when first asked for or not known. */
const keySets = new WeakMap<KeySource, JWTVerifyGetKey>();

function keySetOf(source: KeySource): JWTVerifyGetKey {
  const known = keySets.get(source);
  if (known !== undefined) return known;
  const options = {
    cooldownDuration: REFETCH_MILLIS,
    timeoutDuration: TIMEOUT_MILLIS,
    [customFetch]: fetchKeySet,
  };
  const made =
    'url' in source
      ? createRemoteJWKSet(new URL(source.url), options)
      : createLocalJWKSet(source as JSONWebKeySet);
  keySets.set(source, made);
  return made;
}

/** There is no key, whatever the reason: the provider is away, answers something else, or never had it. */
class NoKeyError extends errors.JOSEError {}

const keyOf =
  (source: KeySource): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keySetOf(source)(header, token);
    } catch (cause) {
      throw new NoKeyError('no verification key', { cause });
    }
  };

export type IdentityClaims = JWTPayload & { readonly iss: string; readonly sub: string };

/** Who says to have issued an identity token; nothing of it is proved. */
export function claimedIssuer(token: string): Result<string, AwsError> {
  try {
    const { iss } = decodeJwt(token);
    // It was not verified: a claim may be anything.
    return typeof iss === 'string' ? ok(iss) : err(NO_JWT);
  } catch (cause) {
    if (cause instanceof errors.JOSEError || cause instanceof TypeError) return err(NO_JWT);
    throw cause;
  }
}

/**
 * The claims of an identity token, once it is proved: signed by a key of the set with an asymmetric algorithm, by this
 * issuer, in force now, and for a subject.
 * @param now milliseconds since the epoch
 */
export async function verifyIdentityToken(
  token: string,
  keys: KeySource,
  { issuer, now }: { readonly issuer: string; readonly now: number },
): Promise<Result<IdentityClaims, AwsError>> {
  try {
    const { payload } = await jwtVerify(token, keyOf(keys), {
      issuer,
      algorithms: SIGNING_ALGORITHMS,
      requiredClaims: ['sub', 'aud', 'exp'],
      currentDate: new Date(now),
    });
    return isOfSubject(payload) ? ok(payload) : err(NO_SUBJECT);
  } catch (cause) {
    if (cause instanceof errors.JOSEError || cause instanceof TypeError) return err(refusalOf(cause, now));
    throw cause;
  }
}

/** Conditions compare texts: a subject that is none would be nobody whom a trust policy could name. */
const isOfSubject = (payload: JWTPayload): payload is IdentityClaims =>
  typeof payload.iss === 'string' && typeof payload.sub === 'string' && payload.sub !== '';

const invalid = (message: string): AwsError => awsError('InvalidIdentityToken', message);

const NO_JWT = invalid(
  'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
);

const NO_SUBJECT = invalid('The token could not be verified: "sub" claim is no text, or an empty one');

const NO_KEY = invalid(
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
);

/** Conformance A6; where AWS's words are not known, jose's reason is told. */
function refusalOf(cause: Error, now: number): AwsError {
  if (cause instanceof errors.JWTExpired) {
    const [current, expiration] = [Math.floor(now / 1000), cause.payload.exp];
    return awsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${current} must be before the expiration date/time ${expiration}`,
    );
  }
  if (cause instanceof NoKeyError) return NO_KEY;
  if (cause instanceof errors.JWTInvalid || cause instanceof errors.JWSInvalid) return NO_JWT;
  return invalid(`The token could not be verified: ${cause.message}`);
}
