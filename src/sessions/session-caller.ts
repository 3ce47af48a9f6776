import { type Caller, environmentOf } from '../directory/caller.ts';
import type { Directory, Role, User } from '../directory/directory.ts';
import { type Session, withSessionTags } from '../directory/session.ts';
import { compile } from '../engine/compile.ts';
import type { PolicySet } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import { type Arn, arnOf } from '../lib/identifiers.ts';
import { sessionPolicies } from './session-policies.ts';

/** Cached for as long as session and directory are the same: the policies of a session are compiled once. */
const known = new WeakMap<Session, { readonly directory: Directory; readonly caller: Caller }>();

/**
 * The caller of temporary credentials, with the current permissions of the role or user, limited by the session
 * policies; `undefined` if the role or user no longer exists.
 */
export function sessionCaller(directory: Directory, session: Session): Caller | undefined {
  const found = known.get(session);
  if (found?.directory === directory) return found.caller;
  const holder = holderOf(directory, session);
  if (holder === undefined) return undefined;
  const caller = makeCaller(directory, session, holder);
  known.set(session, { directory, caller });
  return caller;
}

/** Compares the ID as well: a principal of the same name but with another ID is a different one. */
function holderOf(
  { account, users, roles }: Directory,
  { accountId, kind, holder }: Session,
): User | Role | undefined {
  const found = (kind === 'AssumedRole' ? roles : users).get(holder.name);
  return found?.id === holder.id && accountId === account ? found : undefined;
}

function makeCaller(directory: Directory, session: Session, holder: User | Role): Caller {
  const { principal, userId } = identityOf(directory, session, holder);
  const own = directory.policySetOf(holder);
  const { policies: passed } = session;
  const policySet: PolicySet = passed ? { ...own, session: sessionPolicies(directory, passed) } : own;
  return {
    principal,
    userId,
    tags: withSessionTags(holder.tags, session.tags),
    ...environmentOf(directory, holder),
    policySet,
    policies: passed ? compile(policySet) : directory.policiesOf(holder),
    session,
  };
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
function identityOf(
  { account, partition }: Directory,
  { kind, sessionName = '' }: Session,
  holder: User | Role,
): { readonly principal: Principal; readonly userId: string } {
  const sessionArn = (type: string): Arn => arnOf(`arn:${partition}:sts::${account}:${type}/${sessionName}`);
  switch (kind) {
    case 'AssumedRole':
      return {
        principal: {
          type: kind,
          arn: sessionArn(`assumed-role/${holder.name}`),
          accountId: account,
          roleArn: holder.arn,
          sessionName,
        },
        userId: `${holder.id}:${sessionName}`,
      };
    case 'FederatedUser':
      return {
        principal: { type: kind, arn: sessionArn('federated-user'), accountId: account },
        userId: `${account}:${sessionName}`,
      };
    case 'SessionToken':
      return {
        principal: { type: 'User', arn: holder.arn, accountId: account, userName: holder.name },
        userId: holder.id,
      };
  }
}
