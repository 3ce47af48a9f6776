import { parseParts } from '../engine/variables.ts';
import type { LanguageDemand, TextTheory } from './atom.ts';
import { acceptsText } from './automaton.ts';
import { COLON, type Codes, isVariable, literal, ONE, ONE_IN_PART, RUN, RUN_IN_PART } from './codes.ts';
import { codesOf, NO_VALUE, patternCodes, type VariableNumbers } from './languages.ts';

const ARN_PARTS = 6;
const FIRST_PART = 'arn';
/** Every text that is an ARN to the engine: `arn:`, and four more colons at least. */
const ARNS: readonly Codes[] = [patternCodes('arn:*:*:*:*:*')];
const NEVER: readonly LanguageDemand[] = [{ language: [], accepted: true }];

interface ArnOperator {
  readonly negated: boolean;
  /** What the condition gives where a malformed pattern is reached: true in a Deny. */
  readonly whenMalformed: boolean;
}

/**
 * The texts for which an Arn operator holds, as the engine's `arnListTest` has them: ARNs only, whether negated or not, and
 * the first malformed pattern decides what none before it has matched.
 */
export function arnTheory(
  values: readonly string[],
  { negated, whenMalformed }: ArnOperator,
  numbers: VariableNumbers,
): TextTheory {
  const patterns = values.filter((text) => !text.includes(NO_VALUE)).map((text) => arnPattern(text, numbers));
  const malformed = patterns.indexOf('malformed');
  const before = malformed < 0 ? patterns : patterns.slice(0, malformed);
  const language = before.filter((pattern) => pattern !== 'malformed' && pattern !== 'open');
  const exact = !before.includes('open');
  const arns: LanguageDemand = { language: ARNS, accepted: true };
  const holds = (demands: readonly LanguageDemand[]): TextTheory => ({ kind: 'language', demands, exact });
  if (malformed < 0 || whenMalformed === negated)
    return holds(negated ? [arns, { language, accepted: false }] : [{ language, accepted: true }]);
  return holds(negated ? NEVER : [arns]);
}

/** Whether the effect of its statement may matter to a condition with these values. */
export const mayBeMalformed = (values: readonly string[]): boolean =>
  values.some((text) => typeof arnPattern(text, () => 0) === 'string');

/**
 * A pattern as codes, its wildcards kept within the parts where they stand. `open` where a variable decides where the parts
 * are, since its value may hold colons.
 */
function arnPattern(text: string, numbers: VariableNumbers): Codes | 'malformed' | 'open' {
  const written = text === '*' ? Array<string>(ARN_PARTS).fill('*').join(':') : text;
  const codes = codesOf(parseParts(written, true), numbers, patternCodes);
  const colons = codes.flatMap((code, index) => (code === COLON ? [index] : []));
  const [first = codes.length] = colons;
  const last = colons[ARN_PARTS - 2];
  if (codes.slice(0, last).some(isVariable)) return 'open';
  const head = codes.slice(0, first);
  if (last === undefined || !acceptsText([head], FIRST_PART)) return 'malformed';
  const inParts = codes
    .slice(first, last)
    .map((code) => (code === RUN ? RUN_IN_PART : code === ONE ? ONE_IN_PART : code));
  return [...literal(FIRST_PART), ...inParts, ...codes.slice(last)];
}
