/** The type of a policy, which determines the rules for it. */
export type PolicyKind =
  | 'managed'
  | 'permissionsBoundary'
  | 'inline'
  | 'session'
  | 'serviceControl'
  | 'resourceControl'
  | 'trust'
  | 'resource';

/** In characters without white space. `default` is the quota of every account; it can be raised up to `most`. */
export interface SizeLimit {
  readonly default: number;
  readonly most: number;
}

const fixed = (characters: number): SizeLimit => ({ default: characters, most: characters });

/**
 * The maximum length of a document of each kind. Inline policies are limited in total (`INLINE_SIZE_LIMITS`),
 * policies of other services' resources by those services.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const SIZE_LIMITS: Readonly<Record<PolicyKind, SizeLimit | undefined>> = {
  managed: fixed(6144),
  permissionsBoundary: fixed(6144),
  inline: undefined,
  session: fixed(2048),
  serviceControl: fixed(10_240),
  resourceControl: fixed(5120),
  trust: { default: 2048, most: 8192 },
  resource: undefined,
};

/** The maximum total length of an identity's inline policies, in characters without white space. */
export const INLINE_SIZE_LIMITS = { user: 2048, group: 5120, role: 10_240 } as const;
