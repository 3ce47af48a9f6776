/**
 * Who makes a request, as policies see it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Principal =
  | { readonly type: 'User'; readonly arn: string; readonly accountId: string; readonly userName: string }
  | {
      readonly type: 'AssumedRole';
      /** The session: `arn:aws:sts::ACCT:assumed-role/ROLE/SESSION` (the role's path is dropped). */
      readonly arn: string;
      readonly accountId: string;
      /** The role, with its path. */
      readonly roleArn: string;
      readonly sessionName: string;
    }
  | { readonly type: 'FederatedUser'; readonly arn: string; readonly accountId: string }
  | { readonly type: 'Root'; readonly arn: string; readonly accountId: string }
  /** An AWS service, e.g. `personalize.amazonaws.com`. */
  | { readonly type: 'Service'; readonly service: string }
  /** A web identity that asks for a role: the provider's ARN or well-known name. */
  | { readonly type: 'WebIdentity'; readonly provider: string }
  | { readonly type: 'Anonymous' };

/** How messages and traces name a caller: by ARN where it has one. */
export function nameOf(principal: Principal): string {
  if ('arn' in principal) return principal.arn;
  if (principal.type === 'Service') return principal.service;
  return principal.type === 'WebIdentity' ? principal.provider : 'anonymous';
}

/** `aws:PrincipalType` in AWS's words; other callers do not have the key. */
export const PRINCIPAL_TYPES: Readonly<Partial<Record<Principal['type'], string>>> = {
  Root: 'Account',
  User: 'User',
  FederatedUser: 'FederatedUser',
  AssumedRole: 'AssumedRole',
  Anonymous: 'Anonymous',
};

const SERVICE_LINKED = /^arn:[^:]*:iam::[^:]*:role\/aws-service-role\//;

/**
 * Whether the caller is a role of a service's own, which its path tells.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
export const isServiceLinked = (principal: Principal): boolean =>
  principal.type === 'AssumedRole' && SERVICE_LINKED.test(principal.roleArn);
