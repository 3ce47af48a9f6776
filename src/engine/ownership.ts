import { parseArn } from '../lib/arn.ts';

/**
 * The account that owns a resource, as its ARN names it; `undefined` for `*`, for ARNs without an account (S3) and for
 * what AWS itself owns (`arn:aws:personalize:::recipe/…`, `arn:aws:iam::aws:policy/…`).
 */
export function ownerOf(resource: string): string | undefined {
  const account = parseArn(resource)?.account;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** Actions on resources whose own policy must grant, in the same account too: role trust policies and KMS key policies. */
const OWN_POLICY_DECIDES: readonly { readonly action: RegExp; readonly resource: RegExp }[] = [
  { action: /^sts:/i, resource: /^arn:[^:]+:iam::\d{12}:role\// },
  { action: /^kms:/i, resource: /^arn:[^:]+:kms:[^:]*:\d{12}:key\// },
];

/**
 * Whether the resource's own policy, where there is one, must grant the action even to its own account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export const ownPolicyDecides = (action: string, resource: string): boolean =>
  OWN_POLICY_DECIDES.some((row) => row.action.test(action) && row.resource.test(resource));

/** Whether the resource is a role that is being assumed: its own policy is then called a trust policy. */
export const isRoleAssumption = (action: string, resource: string): boolean =>
  /^sts:/i.test(action) && ownPolicyDecides(action, resource);
