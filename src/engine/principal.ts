import type { AccountId, Arn } from '../lib/identifiers.ts';
/**
 * The principal of a request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Principal =
  | { readonly type: 'User'; readonly arn: Arn; readonly accountId: AccountId; readonly userName: string }
  | {
      readonly type: 'AssumedRole';
      /** The session: `arn:aws:sts::ACCT:assumed-role/ROLE/SESSION` (without the role's path). */
      readonly arn: Arn;
      readonly accountId: AccountId;
      /** The role, with its path. */
      readonly roleArn: Arn;
      readonly sessionName: string;
    }
  | { readonly type: 'FederatedUser'; readonly arn: Arn; readonly accountId: AccountId }
  | { readonly type: 'Root'; readonly arn: Arn; readonly accountId: AccountId }
  /** An AWS service, e.g. `personalize.amazonaws.com`. */
  | { readonly type: 'Service'; readonly service: string }
  /** A web identity that requests a role: the provider's ARN or well-known name. */
  | { readonly type: 'WebIdentity'; readonly provider: string }
  | { readonly type: 'Anonymous' };

/** How messages and traces name a caller: its ARN if it has one. */
export function nameOf(principal: Principal): string {
  if ('arn' in principal) return principal.arn;
  if (principal.type === 'Service') return principal.service;
  return principal.type === 'WebIdentity' ? principal.provider : 'anonymous';
}

/** Values of `aws:PrincipalType`; other callers do not have the key. */
export const PRINCIPAL_TYPES: Readonly<Partial<Record<Principal['type'], string>>> = {
  Root: 'Account',
  User: 'User',
  FederatedUser: 'FederatedUser',
  AssumedRole: 'AssumedRole',
  Anonymous: 'Anonymous',
};

const SERVICE_LINKED = /^arn:[^:]*:iam::[^:]*:role\/aws-service-role\//;

/**
 * Whether the caller is a session of a service-linked role, which the role's path shows.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
export const isServiceLinked = (principal: Principal): boolean =>
  principal.type === 'AssumedRole' && SERVICE_LINKED.test(principal.roleArn);
