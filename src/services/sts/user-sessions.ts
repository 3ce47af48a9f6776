import type { Directory, User } from '../../directory/directory.ts';
import { formatArn } from '../../lib/arn.ts';
import { ok } from '../../lib/result.ts';
import { refuse, type StsCall, type StsHandler } from './call.ts';
import { credentialsOutput, lifetime, passedWith, storedMembers } from './session-input.ts';

/** Twelve hours. */
const DEFAULT_SECONDS = 43_200;

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
export const getSessionToken: StsHandler<'GetSessionToken'> = async (call, { directory, credentials }) => {
  const user = userOf(call, directory);
  if (user === undefined) return NO_USER;
  const issued = await credentials.issue({
    kind: 'SessionToken',
    accountId: directory.account,
    holder: { name: user.name, id: user.id },
    ...lifetime(call, DEFAULT_SECONDS),
    ...(call.mfaAt !== undefined && { mfaAt: call.mfaAt }),
  });
  return ok({ Credentials: credentialsOutput(issued) });
};

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
export const getFederationToken: StsHandler<'GetFederationToken'> = async (call, deps) => {
  const { directory, credentials } = deps;
  const user = userOf(call, directory);
  if (user === undefined) return NO_USER;
  const passed = passedWith(call, deps);
  if (!passed.ok) return passed;
  const { account, partition } = directory;
  const { Name: name } = call.input;
  const issued = await credentials.issue({
    kind: 'FederatedUser',
    accountId: account,
    holder: { name: user.name, id: user.id },
    sessionName: name,
    ...lifetime(call, DEFAULT_SECONDS),
    ...storedMembers(passed.value),
  });
  const arn = formatArn({
    partition,
    service: 'sts',
    region: '',
    account,
    resource: `federated-user/${name}`,
  });
  return ok({
    Credentials: credentialsOutput(issued),
    FederatedUser: { FederatedUserId: `${account}:${name}`, Arn: arn },
    PackedPolicySize: passed.value.packedPolicySize,
  });
};

const NO_USER = refuse('AccessDeniedException', 'Only a user with an access key can ask for this.');

const userOf = (
  { caller: { principal } }: Pick<StsCall, 'caller'>,
  { users }: Directory,
): User | undefined => (principal.type === 'User' ? users.get(principal.userName) : undefined);
