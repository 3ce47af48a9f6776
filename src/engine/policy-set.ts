import type { Policy } from '../policy/ast.ts';

/** A parsed policy and what people call it. */
export interface NamedPolicy {
  /** As records and messages name it: a managed policy's name, an inline policy's name, `p` of the `evaluate` contract. */
  readonly name: string;
  /** Of a managed policy. */
  readonly arn?: string;
  /** As people open it, relative to the working folder where possible. */
  readonly file?: string;
  /** The document as JSON, as it was written; absent where the policy was not read from a file or an object. */
  readonly written?: () => string;
  readonly policy: Policy;
}

/**
 * The policies that bear on one principal, by layer. An absent layer does not restrict; an empty level of service
 * control policies allows nothing.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export interface PolicySet {
  /** Managed and inline policies of the user and its groups, or of the role. */
  readonly identity: readonly NamedPolicy[];
  readonly permissionsBoundary?: NamedPolicy;
  /** The policies passed when the session was made; `undefined` where none were passed. */
  readonly session?: readonly NamedPolicy[];
  /** Root first; every level must allow. */
  readonly serviceControl?: readonly (readonly NamedPolicy[])[];
  /** Root first; RCPFullAWSAccess is implied at every level. */
  readonly resourceControl?: readonly (readonly NamedPolicy[])[];
  readonly resourcePolicy?: { readonly policy: NamedPolicy; readonly account: string };
}
