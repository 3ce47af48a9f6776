import { anonymousCaller } from '../directory/anonymous-caller.ts';
import { type Caller, type Directory, userCaller } from '../directory/directory.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { sessionCaller } from '../sessions/session-caller.ts';
import { type CredentialIssuer, isTemporaryKey } from '../sessions/temporary-credentials.ts';
import { proveWebIdentity, webIdentityCaller } from '../sessions/web-identity.ts';
import { isUnsigned, type PresentedCredential, parseCredential } from '../sigv4/credential.ts';
import { EXPIRED_TOKEN, invalidTokenError, UNKNOWN_KEY } from '../sigv4/key-errors.ts';
import { claimedPayload, provePayload } from '../sigv4/payload.ts';
import { checkS3Scope } from '../sigv4/s3-refusals.ts';
import { checkScope } from '../sigv4/scope.ts';
import { verifySignature } from '../sigv4/verify.ts';
import { decodeInput } from '../wire/decode-input.ts';
import type { Route } from '../wire/route.ts';
import { readS3Target } from '../wire/s3-target.ts';
import { validateInput } from '../wire/validate.ts';
import { sessionLimit } from './session-limits.ts';
import type { Authenticated, Received, Routed } from './stages.ts';

export interface AuthenticateOptions {
  readonly directory: Directory;
  readonly credentials: CredentialIssuer;
  /** The region that the proxy stands for. */
  readonly region: string;
  readonly clockSkewMinutes: number;
  /** Absent where buckets are elsewhere. */
  readonly buckets?: Buckets;
  /**
   * The body was not read yet: what it proves, or is signed with it, is left out. What is authenticated so is never
   * delivered.
   */
  readonly headOnly?: boolean;
}

/** Which buckets there are. */
export interface Buckets {
  hasBucket(bucket: string): Promise<boolean>;
}

type Authentication = Promise<Result<Authenticated, AwsError>>;

/** STS answers in every region and in its first one; IAM has only that. */
const GLOBAL_REGION = 'us-east-1';
const GLOBAL_SERVICES: ReadonlySet<string> = new Set(['sts', 'iam']);

/** Who makes the request: by the signature, or by the identity token of the one operation that takes one instead. */
export function authenticate(stage: Routed, options: AuthenticateOptions): Authentication {
  const { operation, protocol } = stage.route;
  if (operation.name === 'AssumeRoleWithWebIdentity') return authenticateWebIdentity(stage, options);
  return protocol === 'restXml' && isUnsigned(stage.request)
    ? authenticateAnonymous(stage, options)
    : authenticateSigner(stage, options);
}

/**
 * The claim is read, its scope and age are checked, its key is looked up, and last its signature is verified, in AWS's
 * order. An inactive key is refused like one that was never seen, and a session that is over before its signature is
 * looked at (conformance A5).
 */
async function authenticateSigner(stage: Routed, options: AuthenticateOptions): Authentication {
  const { request, route, receivedAt } = stage;
  const { region, clockSkewMinutes } = options;
  const freshness = { now: receivedAt, skewMinutes: clockSkewMinutes };
  const claimed = parseCredential(request, route.protocol, freshness);
  if (!claimed.ok) return claimed;
  const credential = claimed.value;
  const outOfScope = scopeFault(credential, route, region);
  if (outOfScope) return err(outOfScope);
  const payload = route.protocol === 'restXml' ? claimedPayload(request, credential.form) : ok(undefined);
  if (!payload.ok) return payload;
  const found = isTemporaryKey(credential.accessKeyId)
    ? await findSession(credential, stage, options)
    : findUser(credential, stage, options);
  if (!found.ok) return found;
  const { caller, secret } = found.value;
  // Only S3 signs a claim of what the body is; elsewhere the body itself is signed.
  if (options.headOnly && payload.value === undefined) return ok({ ...stage, credential, caller });
  const forged = verifySignature(request, credential, secret, {
    protocol: route.protocol,
    ...(payload.value !== undefined && { payload: payload.value }),
  });
  if (forged) return err(forged);
  const limit = caller.session && sessionLimit(caller.session, route.operation);
  if (limit) return err(limit);
  if (payload.value === undefined || options.headOnly) return ok({ ...stage, credential, caller });
  const content = await provePayload(request, proofOf(payload.value, route), { credential, secret });
  return content.ok ? ok({ ...stage, credential, caller, content: content.value }) : content;
}

const proofOf = (claimed: string, { operation }: Route) => ({
  claimed,
  checksums: !NO_BODY_CHECKSUMS.has(operation.name),
});

/** A call of S3 that nobody signed: what a bucket's own policy allows to everyone. */
async function authenticateAnonymous(
  stage: Routed,
  { directory, buckets, headOnly }: AuthenticateOptions,
): Authentication {
  const { request, route } = stage;
  const payload = claimedPayload(request, 'unsigned');
  if (!payload.ok) return payload;
  const bucket = readS3Target(request)?.bucket;
  const isMissing =
    bucket !== undefined &&
    route.operation.name !== 'CreateBucket' &&
    !directory.bucketPolicies.has(bucket) &&
    (await buckets?.hasBucket(bucket)) === false;
  if (isMissing)
    return err(awsError('NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket }));
  const caller = anonymousCaller(directory);
  if (headOnly) return ok({ ...stage, caller });
  const content = await provePayload(request, proofOf(payload.value, route));
  return content.ok ? ok({ ...stage, caller, content: content.value }) : content;
}

/** Its checksums are those of the object that becomes whole. */
const NO_BODY_CHECKSUMS: ReadonlySet<string> = new Set(['CompleteMultipartUpload']);

function scopeFault(
  credential: PresentedCredential,
  { service }: Route,
  region: string,
): AwsError | undefined {
  const { form, scope, requestDate } = credential;
  if (service.name === 's3') return checkS3Scope({ form, scope, day: requestDate.text.slice(0, 8) }, region);
  const regions = GLOBAL_SERVICES.has(service.name) ? [region, GLOBAL_REGION] : [region];
  return checkScope(credential, { regions, service: service.signingName });
}

/** Whose key it is said to be, and the secret that proves it. */
type Found = Result<{ readonly caller: Caller; readonly secret: string }, AwsError>;

/** What of a stage the lookup of a key depends on. */
type KeyLookup = Pick<Received, 'receivedAt'> & { readonly route: Pick<Route, 'protocol'> };

/** Whether a form names a key that is known here, with the session token that belongs to it; nothing of it is proved. */
export async function namesKnownKey(
  { request, receivedAt }: Received,
  options: AuthenticateOptions,
): Promise<boolean> {
  const protocol = 'awsQuery';
  const claimed = parseCredential(request, protocol, {
    now: receivedAt,
    skewMinutes: options.clockSkewMinutes,
  });
  if (!claimed.ok) return false;
  const find = isTemporaryKey(claimed.value.accessKeyId) ? findSession : findUser;
  return (await find(claimed.value, { receivedAt, route: { protocol } }, options)).ok;
}

function findUser(
  { accessKeyId, sessionToken }: PresentedCredential,
  { route }: KeyLookup,
  { directory }: AuthenticateOptions,
): Found {
  const found = directory.findAccessKey(accessKeyId);
  if (found?.key.status !== 'Active') return err(UNKNOWN_KEY);
  // A long-term key has no session token: one that comes with it is foreign.
  if (sessionToken !== undefined) return err(invalidTokenError(route.protocol));
  return ok({ caller: userCaller(directory, found.user), secret: found.key.secret });
}

async function findSession(
  { accessKeyId, sessionToken }: PresentedCredential,
  { route, receivedAt }: KeyLookup,
  { directory, credentials }: AuthenticateOptions,
): Promise<Found> {
  if (sessionToken === undefined) return err(UNKNOWN_KEY);
  const session = await credentials.open(sessionToken);
  if (session?.accessKeyId !== accessKeyId) return err(invalidTokenError(route.protocol));
  if (receivedAt >= session.expiresAt) return err(EXPIRED_TOKEN);
  const caller = sessionCaller(directory, session);
  if (caller === undefined) return err(UNKNOWN_KEY);
  return ok({ caller, secret: credentials.secretOf(accessKeyId) });
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
async function authenticateWebIdentity(stage: Routed, { directory }: AuthenticateOptions): Authentication {
  const { route, request, receivedAt } = stage;
  const decoded = decodeInput(route, request);
  if (!decoded.ok) return decoded;
  const { input: shape } = route.operation;
  const violation = shape && validateInput(shape, decoded.value, 'ValidationError');
  if (violation) return err(violation);
  const { WebIdentityToken: token, ProviderId: provider } = decoded.value;
  if (provider !== undefined) return err(NO_OAUTH);
  const proved = await proveWebIdentity(directory, String(token), receivedAt);
  return proved.ok ? ok({ ...stage, caller: webIdentityCaller(directory, proved.value) }) : proved;
}

/** `ProviderId` says that the token is an OAuth 2.0 access token, which only the provider itself could verify. */
const NO_OAUTH = awsError(
  'InvalidIdentityToken',
  'OAuth 2.0 access tokens are not supported; pass an OpenID Connect token without ProviderId.',
);
