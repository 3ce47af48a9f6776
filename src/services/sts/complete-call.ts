import type { Authenticated, Decoded } from '../../calls/service.ts';
import type { CallDependencies } from '../../calls/service-rules.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { findOperation } from '../../model/load.ts';
import type { InputValue } from '../../wire/input-value.ts';
import { validateInput } from '../../wire/validate.ts';

/**
 * Validates a call of STS, which has no upstream to do it, and completes it by what the caller's session or identity
 * token passes on; a one-time code in it is proved, because policies can require one.
 */
export function completeStsCall(
  call: Decoded,
  deps: CallDependencies,
): Result<Decoded, AwsError> | Promise<Result<Decoded, AwsError>> {
  const { input: shape } = call.route.operation;
  const violation =
    (shape && validateInput(shape, call.input, 'ValidationError')) ?? problemOf(call, call.input);
  if (violation) return err(violation);
  const input = { ...call.input, ...passedOn(call) };
  const assumeRole = call.caller.webIdentity && findOperation('sts', 'AssumeRole')?.input;
  // Tags and the source identity of a token's claims must be what AssumeRole would accept.
  const claimed = assumeRole && validateInput(assumeRole, input, 'ValidationError');
  if (claimed) return err(claimed);
  const complete = (factor: Result<boolean, AwsError>): Result<Decoded, AwsError> =>
    factor.ok ? ok({ ...call, input, ...(factor.value && { mfaAt: call.receivedAt }) }) : factor;
  const factor = secondFactor(call, call.input, deps);
  return factor instanceof Promise ? factor.then(complete) : complete(factor);
}

const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/./;

/** What the model of STS does not hold. */
function problemOf({ caller }: Authenticated, input: InputValue): AwsError | undefined {
  const { RoleArn: role, SourceIdentity: identity, ProvidedContexts: contexts } = input;
  const set = caller.session?.sourceIdentity;
  if (contexts !== undefined) return invalid('ProvidedContexts: there is no context provider here.');
  if (typeof role === 'string' && !ROLE.test(role)) return invalid(`${role} is invalid`);
  return identity !== undefined && set !== undefined && identity !== set
    ? invalid('The source identity is already set for this assume role session')
    : undefined;
}

const invalid = (message: string): AwsError => awsError('ValidationError', message);

/** A source identity stays through a chain of roles; a provider passes it, and tags, as claims. */
function passedOn({ caller: { session, webIdentity } }: Authenticated): InputValue {
  const sourceIdentity = session?.sourceIdentity ?? webIdentity?.sourceIdentity;
  const tags = Object.entries(webIdentity?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return {
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
    ...(tags.length > 0 && { Tags: tags }),
    ...(webIdentity?.transitiveTagKeys && { TransitiveTagKeys: webIdentity.transitiveTagKeys }),
  };
}

/** Whether a one-time code came with the call; an error where it is not good. */
function secondFactor(
  { caller, receivedAt }: Authenticated,
  { SerialNumber: serial, TokenCode: code }: InputValue,
  { directory, oneTimeCodes }: CallDependencies,
): Result<boolean, AwsError> | Promise<Result<boolean, AwsError>> {
  if (serial === undefined && code === undefined) return ok(false);
  if (serial === undefined || code === undefined)
    return denied(
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    );
  const { principal } = caller;
  const device = principal.type === 'User' ? directory.users.get(principal.userName)?.mfa : undefined;
  if (device?.serialNumber !== serial)
    return denied(
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  const used = oneTimeCodes.use(device, String(code), receivedAt);
  return used instanceof Promise ? used.then(accepted) : accepted(used);
}

const accepted = (isGood: boolean): Result<boolean, AwsError> =>
  isGood ? ok(true) : denied('MultiFactorAuthentication failed with invalid MFA one time pass code. ');

const denied = (message: string): { readonly ok: false; readonly error: AwsError } =>
  err(awsError('AccessDeniedException', message));
