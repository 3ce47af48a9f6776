import { matchesCodes, matchesPattern, toPattern } from '../lib/wildcard.ts';
import type { RequestContext } from './request.ts';
import { expandPattern, expandText, hasVariable, NO_CONTEXT, type Part } from './variables.ts';

/** Whether a string of the request matches; the context is used for the values of policy variables only. */
export type TextTest = (text: string, context: RequestContext) => boolean;

/** Matches nothing: a variable has no value, or a pattern is malformed. */
export const NEVER: TextTest = () => false;

/** Equality with a string that may contain variables; `fold` is applied to both sides (to ignore case). */
export function equalityTest(parts: readonly Part[], fold: (text: string) => string): TextTest {
  if (hasVariable(parts)) {
    return (text, context) => {
      const wanted = expandText(parts, context);
      return wanted !== undefined && fold(text) === fold(wanted);
    };
  }
  const wanted = fold(expandText(parts, NO_CONTEXT) ?? '');
  return (text) => fold(text) === wanted;
}

/** A match with a pattern that may contain variables and wildcards. */
export function patternTest(parts: readonly Part[]): TextTest {
  if (hasVariable(parts)) {
    return (text, context) => {
      const codes = expandPattern(parts, context);
      return codes !== undefined && matchesCodes(codes, text);
    };
  }
  const pattern = toPattern(expandPattern(parts, NO_CONTEXT) ?? []);
  return (text) => matchesPattern(pattern, text);
}
