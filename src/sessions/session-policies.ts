import { deflateRawSync } from 'node:zlib';
import type { Directory } from '../directory/directory.ts';
import { openAwsManagedPolicies } from '../directory/managed-policies.ts';
import type { SessionPolicySource } from '../directory/session.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import { fromValue } from '../lib/document.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { parsePolicy, parsePolicyDocument } from '../policy/parse.ts';
import { SIZE_LIMITS } from '../policy/policy-kind.ts';
import { validatePolicy } from '../policy/validate.ts';

/** Name in records of the policy that was passed as a document. */
const INLINE_NAME = 'session-policy';

/**
 * AWS allows ten managed policies besides one document. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_ARNS = 10;
const MOST_CHARACTERS = SIZE_LIMITS.session?.most ?? 0;
/** Maximum packed size of policies and tags. AWS does not document its packing; this project uses deflate. */
const MOST_PACKED_BYTES = 2048;

const awsManaged = openAwsManagedPolicies();

/** Grants nothing: replaces a session policy that no longer exists. */
const NOTHING: NamedPolicy['policy'] = { version: '2012-10-17', statements: [], size: 0 };

/** Validated session policies. */
export interface CheckedSessionPolicies {
  /**
   * Absent if none were passed: the session is then not restricted, except that a federated user has no permissions.
   */
  readonly policies?: SessionPolicySource;
  /** Percentage of AWS's limit; absent if nothing was passed. */
  readonly packedPolicySize?: number;
}

/**
 * Validates the policies and tags that are passed for a session.
 * @returns MalformedPolicyDocument or PackedPolicyTooLarge, as STS
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
export function checkSessionPolicies(
  directory: Directory,
  inline: string | undefined,
  arns: readonly string[],
  tags: Readonly<Record<string, string>>,
): Result<CheckedSessionPolicies, AwsError> {
  const malformed =
    (inline === undefined ? undefined : documentDiagnostic(inline)) ?? arnsDiagnostic(directory, arns);
  if (malformed) return err(malformed);
  const hasPolicies = inline !== undefined || arns.length > 0;
  if (!hasPolicies && Object.keys(tags).length === 0) return ok({});
  const plain = (inline?.length ?? 0) + arns.join('').length;
  const packed = deflateRawSync(JSON.stringify([inline, arns, tags])).length;
  const packedPolicySize = Math.ceil((100 * packed) / MOST_PACKED_BYTES);
  const used = Math.max(packedPolicySize, Math.ceil((100 * plain) / MOST_CHARACTERS));
  if (packedPolicySize > 100 || plain > MOST_CHARACTERS)
    return err(
      awsError(
        'PackedPolicyTooLarge',
        `Packed policy consumes ${used}% of allotted space, please use smaller policy.`,
      ),
    );
  return ok({
    packedPolicySize,
    ...(hasPolicies && { policies: { ...(inline !== undefined && { inline }), arns } }),
  });
}

/** The current state of the policies. A policy that no longer exists or is invalid allows nothing. */
export function sessionPolicies(
  directory: Directory,
  { inline, arns }: SessionPolicySource,
): readonly NamedPolicy[] {
  const managed = arns.map(
    (arn): NamedPolicy => findManaged(directory, arn) ?? { name: arn, arn, policy: NOTHING },
  );
  if (inline === undefined) return managed;
  const parsed = parsePolicy(inline, { format: 'json', reader: 'session' });
  return [{ name: INLINE_NAME, policy: parsed.ok ? parsed.value.policy : NOTHING }, ...managed];
}

function documentDiagnostic(inline: string): AwsError | undefined {
  const parsed = parsePolicy(inline, { format: 'json', reader: 'session' });
  const diagnostics = parsed.ok ? validatePolicy(parsed.value.policy, 'session') : parsed.error;
  // The size is checked together with everything else that is passed.
  const [first] = diagnostics.filter(({ severity, rule }) => severity === 'error' && rule !== 'policy-size');
  if (first === undefined) return undefined;
  const sentence = isJson(inline)
    ? 'Syntax errors in policy.'
    : 'The policy is not in the valid JSON format.';
  return awsError('MalformedPolicyDocument', `${sentence} (${first.message})`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function arnsDiagnostic(directory: Directory, arns: readonly string[]): AwsError | undefined {
  if (arns.length > MOST_ARNS)
    return awsError('ValidationError', `A session takes at most ${MOST_ARNS} managed policies.`);
  const unknown = arns.find((arn) => findManaged(directory, arn) === undefined);
  return unknown === undefined
    ? undefined
    : awsError('MalformedPolicyDocument', `Policy ${unknown} does not exist or is not attachable.`);
}

function findManaged(directory: Directory, arn: string): NamedPolicy | undefined {
  const listed = directory.policyByArn(arn)?.policy;
  if (listed) return listed;
  const ofAws = arn.startsWith(`arn:${directory.partition}:iam::aws:policy/`)
    ? awsManaged.find(arn)
    : undefined;
  const parsed = ofAws && parsePolicyDocument(fromValue(ofAws.document));
  return ofAws && parsed?.ok ? { name: ofAws.name, arn, policy: parsed.value.policy } : undefined;
}
