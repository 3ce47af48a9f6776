/** A position in the source of a policy; both numbers are 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A string in a policy and its position (absent for policies that were not read from a file). */
export interface Located {
  readonly text: string;
  readonly position?: Position;
}

/**
 * A parsed policy document: every single value is a list, every scalar a string.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export interface Policy {
  /** A missing version means 2008-10-17: policy variables are then literal text. */
  readonly version: '2008-10-17' | '2012-10-17';
  readonly id?: Located;
  readonly statements: readonly Statement[];
  /** Length of the document in characters without white space, which AWS's size quotas limit. */
  readonly size: number;
}

export interface Statement {
  /** 0-based position in the document. */
  readonly index: number;
  readonly sid?: Located;
  readonly effect: 'Allow' | 'Deny';
  /** Only in resource-based and trust policies. */
  readonly principal?: PrincipalElement;
  readonly action: PatternElement<'Action' | 'NotAction'>;
  /** Absent in trust policies only. */
  readonly resource?: PatternElement<'Resource' | 'NotResource'>;
  readonly conditions: readonly Condition[];
  readonly position?: Position;
}

export interface PatternElement<Element extends string> {
  readonly element: Element;
  readonly patterns: readonly Located[];
}

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

export interface PrincipalElement {
  readonly element: 'Principal' | 'NotPrincipal';
  /** `"*"` alone is parsed as `{ type: 'AWS', value: '*' }`. */
  readonly entries: readonly { readonly type: PrincipalType; readonly value: Located }[];
  /**
   * Whether the only entry is written as a list, `{"AWS": ["*"]}`, which AWS rejects in a resource control policy.
   */
  readonly listOfOne?: true;
}

/** One operator on one key: `"StringLike": { "aws:username": ["a*", "b"] }`. Conditions of a statement are ANDed. */
export interface Condition {
  /** Without set operator and `IfExists`, as AWS spells it: `StringEquals`, `Null`, … */
  readonly operator: ConditionOperator;
  readonly qualifier?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
  /** Spelled as in the document; compared ignoring case. */
  readonly key: Located;
  readonly values: readonly Located[];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const CONDITION_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Null',
] as const;

export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];
