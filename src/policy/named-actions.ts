import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import type { ActionDescription, ActionReference } from './action-reference.ts';

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
export function namedActions(
  pattern: string,
  reference: ActionReference,
): readonly NamedAction[] | undefined {
  const colon = pattern.indexOf(':');
  const service = pattern.slice(0, Math.max(colon, 0)).toLowerCase();
  const names = reference.actionsOf(service);
  if (names === undefined) return undefined;
  const wanted = parsePattern(pattern.slice(colon + 1).toLowerCase());
  return [...names]
    .filter((name) => matchesPattern(wanted, name.toLowerCase()))
    .map((name) => {
      const description = reference.describe(service, name);
      return { action: `${service}:${name}`, ...(description && { description }) };
    });
}

/** The descriptions of all actions of a statement; `undefined` if one of them is not fully known. */
export function describeAll(
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
