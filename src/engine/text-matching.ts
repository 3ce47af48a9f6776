import { matchesCodes, matchesPattern, toPattern } from '../lib/wildcard.ts';
import type { RequestContext } from './request.ts';
import { expandPattern, expandText, hasVariable, NO_CONTEXT, type Part } from './variables.ts';

/** Whether a text of the request matches; the context is asked for the values of policy variables only. */
export type TextTest = (text: string, context: RequestContext) => boolean;

/** Nothing matches: a variable has no value, a pattern has not the shape that it needs. */
export const NEVER: TextTest = () => false;

/** Equality with a text that may hold variables; `fold` is applied to both sides (to ignore case). */
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

/** A match with a pattern that may hold variables and wildcards. */
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
