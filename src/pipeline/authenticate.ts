import type { AwsError } from '../errors.ts';
import { type Directory, userCaller } from '../identity/directory.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { parseCredential } from '../sigv4/credential.ts';
import { invalidTokenError, UNKNOWN_KEY } from '../sigv4/key-errors.ts';
import { checkScope } from '../sigv4/scope.ts';
import { verifySignature } from '../sigv4/verify.ts';
import type { Authenticated, Routed } from './stages.ts';

export interface AuthenticateOptions {
  readonly directory: Directory;
  /** The region that the proxy stands for. */
  readonly region: string;
  readonly clockSkewMinutes: number;
}

/** STS answers in every region and in its first one; IAM has only that. */
const GLOBAL_REGION = 'us-east-1';

/**
 * Who signed the request: the claim is read, its scope and age are checked, its key is looked up, and last its
 * signature is verified, in AWS's order. An inactive key is refused like one that was never seen.
 */
export function authenticate(stage: Routed, options: AuthenticateOptions): Result<Authenticated, AwsError> {
  const { request, route, receivedAt } = stage;
  const { directory, region, clockSkewMinutes } = options;
  const { signingName } = route.service;
  const freshness = { now: receivedAt, skewMinutes: clockSkewMinutes };
  const claimed = parseCredential(request, route.protocol, freshness);
  if (!claimed.ok) return claimed;
  const credential = claimed.value;
  const regions = signingName === 'personalize' ? [region] : [region, GLOBAL_REGION];
  const outOfScope = checkScope(credential, { regions, service: signingName });
  if (outOfScope) return err(outOfScope);
  const found = directory.findAccessKey(credential.accessKeyId);
  if (found?.key.status !== 'Active') return err(UNKNOWN_KEY);
  // A long-term key has no session token: one that comes with it is foreign.
  if (credential.sessionToken !== undefined) return err(invalidTokenError(route.protocol));
  const forged = verifySignature(request, credential, found.key.secret, { protocol: route.protocol });
  if (forged) return err(forged);
  return ok({ ...stage, credential, caller: userCaller(directory, found.user) });
}
