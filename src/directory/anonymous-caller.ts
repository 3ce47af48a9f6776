import { compile } from '../engine/compile.ts';
import type { Caller, Directory } from './directory.ts';

/**
 * The caller of an unsigned request. It belongs to no account: only the resource's own policy and resource control
 * policies apply to it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
 */
export function anonymousCaller({ organization }: Directory): Caller {
  const { resourceControlPolicies: resourceControl } = organization ?? {};
  const policySet = { identity: [], ...(resourceControl && { resourceControl }) };
  return {
    principal: { type: 'Anonymous' },
    userId: 'anonymous',
    tags: {},
    policySet,
    policies: compile(policySet),
  };
}
