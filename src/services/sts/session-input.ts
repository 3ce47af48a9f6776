import type { Session, TemporaryCredentials } from '../../directory/session.ts';
import { withSessionTags } from '../../directory/session.ts';
import type { AwsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type CheckedSessionPolicies, checkSessionPolicies } from '../../sessions/session-policies.ts';
import { refuse, type StsCall, type StsDependencies } from './call.ts';
import type { StsInputs } from './generated/sts.ts';

/** Tags of a session that is made, and those that an earlier session of a chain hands on. */
export type SessionTags = Required<Pick<Session, 'tags' | 'transitiveTagKeys'>>;

/** What a call passes to a new session; the operations have parts of it. */
export type SessionInput = Pick<
  StsInputs['AssumeRole'],
  'DurationSeconds' | 'Policy' | 'PolicyArns' | 'Tags' | 'TransitiveTagKeys'
>;

type SessionCall = StsCall<SessionInput>;

/** From now on for so many seconds, or for the default; whole seconds, as in the response. */
export function lifetime(
  { input: { DurationSeconds: seconds }, receivedAt }: SessionCall,
  defaultSeconds: number,
): Pick<Session, 'issuedAt' | 'expiresAt'> {
  const issuedAt = Math.floor(receivedAt / 1000) * 1000;
  return { issuedAt, expiresAt: issuedAt + (seconds ?? defaultSeconds) * 1000 };
}

/** The policies that the call passes, held against AWS's limits together with its tags. */
export function passedPolicies(
  { input: { Policy, PolicyArns: descriptors = [] } }: SessionCall,
  { directory }: StsDependencies,
  tags: Readonly<Record<string, string>>,
): Result<CheckedSessionPolicies, AwsError> {
  const arns = descriptors.flatMap(({ arn }) => arn ?? []);
  // A policy that was meant to restrict and cannot be found is not left out.
  if (arns.length < descriptors.length)
    return refuse('ValidationError', 'PolicyArns: a policy is given without its arn.');
  return checkSessionPolicies(directory, Policy, arns, tags);
}

/**
 * The tags that the call passes, and those that came along a chain of roles and cannot be changed.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
export function passedTags({ input, caller: { session } }: SessionCall): Result<SessionTags, AwsError> {
  const { Tags: pairs = [], TransitiveTagKeys: transitive = [] } = input;
  const keys = pairs.map(({ Key }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length)
    return refuse(
      'ValidationError',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  if (keys.some((key) => key.startsWith('aws:')))
    return refuse('ValidationError', 'Tag keys that begin with aws: are reserved for AWS.');
  if (transitive.some((key) => !keys.includes(key.toLowerCase())))
    return refuse(
      'ValidationError',
      'The specified transitive tag key must be included in the requested tags.',
    );
  const inherited = inheritedTags(session);
  if (inherited.transitiveTagKeys.some((key) => keys.includes(key.toLowerCase())))
    return refuse(
      'ValidationError',
      "One of the specified tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  const passed = Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value]));
  return ok({
    tags: withSessionTags(inherited.tags, passed),
    transitiveTagKeys: [...inherited.transitiveTagKeys, ...transitive],
  });
}

function inheritedTags({ tags = {}, transitiveTagKeys = [] }: Partial<Session> = {}): SessionTags {
  const handedOn = new Set(transitiveTagKeys.map((key) => key.toLowerCase()));
  return {
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => handedOn.has(key.toLowerCase()))),
    transitiveTagKeys,
  };
}

/** Tags and policies of a session that is made; the first diagnostic of them. */
export function passedWith(
  call: SessionCall,
  deps: StsDependencies,
): Result<CheckedSessionPolicies & SessionTags, AwsError> {
  const tags = passedTags(call);
  if (!tags.ok) return tags;
  const policies = passedPolicies(call, deps, tags.value.tags);
  return policies.ok ? ok({ ...policies.value, ...tags.value }) : err(policies.error);
}

/** What of it the session keeps: what is empty is left out, for tokens travel with every request. */
export const storedMembers = ({
  policies,
  tags,
  transitiveTagKeys,
}: CheckedSessionPolicies & SessionTags): Pick<Session, 'policies' | 'tags' | 'transitiveTagKeys'> => ({
  ...(policies && { policies }),
  ...(Object.keys(tags).length > 0 && { tags }),
  ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
});

/** As STS spells credentials. */
export const credentialsOutput = ({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: TemporaryCredentials): Readonly<Record<string, unknown>> => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: sessionToken,
  Expiration: expiration,
});
