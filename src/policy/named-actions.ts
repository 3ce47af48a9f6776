import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import type { ActionDescription, ActionReference } from './action-reference.ts';

/** An action of AWS that a pattern of a policy names. */
export interface NamedAction {
  /** `personalize:CreateCampaign` */
  readonly action: string;
  /** Absent where the reference holds only its name. */
  readonly description?: ActionDescription;
}

/** The actions that a pattern names, as AWS compares them: ignoring case. `undefined` for one of every or of an unknown service. */
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

/** The descriptions of all actions of a statement; `undefined` where one of them is not known so well. */
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
