import { type AccountId, accountId } from '../lib/identifiers.ts';

const ACCOUNT = /^\d{12}$/;

/**
 * The account that owns a resource, from its ARN; `undefined` for `*`, for ARNs without an account (S3) and for
 * resources that AWS owns (`arn:aws:personalize:::recipe/…`, `arn:aws:iam::aws:policy/…`).
 */
export function ownerOf(resource: string): AccountId | undefined {
  // Does not parse the whole ARN, because every decision calls this.
  let start = 0;
  for (let colons = 0; colons < 4; colons += 1) {
    start = resource.indexOf(':', start) + 1;
    if (start === 0) return undefined;
  }
  const account = resource.slice(start, resource.indexOf(':', start));
  return ACCOUNT.test(account) ? accountId(account) : undefined;
}

/**
 * Actions on resources whose own policy must grant even within the same account: role trust policies and KMS key
 * policies.
 */
const OWN_POLICY_DECIDES: readonly { readonly service: string; readonly resource: RegExp }[] = [
  { service: 'sts:', resource: /^arn:[^:]+:iam::\d{12}:role\// },
  { service: 'kms:', resource: /^arn:[^:]+:kms:[^:]*:\d{12}:key\// },
];

/**
 * Whether the resource's own policy, if there is one, must grant the action even to callers of its own account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export const ownPolicyDecides = (action: string, resource: string): boolean =>
  OWN_POLICY_DECIDES.some(
    (row) => action.toLowerCase().startsWith(row.service) && row.resource.test(resource),
  );

/** Whether the action assumes a role: the resource's policy is then a trust policy. */
export const isRoleAssumption = (action: string, resource: string): boolean =>
  action.toLowerCase().startsWith('sts:') && ownPolicyDecides(action, resource);
