import { matchesPattern, parsePattern, type WildcardPattern } from '../lib/wildcard.ts';
import type { Statement } from '../policy/ast.ts';

/**
 * The Action or NotAction of a statement. Prefix and name are compared ignoring case; `*` and `?` are the only
 * characters with a meaning (a dot is a dot).
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export interface ActionMatcher {
  readonly negated: boolean;
  /** In lower case. */
  readonly exact: ReadonlySet<string>;
  /** In lower case. */
  readonly patterns: readonly WildcardPattern[];
}

export function compileAction({ element, patterns }: Statement['action']): ActionMatcher {
  const parsed = patterns.map(({ text }) => parsePattern(text.toLowerCase()));
  return {
    negated: element === 'NotAction',
    exact: new Set(parsed.filter(({ shape }) => shape === 'exact').map(({ prefix }) => prefix)),
    patterns: parsed.filter(({ shape }) => shape !== 'exact'),
  };
}

/** Whether the matcher matches an action, given in lower case. */
export function matchesAction({ negated, exact, patterns }: ActionMatcher, action: string): boolean {
  const named = exact.has(action) || patterns.some((pattern) => matchesPattern(pattern, action));
  return named !== negated;
}
