import type { NamedPolicy } from '../engine/policy-set.ts';
import type { PolicyUse } from './directory.ts';

/**
 * AWS Organizations attaches these itself; a list may name them. RCPFullAWSAccess is implied at every level, so
 * naming it has no effect.
 */
export const ORGANIZATION_DEFAULTS: Readonly<Partial<Record<PolicyUse, string>>> = {
  serviceControl: 'FullAWSAccess',
  resourceControl: 'RCPFullAWSAccess',
};

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html */
export const FULL_AWS_ACCESS: NamedPolicy = {
  name: 'FullAWSAccess',
  arn: 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
  policy: {
    version: '2012-10-17',
    statements: [
      {
        index: 0,
        effect: 'Allow',
        action: { element: 'Action', patterns: [{ text: '*' }] },
        resource: { element: 'Resource', patterns: [{ text: '*' }] },
        conditions: [],
      },
    ],
    size: 85,
  },
};
