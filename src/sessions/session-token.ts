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
  type JWTClaimVerificationOptions,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  UnsecuredJWT,
} from 'jose';
import { type AwsError, awsError } from '../lib/errors.ts';
import { keysIn, parseJson } from '../lib/parse-json.ts';
import { err, ok, type Result } from '../lib/result.ts';

/*
 * All JSON Web Tokens of this project: the session tokens and messages that it issues, and the identity tokens of
 * OpenID Connect providers that it verifies.
 */

const ALGORITHM = 'dir';
const ENCRYPTION = 'A256GCM';

/** Encrypts and authenticates. `key` has 32 bytes. */
export const seal = (content: Uint8Array, key: KeyObject): Promise<string> =>
  new CompactEncrypt(content).setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION }).encrypt(key);

/** Decrypts a token; `undefined` unless it was issued with this key and is unchanged. */
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

/** Base64 decoders ignore some bits and skip some characters: a token with any of those changed is rejected. */
const isAsWritten = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

/**
 * Signature algorithms that a provider may use. @see
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
const SIGNING_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];

/** The keys that verify a provider's tokens: given directly, or as a URL. */
export type KeySource = { readonly keys: readonly object[] } | { readonly url: string };

/** Short, because a local provider that is restarted has other keys. */
const REFETCH_MILLIS = 1_000;
/** For the whole key set, from connecting to the last byte. Redirects are not followed. */
const TIMEOUT_MILLIS = 5_000;
/** AWS allows at most 100 keys for a provider; one has about 1 kB. */
const MAX_KEY_SET_BYTES = 256 * 1024;

/** Fetches a key set with jose's interface, limited in size. */
const fetchKeySet: FetchImplementation = async (url, options) => {
  const response = await fetch(url, { ...options, redirect: 'manual' });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new errors.JOSEError(`unexpected status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_KEY_SET_BYTES)
      throw new errors.JOSEError(`the key set is larger than ${MAX_KEY_SET_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks));
};

/** What the verification of one token gives to the key set, which other tokens share. */
interface KeyRequest {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly timeoutMillis: number;
}

type KeysOf = (request: KeyRequest) => JWTVerifyGetKey;

/** The keys of a source are cached by its identity, and fetched on first use or if a key is unknown. */
const keySets = new WeakMap<KeySource, KeysOf>();

function keySetOf(source: KeySource): KeysOf {
  const known = keySets.get(source);
  if (known !== undefined) return known;
  const made = 'url' in source ? remoteKeySet(source.url) : localKeySet(source);
  keySets.set(source, made);
  return made;
}

function localKeySet(source: KeySource): KeysOf {
  const keys = createLocalJWKSet(source as JSONWebKeySet);
  return () => keys;
}

/**
 * Anyone can send a token that makes the proxy fetch keys. A fetch that failed is therefore not repeated before
 * `REFETCH_MILLIS`, as jose does it for one that succeeded; keys that are known already are found meanwhile.
 */
function remoteKeySet(url: string): KeysOf {
  let failedAt = Number.NEGATIVE_INFINITY;
  let current: KeyRequest = { now: 0, timeoutMillis: TIMEOUT_MILLIS };
  const fetchUnlessFailed: FetchImplementation = async (address, options) => {
    const { now, timeoutMillis } = current;
    // A clock that was set back ends the pause.
    if (now >= failedAt && now - failedAt < REFETCH_MILLIS)
      throw new errors.JOSEError('the last request of the key set has failed');
    try {
      const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMillis)]);
      return await fetchKeySet(address, { ...options, signal });
    } catch (cause) {
      failedAt = now;
      throw cause;
    }
  };
  const keys = createRemoteJWKSet(new URL(url), {
    cooldownDuration: REFETCH_MILLIS,
    timeoutDuration: TIMEOUT_MILLIS,
    [customFetch]: fetchUnlessFailed,
  });
  return (request) => {
    current = request;
    return keys;
  };
}

/**
 * No key was found, for whatever reason: the provider is not reachable, responds with something else, or has no such
 * key.
 */
class NoKeyError extends errors.JOSEError {}

const keyOf =
  (source: KeySource, request: KeyRequest): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keySetOf(source)(request)(header, token);
    } catch (cause) {
      throw new NoKeyError('no verification key', { cause });
    }
  };

export type IdentityClaims = JWTPayload & { readonly iss: string; readonly sub: string };

/** The issuer that an identity token claims; not verified. */
export function claimedIssuer(token: string): Result<string, AwsError> {
  try {
    const { iss } = decodeJwt(token);
    // Not verified: a claim may have any type.
    return typeof iss === 'string' ? ok(iss) : err(NO_JWT);
  } catch (cause) {
    if (cause instanceof errors.JOSEError || cause instanceof TypeError) return err(NO_JWT);
    throw cause;
  }
}

export interface VerifyOptions {
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long fetching the keys may take. */
  readonly timeoutMillis?: number;
}

/**
 * The claims of an identity token, after verification: signed by a key of the set with an asymmetric algorithm, by
 * this issuer, currently valid, and with a subject.
 * @param now milliseconds since the epoch
 */
export async function verifyIdentityToken(
  token: string,
  keys: KeySource,
  { issuer, now, timeoutMillis = TIMEOUT_MILLIS }: VerifyOptions,
): Promise<Result<IdentityClaims, AwsError>> {
  try {
    const wanted = { issuer, requiredClaims: ['sub', 'aud', 'exp'], currentDate: new Date(now) };
    const verified = await jwtVerify(token, keyOf(keys, { now, timeoutMillis }), {
      ...wanted,
      algorithms: SIGNING_ALGORITHMS,
    });
    const payload = readAgain(token, wanted) ?? verified.payload;
    return isOfSubject(payload) ? ok(payload) : err(NO_SUBJECT);
  } catch (cause) {
    if (REFUSALS.some((kind) => cause instanceof kind)) return err(refusalOf(cause as Error, now));
    throw cause;
  }
}

/** What jose and `parseJson` throw for a token that is not valid. */
const REFUSALS = [errors.JOSEError, TypeError, SyntaxError];

const NO_SIGNATURE = Buffer.from('{"alg":"none"}').toString('base64url');

/**
 * The claims of a verified token in which a name has an escape (PHP writes `https:\/\/aws.amazon.com\/tags`): jose reads claims with
 * `JSON.parse`, which can misread such a name (`parseJson`). They are checked again as they are spelled.
 * @returns `undefined` where no name has an escape. @throws JOSEError where the claims are not those that are wanted, SyntaxError where they are nested too deeply
 */
function readAgain(token: string, wanted: JWTClaimVerificationOptions): JWTPayload | undefined {
  const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  if (!keysIn(text).hasEscape) return undefined;
  const claims = Buffer.from(JSON.stringify(parseJson(text))).toString('base64url');
  return UnsecuredJWT.decode(`${NO_SIGNATURE}.${claims}.`, wanted).payload;
}

/** Conditions compare strings: a subject of another type could not be named in a trust policy. */
const isOfSubject = (payload: JWTPayload): payload is IdentityClaims =>
  typeof payload.iss === 'string' && typeof payload.sub === 'string' && payload.sub !== '';

const invalid = (message: string): AwsError => awsError('InvalidIdentityToken', message);

const NO_JWT = invalid(
  'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
);

const NO_SUBJECT = invalid('The token could not be verified: "sub" claim must be a non-empty string');

const NO_KEY = invalid(
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
);

/** AWS's messages as captured (docs/conformance.md); where AWS's message is not known, jose's reason is included. */
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
