import type { Statement } from '../../policy/ast.ts';

/** How often something was used by recorded checks. */
export interface Uses {
  /** By checks that were allowed: an Allow that they needed, in whichever layer. */
  readonly allowed: number;
  /** By checks that were denied because of it: a Deny that matched. */
  readonly denied: number;
  /** By checks that AWS may make and does not document, allowed or denied. */
  readonly undocumented: number;
}

/** One text of an Action or a Resource. Those of NotAction and NotResource are what is left out: they count with their statement. */
export interface PatternCoverage extends Uses {
  readonly element: 'Action' | 'Resource';
  readonly pattern: string;
  /** What it matched: actions or ARNs, sorted, at most ten. */
  readonly matched: readonly string[];
  /** 1-based, as `column` is; both absent for policies without a file. */
  readonly line?: number;
  readonly column?: number;
}

export interface StatementCoverage extends Uses {
  /** 0-based. */
  readonly statement: number;
  readonly sid?: string;
  readonly effect: Statement['effect'];
  readonly line?: number;
  readonly patterns: readonly PatternCoverage[];
}

/** Statements and patterns that can be used, and those that were. */
export interface Share {
  readonly elements: number;
  readonly used: number;
  /** From 0 to 100, one decimal; 100 if there is nothing to use. */
  readonly percent: number;
}

export interface PolicyCoverage extends Share {
  readonly policy: string;
  readonly file?: string;
  /** ARNs of users, groups and roles, and the organization's id. */
  readonly attachedTo: readonly string[];
  readonly statements: readonly StatementCoverage[];
}

/** An Allow of an identity-based policy that a principal has and did not use as a whole or in part. */
export interface UnusedGrant {
  readonly policy: string;
  readonly statement: number;
  readonly sid?: string;
  readonly file?: string;
  readonly line?: number;
  /** Whether nothing of the statement was used. */
  readonly whole: boolean;
  /** The patterns that no call of this principal used. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

export interface PrincipalCoverage {
  /** `user/alice`, `role/recommender` */
  readonly principal: string;
  /** Checks that were recorded of it. */
  readonly checks: number;
  readonly unused: readonly UnusedGrant[];
}

/** What recorded calls used of the policies of a directory. */
export interface Coverage extends Share {
  /** The least covered first. */
  readonly policies: readonly PolicyCoverage[];
  readonly principals: readonly PrincipalCoverage[];
  readonly decisions: number;
  readonly checks: number;
  /** Sentences about recorded checks that could not be asked again: their callers are gone. */
  readonly unasked: readonly string[];
}

/** Whether anything was used at all. */
export const isUsed = ({ allowed, denied, undocumented }: Uses): boolean =>
  allowed + denied + undocumented > 0;

export function shareOf(statements: readonly StatementCoverage[]): Share {
  const elements = statements.flatMap((statement) => [statement, ...statement.patterns]);
  return shareOfCounts(elements.length, elements.filter(isUsed).length);
}

export const shareOfCounts = (elements: number, used: number): Share => ({
  elements,
  used,
  percent: elements === 0 ? 100 : Math.floor((1000 * used) / elements) / 10,
});
