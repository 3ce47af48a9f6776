import type { Statement } from '../policy/ast.ts';
import { patternCodes } from './languages.ts';
import type { Situation } from './prove.ts';

/** What must not be granted: one of these actions on one of these resources; an empty list means any. */
export interface Access {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The situation as one that asks for any access at all: nothing exists, and only some resources count. */
export function againstNothing(situation: Situation, resources: readonly string[]): Situation {
  const { next, decide, zoneOf } = situation;
  return {
    ...situation,
    existing: { ways: [], denies: [], resourceControls: [], bounded: next.bounded },
    decide: (request) => ({ next: decide(request).next, existing: false }),
    zoneOf: (action) => {
      const zone = zoneOf(action);
      if (zone === undefined || resources.length === 0) return zone;
      return { ...zone, languages: [...zone.languages, resources.map(patternCodes)] };
    },
  };
}

/** A statement that matches exactly some actions. */
export const actionStatement = (actions: readonly string[]): Statement => ({
  index: 0,
  effect: 'Allow',
  action: { element: 'Action', patterns: actions.map((text) => ({ text })) },
  conditions: [],
});
