import type { CompiledPolicies } from '../engine/compile.ts';
import type { PolicySet } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import { memoizeFor } from '../lib/memoize.ts';
import type { Directory, Organization, Role, Tags, User, VpcEndpoint } from './directory.ts';
import type { Session, WebIdentity } from './session.ts';

/** The authenticated caller of a request: what policies, records and context keys need. */
export interface Caller {
  readonly principal: Principal;
  /** `aws:userid` */
  readonly userId: string;
  /** `aws:PrincipalTag/*` */
  readonly tags: Tags;
  /** Absent if the account is not in an organization. */
  readonly organization?: Pick<Organization, 'id' | 'path'>;
  readonly vpcEndpoint?: VpcEndpoint;
  readonly policySet: PolicySet;
  readonly policies: CompiledPolicies;
  /** For temporary credentials. */
  readonly session?: Session;
  /** For a caller without credentials that requests a role with an identity token. */
  readonly webIdentity?: WebIdentity;
}

/** A user of the directory, calling with a long-term access key. The same object for each call. */
export const userCaller = (directory: Directory, user: User): Caller => callersOf(directory)(user);

const callersOf = memoizeFor((directory: Directory) =>
  memoizeFor((user: User) => makeCaller(directory, user)),
);

function makeCaller(directory: Directory, user: User): Caller {
  return {
    principal: { type: 'User', arn: user.arn, accountId: directory.account, userName: user.name },
    userId: user.id,
    tags: user.tags,
    ...environmentOf(directory, user),
    policySet: directory.policySetOf(user),
    policies: directory.policiesOf(user),
  };
}

/** The context that all calls of a user or role have in common. */
export const environmentOf = (
  { organization }: Directory,
  { vpcEndpoint }: User | Role,
): Pick<Caller, 'organization' | 'vpcEndpoint'> => ({
  ...(organization && { organization }),
  ...(vpcEndpoint && { vpcEndpoint }),
});
