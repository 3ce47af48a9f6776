import type { Directory } from '../directory/directory.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { findOperation } from '../model/load.ts';
import type { OneTimeCodes } from '../sessions/one-time-code.ts';
import { headerAmbiguity } from '../wire/ambiguous-header.ts';
import { decodeInput } from '../wire/decode-input.ts';
import type { InputValue } from '../wire/input-value.ts';
import { missingMembers, validateInput } from '../wire/validate.ts';
import { s3Input } from './s3-input.ts';
import type { Authenticated, Understood } from './stages.ts';

export interface UnderstandOptions {
  readonly directory: Directory;
  readonly oneTimeCodes: OneTimeCodes;
  /** Whether calls of S3 go to another S3. */
  readonly forwardsS3: boolean;
}

/**
 * Decodes the body. A call of STS is validated at once, for it has no upstream to do it, and completed by what the
 * caller's session or identity token brings along; a one-time code in it is proved, for policies ask about it.
 */
export async function understand(
  stage: Authenticated,
  options: UnderstandOptions,
): Promise<Result<Understood, AwsError>> {
  const isOfS3 = stage.route.service.name === 's3';
  const ambiguity = headerAmbiguity(stage.request, stage.credential?.signedHeaders);
  if (ambiguity) return err(awsError(isOfS3 ? 'InvalidRequest' : 'SerializationException', ambiguity));
  const decoded = isOfS3
    ? await s3Input(stage, options.directory, options.forwardsS3)
    : decodeInput(stage.route, stage.request);
  if (!decoded.ok) return decoded;
  const { operation, service } = stage.route;
  if (service.name === 'cloudwatch') {
    const missing = operation.input && missingMembers(operation.input, decoded.value, 'ValidationError');
    if (missing) return err(missing);
  }
  if (service.name !== 'sts') return ok({ ...stage, input: decoded.value });
  const violation =
    (operation.input && validateInput(operation.input, decoded.value, 'ValidationError')) ??
    faultOf(stage, decoded.value);
  if (violation) return err(violation);
  const input = { ...decoded.value, ...broughtAlong(stage) };
  const claimed =
    stage.caller.webIdentity && ASSUME_ROLE && validateInput(ASSUME_ROLE, input, 'ValidationError');
  if (claimed) return err(claimed);
  const factor = secondFactor(stage, decoded.value, options);
  if (!factor.ok) return factor;
  return ok({
    ...stage,
    input,
    ...(factor.value && { mfaAt: stage.receivedAt }),
  });
}

/** Its members are what tags and the source identity of a token's claims must be, too. */
const ASSUME_ROLE = findOperation('sts', 'AssumeRole')?.input;

const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/./;

/** What the model of STS does not say. */
function faultOf({ caller }: Authenticated, input: InputValue): AwsError | undefined {
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
function broughtAlong({ caller: { session, webIdentity } }: Authenticated): InputValue {
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
  { directory, oneTimeCodes }: UnderstandOptions,
): Result<boolean, AwsError> {
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
  return oneTimeCodes.use(device, String(code), receivedAt)
    ? ok(true)
    : denied('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
}

const denied = (message: string): { readonly ok: false; readonly error: AwsError } =>
  err(awsError('AccessDeniedException', message));
