import type { AccountId } from '../lib/identifiers.ts';
import type { Policy } from '../policy/ast.ts';

/** A parsed policy with its name. */
export interface NamedPolicy {
  /**
   * The name used in records and messages: of the managed policy, of the inline policy, or `p` of the `evaluate`
   * contract.
   */
  readonly name: string;
  /** For managed policies. */
  readonly arn?: string;
  /** Path to display, relative to the working directory where possible. */
  readonly file?: string;
  /** The document as JSON, as originally written; absent if the policy was not read from a file or an object. */
  readonly written?: () => string;
  readonly policy: Policy;
}

/**
 * The policies that apply to one principal, by layer. A layer that is absent does not restrict; an empty level of
 * service control policies allows nothing.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export interface PolicySet {
  /** Managed and inline policies of the user and its groups, or of the role. */
  readonly identity: readonly NamedPolicy[];
  readonly permissionsBoundary?: NamedPolicy;
  /** Session policies; `undefined` if none were passed. */
  readonly session?: readonly NamedPolicy[];
  /** Root first; every level must allow. */
  readonly serviceControl?: readonly (readonly NamedPolicy[])[];
  /** Root first; RCPFullAWSAccess is implied at every level. */
  readonly resourceControl?: readonly (readonly NamedPolicy[])[];
  readonly resourcePolicy?: { readonly policy: NamedPolicy; readonly account: AccountId };
}
