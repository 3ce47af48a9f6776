import { memoize, memoizeFor } from '../lib/memoize.ts';
import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import type { ActionDescription, ActionReference } from './action-reference.ts';
import type { Located } from './ast.ts';

/** An AWS action that a pattern of a policy matches. */
export interface NamedAction {
  /** `personalize:CreateCampaign` */
  readonly action: string;
  /** Absent if the reference has only the action's name. */
  readonly description?: ActionDescription;
}

/**
 * The actions that a pattern matches, ignoring case; `undefined` for a pattern that spans all services or an unknown
 * one.
 */
export const namedActions = (
  pattern: string,
  reference: ActionReference,
): readonly NamedAction[] | undefined => knownOf(reference).named(pattern);

/** The same patterns, and the same lists of them, recur in the policies of an account. */
const MOST_KNOWN = 5000;

const knownOf = memoizeFor((reference: ActionReference) => ({
  named: memoize(MOST_KNOWN, (pattern) => findNamed(pattern, reference)),
  described: memoize(MOST_KNOWN, (patterns) => findDescribed(patterns.split('\n'), reference)),
}));

function findNamed(pattern: string, reference: ActionReference): readonly NamedAction[] | undefined {
  const colon = pattern.indexOf(':');
  const service = pattern.slice(0, Math.max(colon, 0)).toLowerCase();
  const names = reference.actionsOf(service);
  if (names === undefined) return undefined;
  return matchingNames(names, pattern.slice(colon + 1).toLowerCase()).map((name) => {
    const description = reference.describe(service, name);
    return { action: `${service}:${name}`, ...(description && { description }) };
  });
}

/** The names of a service by their lower-case form. */
const lowerCaseNames = memoizeFor(
  (names: ReadonlySet<string>): ReadonlyMap<string, string> =>
    new Map([...names].map((name) => [name.toLowerCase(), name])),
);

function matchingNames(names: ReadonlySet<string>, wanted: string): readonly string[] {
  const byLowerCase = lowerCaseNames(names);
  const exact = byLowerCase.get(wanted);
  if (exact !== undefined) return [exact];
  if (!/[*?]/.test(wanted)) return [];
  const pattern = parsePattern(wanted);
  return [...byLowerCase].flatMap(([lower, name]) => (matchesPattern(pattern, lower) ? [name] : []));
}

/**
 * The descriptions of all actions of a statement; `undefined` if one of them is not fully known. The same list for the
 * same patterns.
 */
export const describeAll = (
  patterns: readonly Located[],
  reference: ActionReference,
): readonly ActionDescription[] | undefined =>
  knownOf(reference).described(patterns.map(({ text }) => text).join('\n'));

function findDescribed(
  patterns: readonly string[],
  reference: ActionReference,
): readonly ActionDescription[] | undefined {
  const descriptions: ActionDescription[] = [];
  for (const pattern of patterns) {
    const named = namedActions(pattern, reference);
    if (named === undefined) return undefined;
    for (const { description } of named) {
      if (description === undefined) return undefined;
      descriptions.push(description);
    }
  }
  return descriptions.length > 0 ? descriptions : undefined;
}
