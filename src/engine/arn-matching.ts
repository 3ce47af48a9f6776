import {
  matchesPattern,
  parsePattern,
  toPattern,
  type WildcardCodes,
  type WildcardPattern,
} from '../lib/wildcard.ts';
import type { RequestContext } from './request.ts';
import type { TextTest } from './text-matching.ts';
import { expandPattern, hasVariable, NO_CONTEXT, type Part } from './variables.ts';

const COLON = 58;
const ARN_PARTS = 6;
/** `*` alone is not an ARN, but AWS accepts it as a pattern for every ARN. */
const EVERY_ARN = '*';
const FIRST_PART = 'arn';

/** A pattern that does not have the six parts of an ARN, or whose first part cannot be `arn`. */
const MALFORMED = 'malformed';

type ArnPattern = readonly WildcardPattern[] | typeof MALFORMED;

/** The pattern of one value in a context; `undefined` if one of its variables has no value. */
type PatternOf = (context: RequestContext) => ArnPattern | undefined;

/**
 * The test of an Arn operator: one value of the request against all patterns of the policy, from left to right up to
 * the first that decides. Each of the six parts is compared separately: a `*` never matches across a part boundary.
 *
 * A value that is not an ARN matches neither the operator nor its negation. A malformed pattern makes the whole
 * condition true in a Deny and false in an Allow, negated or not (captured from AWS; docs/conformance.md).
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnListTest(
  values: readonly (readonly Part[])[],
  { negated, whenMalformed }: { readonly negated: boolean; readonly whenMalformed: boolean },
): TextTest {
  const patterns = values.map(patternOf);
  return (text, context) => {
    if (!isArn(text)) return false;
    for (const find of patterns) {
      const pattern = find(context);
      if (pattern === MALFORMED) return whenMalformed;
      if (pattern !== undefined && matchesParts(pattern, text)) return !negated;
    }
    return negated;
  };
}

function patternOf(parts: readonly Part[]): PatternOf {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'text' && only.text === EVERY_ARN) return () => ANYTHING;
  if (!hasVariable(parts)) {
    const pattern = checked(splitParts(expandPattern(parts, NO_CONTEXT) ?? []));
    return () => pattern;
  }
  return (context) => {
    const codes = expandPattern(parts, context);
    return codes && checked(splitParts(codes));
  };
}

const ANYTHING = Array<WildcardPattern>(ARN_PARTS).fill(parsePattern(EVERY_ARN));

function checked(patterns: readonly WildcardPattern[]): ArnPattern {
  const [first] = patterns;
  return first && patterns.length === ARN_PARTS && matchesPattern(first, FIRST_PART) ? patterns : MALFORMED;
}

function isArn(text: string): boolean {
  if (!text.startsWith(`${FIRST_PART}:`)) return false;
  let at = FIRST_PART.length;
  for (let colons = 1; colons < ARN_PARTS - 1; colons += 1) {
    at = text.indexOf(':', at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** Splits at the first five colons, after variables are expanded. */
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
  let from = 0;
  for (const [index, pattern] of patterns.entries()) {
    const last = index === ARN_PARTS - 1;
    const to = last ? text.length : text.indexOf(':', from);
    if (to < 0 || !matchesPattern(pattern, text, from, to)) return false;
    from = to + 1;
  }
  return true;
}
