import type { WildcardPattern } from '../lib/wildcard.ts';
import type { PlacedStatement } from './placed-statement.ts';
import type { Query } from './query.ts';
import { matchesResourcePattern, type ResourcePattern } from './resource.ts';
import { actionMatches, failingCondition, principalMatches, resourceMatches } from './statement.ts';

/**
 * The part of the statement that the index lookup has not already matched; `undefined` if the lookup matched all of
 * it.
 */
export type Test = ((query: Query) => boolean) | undefined;

/** A statement that may match, and the tests that remain. */
export interface Candidate {
  readonly placed: PlacedStatement;
  readonly actionTest: Test;
  readonly resourceTest: Test;
}

/** Key of a candidate in an index: an exact string, or the literal prefix of a pattern. */
export type Key = { readonly exact: string } | { readonly prefix: string };

/** An index entry of a statement, and the test that its key does not cover. */
export interface Entry {
  readonly key: Key;
  readonly test: Test;
}

const EVERYWHERE: Key = { prefix: '' };

export const wholeAction =
  ({ statement }: PlacedStatement): Test =>
  (query) =>
    actionMatches(statement, query);

export const wholeResource = ({ statement }: PlacedStatement): Test =>
  statement.resource === undefined ? undefined : (query) => resourceMatches(statement, query);

/** The entries of a statement in an index by action, except for the patterns that must be searched. */
export function actionEntries(placed: PlacedStatement): readonly Entry[] {
  const { negated, exact, patterns } = placed.statement.action;
  if (negated) return [{ key: EVERYWHERE, test: wholeAction(placed) }];
  return [
    ...[...exact].map((action): Entry => ({ key: { exact: action }, test: undefined })),
    ...patterns
      .filter(({ shape }) => shape === 'prefix')
      .map(({ prefix }): Entry => ({ key: { prefix }, test: undefined })),
  ];
}

/** The action patterns of a statement that no key covers, such as `personalize:*Campaign`. */
export const searchedPatterns = ({ statement }: PlacedStatement): readonly WildcardPattern[] =>
  statement.action.negated ? [] : statement.action.patterns.filter(({ shape }) => shape === 'general');

/** The entries of a statement in an index by resource. */
export function resourceEntries(placed: PlacedStatement): readonly Entry[] {
  const { resource } = placed.statement;
  if (resource === undefined || resource.negated) return [{ key: EVERYWHERE, test: wholeResource(placed) }];
  return resource.patterns.map(resourceEntry);
}

function resourceEntry(pattern: ResourcePattern): Entry {
  if (pattern.kind === 'fixed' && pattern.pattern.shape === 'exact')
    return { key: { exact: pattern.pattern.prefix }, test: undefined };
  if (pattern.kind === 'fixed' && pattern.pattern.shape === 'prefix')
    return { key: { prefix: pattern.pattern.prefix }, test: undefined };
  const { prefix } = pattern.kind === 'fixed' ? pattern.pattern : pattern;
  return {
    key: { prefix },
    test: ({ resource, context }) => matchesResourcePattern(pattern, resource, context),
  };
}

/** Whether a candidate matches: the tests that remain after the lookup, then principal and conditions. */
export function candidateMatches({ placed, actionTest, resourceTest }: Candidate, query: Query): boolean {
  return (
    (actionTest === undefined || actionTest(query)) &&
    (resourceTest === undefined || resourceTest(query)) &&
    principalMatches(placed.statement, query) &&
    failingCondition(placed.statement, query) === undefined
  );
}
