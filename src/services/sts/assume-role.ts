import type { Directory, Role } from '../../directory/directory.ts';
import { formatArn } from '../../lib/arn.ts';
import { ok } from '../../lib/result.ts';
import { refuse, type StsCall, type StsDependencies, type StsOperation, type StsOutput } from './call.ts';
import { credentialsOutput, kept, lifetime, passedWith } from './session-input.ts';

const DEFAULT_SECONDS = 3600;
/** However long the role allows. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const MOST_CHAINED_SECONDS = 3600;

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole: StsOperation = (call, deps) => {
  const isChained = call.caller.session?.kind === 'AssumedRole';
  return call.caller.principal.type === 'Root'
    ? refuse('AccessDeniedException', 'Roles may not be assumed by root accounts.')
    : giveSession(call, deps, isChained);
};

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export const assumeRoleWithWebIdentity: StsOperation = async (call, deps) => {
  const { webIdentity } = call.caller;
  if (webIdentity === undefined) return refuse('InvalidIdentityToken', 'The call brought no identity token.');
  const given = await giveSession(call, deps, false);
  if (!given.ok) return given;
  return ok({
    ...given.value,
    SubjectFromWebIdentityToken: webIdentity.subject,
    Provider: webIdentity.federation.provider,
    Audience: webIdentity.audience,
  });
};

/** Reached only after the trust policy and identity policies allowed the call. */
async function giveSession(call: StsCall, deps: StsDependencies, isChained: boolean): Promise<StsOutput> {
  const { input, caller, mfaAt } = call;
  const { directory, credentials } = deps;
  const role = directory.roleByArn(String(input.RoleArn));
  if (role === undefined) return refuse('AccessDeniedException', 'The role is gone.');
  const seconds = Number(input.DurationSeconds ?? DEFAULT_SECONDS);
  if (seconds > role.maxSessionDuration)
    return refuse(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  if (isChained && seconds > MOST_CHAINED_SECONDS)
    return refuse(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  const passed = passedWith(call, deps);
  if (!passed.ok) return passed;
  const sessionName = String(input.RoleSessionName);
  const sourceIdentity = typeof input.SourceIdentity === 'string' ? input.SourceIdentity : undefined;
  const issued = await credentials.issue({
    kind: 'AssumedRole',
    accountId: directory.account,
    holder: { name: role.name, id: role.id },
    sessionName,
    ...lifetime(call, DEFAULT_SECONDS),
    ...(mfaAt !== undefined && { mfaAt }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(caller.webIdentity && { federation: caller.webIdentity.federation }),
    ...kept(passed.value),
  });
  return ok({
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: sessionArn(directory, role, sessionName),
    },
    Credentials: credentialsOutput(issued),
    PackedPolicySize: passed.value.packedPolicySize,
    SourceIdentity: sourceIdentity,
  });
}

/** The role's path is dropped. */
const sessionArn = ({ account, partition }: Directory, { name }: Role, sessionName: string): string =>
  formatArn({
    partition,
    service: 'sts',
    region: '',
    account,
    resource: `assumed-role/${name}/${sessionName}`,
  });
