import type { Directory, Role } from '../../directory/directory.ts';
import { formatArn } from '../../lib/arn.ts';
import { arnOf } from '../../lib/identifiers.ts';
import { ok } from '../../lib/result.ts';
import { refuse, type StsCall, type StsDependencies, type StsHandler, type StsOutput } from './call.ts';
import type { StsInputs } from './generated/sts.ts';
import {
  credentialsOutput,
  lifetime,
  passedWith,
  type SessionInput,
  storedMembers,
} from './session-input.ts';

const DEFAULT_SECONDS = 3600;
/** However long the role allows. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const MOST_CHAINED_SECONDS = 3600;

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole: StsHandler<'AssumeRole'> = (call, deps) => {
  const isChained = call.caller.session?.kind === 'AssumedRole';
  return call.caller.principal.type === 'Root'
    ? refuse('AccessDeniedException', 'Roles may not be assumed by root accounts.')
    : issueSession(call, deps, isChained);
};

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export const assumeRoleWithWebIdentity: StsHandler<'AssumeRoleWithWebIdentity'> = async (call, deps) => {
  const { webIdentity } = call.caller;
  if (webIdentity === undefined) return refuse('InvalidIdentityToken', 'The call has no identity token.');
  const issued = await issueSession(call, deps, false);
  if (!issued.ok) return issued;
  return ok({
    ...issued.value,
    SubjectFromWebIdentityToken: webIdentity.subject,
    Provider: webIdentity.federation.provider,
    Audience: webIdentity.audience,
  });
};

type RoleInput = SessionInput &
  Pick<StsInputs['AssumeRole'], 'RoleArn' | 'RoleSessionName' | 'SourceIdentity'>;

/** Reached only after the trust policy and identity policies allowed the call. */
async function issueSession(
  call: StsCall<RoleInput>,
  deps: StsDependencies,
  isChained: boolean,
): Promise<StsOutput> {
  const { input, caller, mfaAt } = call;
  const { directory, credentials } = deps;
  const role = directory.roleByArn(arnOf(input.RoleArn));
  if (role === undefined) return refuse('AccessDeniedException', 'The role is gone.');
  const { RoleSessionName: sessionName, SourceIdentity: sourceIdentity } = input;
  const { DurationSeconds: seconds = DEFAULT_SECONDS } = input;
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
  const issued = await credentials.issue({
    kind: 'AssumedRole',
    accountId: directory.account,
    holder: { name: role.name, id: role.id },
    sessionName,
    ...lifetime(call, DEFAULT_SECONDS),
    ...(mfaAt !== undefined && { mfaAt }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(caller.webIdentity && { federation: caller.webIdentity.federation }),
    ...storedMembers(passed.value),
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
