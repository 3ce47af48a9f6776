import type { Authenticated, Received, Routed } from '../calls/service.ts';
import type { CallDependencies } from '../calls/service-rules.ts';
import { type Caller, userCaller } from '../directory/caller.ts';
import type { Directory } from '../directory/directory.ts';
import type { Session } from '../directory/session.ts';
import type { AwsError } from '../lib/errors.ts';
import { type MaybePromise, proceed } from '../lib/maybe-promise.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { sessionCaller } from '../sessions/session-caller.ts';
import { isTemporaryKey } from '../sessions/temporary-credentials.ts';
import { type PresentedCredential, parseCredential } from '../sigv4/credential.ts';
import { EXPIRED_TOKEN, QUERY_RULES, type SignatureRules, UNKNOWN_KEY } from '../sigv4/signature-rules.ts';
import { verifySignature } from '../sigv4/verify.ts';

export interface AuthenticateOptions extends CallDependencies {
  /** The Region that the proxy stands for. */
  readonly region: string;
  readonly clockSkewMinutes: number;
  /**
   * The body was not read yet: what it proves, or is signed with it, is left out. A call that is authenticated so is never
   * responded to.
   */
  readonly headOnly: boolean;
}

type Authentication = Result<Authenticated, AwsError>;

/** Finds the caller: by the signature, or without one where the service allows that for the operation. */
export function authenticate(call: Routed, options: AuthenticateOptions): MaybePromise<Authentication> {
  return call.route.service.authenticateUnsigned?.(call, options) ?? authenticateSigner(call, options);
}

/**
 * In AWS's order: the credential is read, its age and scope are checked, its key is looked up, and last its signature is
 * verified. An inactive key is refused like an unknown one, and an expired session before its signature is looked at.
 */
function authenticateSigner(call: Routed, options: AuthenticateOptions): MaybePromise<Authentication> {
  const { request, route, receivedAt } = call;
  const { service, operation } = route;
  const rules = service.signature(route.protocol);
  const presented = parseCredential(request, rules, {
    now: receivedAt,
    skewMinutes: options.clockSkewMinutes,
  });
  if (!presented.ok) return presented;
  const credential = presented.value;
  const outOfScope = service.scopeError(credential, options.region, operation);
  if (outOfScope) return err(outOfScope);
  const claimed = service.payload?.claimed(request, credential.form);
  if (claimed && !claimed.ok) return claimed;
  const presentation = { credential, rules, claimed: claimed?.value };
  if (!isTemporaryKey(credential.accessKeyId))
    return verifyCall(call, presentation, findUser(credential, rules, options), options);
  return proceed(findSession(credential, rules, receivedAt, options), (signer) =>
    verifyCall(call, presentation, signer, options),
  );
}

interface Presentation {
  readonly credential: PresentedCredential;
  readonly rules: SignatureRules;
  /** What is signed in the place of the body's hash, for a service that allows that. */
  readonly claimed: string | undefined;
}

function verifyCall(
  call: Routed,
  { credential, rules, claimed }: Presentation,
  signer: Found,
  { headOnly }: AuthenticateOptions,
): MaybePromise<Authentication> {
  if (!signer.ok) return signer;
  const { caller, secret } = signer.value;
  const { request, route } = call;
  const { service, operation } = route;
  // Without a claim in its place, the body itself is signed.
  if (headOnly && claimed === undefined) return ok(authenticated(call, credential, caller));
  const mismatch = verifySignature(request, credential, secret, { rules, payload: claimed });
  if (mismatch) return err(mismatch);
  const limit = caller.session && service.sessionLimit?.(caller.session, operation);
  if (limit) return err(limit);
  if (service.payload === undefined || claimed === undefined || headOnly)
    return ok(authenticated(call, credential, caller));
  return service.payload
    .prove(request, claimed, operation, { credential, secret })
    .then((content) => (content.ok ? ok({ ...call, credential, caller, content: content.value }) : content));
}

/** Member by member: a spread costs more than the object. */
const authenticated = (
  { request, requestId, decisionId, receivedAt, route }: Routed,
  credential: PresentedCredential,
  caller: Caller,
): Authenticated => ({ request, requestId, decisionId, receivedAt, route, credential, caller });

/** The caller that a key belongs to, and the secret that proves it. */
interface Signer {
  readonly caller: Caller;
  readonly secret: string;
}

type Found = Result<Signer, AwsError>;

/** Whether a form names a key that is known here, with the session token that belongs to it; nothing of it is proved. */
export async function namesKnownKey(
  { request, receivedAt }: Received,
  options: Omit<AuthenticateOptions, 'headOnly'>,
): Promise<boolean> {
  const freshness = { now: receivedAt, skewMinutes: options.clockSkewMinutes };
  const presented = parseCredential(request, QUERY_RULES, freshness);
  if (!presented.ok) return false;
  const found = isTemporaryKey(presented.value.accessKeyId)
    ? await findSession(presented.value, QUERY_RULES, receivedAt, options)
    : findUser(presented.value, QUERY_RULES, options);
  return found.ok;
}

function findUser(
  { accessKeyId, sessionToken }: PresentedCredential,
  { invalidToken }: SignatureRules,
  { directory }: { readonly directory: Directory },
): Found {
  const found = directory.findAccessKey(accessKeyId);
  if (found?.key.status !== 'Active') return err(UNKNOWN_KEY);
  // A long-term key has no session token: a token sent with it belongs to another key.
  if (sessionToken !== undefined) return err(invalidToken);
  return ok({ caller: userCaller(directory, found.user), secret: found.key.secret });
}

function findSession(
  { accessKeyId, sessionToken }: PresentedCredential,
  rules: SignatureRules,
  receivedAt: number,
  { directory, credentials }: CallDependencies,
): MaybePromise<Found> {
  if (sessionToken === undefined) return err(UNKNOWN_KEY);
  const check = (session: Session | undefined): Found => {
    if (session === undefined) return err(rules.invalidToken);
    if (receivedAt >= session.expiresAt) return err(EXPIRED_TOKEN);
    const caller = sessionCaller(directory, session);
    if (caller === undefined) return err(UNKNOWN_KEY);
    return ok({ caller, secret: credentials.secretOf(accessKeyId) });
  };
  return proceed(credentials.open(accessKeyId, sessionToken), check);
}
