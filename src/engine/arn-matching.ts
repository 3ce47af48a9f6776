import {
  matchesPattern,
  parsePattern,
  toPattern,
  type WildcardCodes,
  type WildcardPattern,
} from '../lib/wildcard.ts';
import { NEVER, type TextTest } from './text-matching.ts';
import { expandPattern, hasVariable, NO_CONTEXT, type Part } from './variables.ts';

const COLON = 58;
const ARN_PARTS = 6;
/** A `*` alone is no ARN, but AWS takes it for every one. */
const EVERY_ARN = '*';

/**
 * A match of an ARN, each of its six parts on its own: a `*` in one part never reaches into the next. A text that is no
 * ARN matches nothing, and only `*` itself stands for all six parts.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnTest(parts: readonly Part[]): TextTest {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'text' && only.text === EVERY_ARN) {
    const anything = Array<WildcardPattern>(ARN_PARTS).fill(parsePattern(EVERY_ARN));
    return (text) => matchesParts(anything, text);
  }
  if (hasVariable(parts)) {
    return (text, context) => {
      const codes = expandPattern(parts, context);
      return codes !== undefined && matchesParts(splitParts(codes), text);
    };
  }
  const patterns = splitParts(expandPattern(parts, NO_CONTEXT) ?? []);
  return patterns.length === ARN_PARTS ? (text) => matchesParts(patterns, text) : NEVER;
}

/** Cut at the first five colons; what a variable brought counts as it would in the finished text. */
function splitParts(codes: WildcardCodes): readonly WildcardPattern[] {
  const patterns: WildcardPattern[] = [];
  let start = 0;
  for (let index = 0; index < codes.length && patterns.length < ARN_PARTS - 1; index += 1) {
    if (codes[index] !== COLON) continue;
    patterns.push(toPattern(codes.slice(start, index)));
    start = index + 1;
  }
  patterns.push(toPattern(codes.slice(start)));
  return patterns;
}

function matchesParts(patterns: readonly WildcardPattern[], text: string): boolean {
  if (patterns.length !== ARN_PARTS) return false;
  let from = 0;
  for (const [index, pattern] of patterns.entries()) {
    const last = index === ARN_PARTS - 1;
    const to = last ? text.length : text.indexOf(':', from);
    if (to < 0 || !matchesPattern(pattern, text, from, to)) return false;
    from = to + 1;
  }
  return true;
}
