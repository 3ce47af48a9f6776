import { type Part, parseParts } from '../engine/variables.ts';
import { wildcardCodes } from '../lib/wildcard.ts';
import type { ConditionOperator } from '../policy/ast.ts';
import {
  COLON,
  type Codes,
  folded,
  isVariable,
  literal,
  ONE,
  ONE_IN_PART,
  RUN,
  RUN_IN_PART,
  variableCode,
} from './codes.ts';

/** The language of one value of a policy. */
export interface ValueLanguage {
  readonly alternatives: readonly Codes[];
  /** Whether it is exactly what the engine matches, so that a proof may rest on it. */
  readonly exact: boolean;
}

/** Numbers the variables that occur. */
export type VariableNumbers = (key: string) => number;

type LanguageOf = (parts: readonly Part[], variables: VariableNumbers) => ValueLanguage;

/** A variable that is known to have no value: what holds it matches nothing. Its name cannot be a key's. */
export const NO_VALUE = '${-}';

const NOTHING: ValueLanguage = { alternatives: [], exact: true };
const ARN_PARTS = 6;

/**
 * The operators whose values are languages of texts, as the engine reads them (`engine/operators.ts`); negated operators
 * have the language of what they exclude.
 */
export const LANGUAGES: Readonly<Partial<Record<ConditionOperator, LanguageOf>>> = {
  StringEquals: equalText,
  StringNotEquals: equalText,
  StringEqualsIgnoreCase: equalIgnoringCase,
  StringNotEqualsIgnoreCase: equalIgnoringCase,
  StringLike: likeText,
  StringNotLike: likeText,
  Bool: truth,
  ArnEquals: likeArn,
  ArnLike: likeArn,
  ArnNotEquals: likeArn,
  ArnNotLike: likeArn,
};

/** The language of one value of a condition, policy variables included. */
export function valueLanguage(
  languageOf: LanguageOf,
  text: string,
  variables: VariableNumbers,
): ValueLanguage {
  return text.includes(NO_VALUE) ? NOTHING : languageOf(parseParts(text, true), variables);
}

/** The codes of parts, a variable as one code. */
export function codesOf(
  parts: readonly Part[],
  variables: VariableNumbers,
  ofText: (text: string) => readonly number[],
): Codes {
  return parts.flatMap((part) => {
    if (part.kind === 'variable') return [variableCode(variables(part.key))];
    return part.kind === 'text' ? ofText(part.text) : literal(part.text);
  });
}

const [ANY_RUN] = wildcardCodes('*');

/** A pattern's codes, of which the engine's matching has its own, as those of an automaton. */
export const patternCodes = (text: string): Codes => automatonCodes(wildcardCodes(text));

export const automatonCodes = (codes: readonly number[]): Codes =>
  codes.map((code) => (code >= 0 ? code : code === ANY_RUN ? RUN : ONE));

function equalText(parts: readonly Part[], variables: VariableNumbers): ValueLanguage {
  return { alternatives: [codesOf(parts, variables, literal)], exact: true };
}

function likeText(parts: readonly Part[], variables: VariableNumbers): ValueLanguage {
  return { alternatives: [codesOf(parts, variables, patternCodes)], exact: true };
}

/** Texts whose lower case depends on the letters around, or is of more letters. */
const CONTEXTUAL = /\u0307|[\u03c2\u03c3\ud800-\udfff]/;

function equalIgnoringCase(parts: readonly Part[], variables: VariableNumbers): ValueLanguage {
  const codes = codesOf(parts, variables, literal);
  const lower = parts.map((part) => (part.kind === 'variable' ? '' : part.text.toLowerCase())).join('');
  const exact = !CONTEXTUAL.test(lower) && !codes.some(isVariable);
  const letters = codesOf(
    parts.map((part) => (part.kind === 'variable' ? part : { ...part, text: part.text.toLowerCase() })),
    variables,
    literal,
  );
  return { alternatives: [letters.map((code) => (code < 0 ? code : folded(code)))], exact };
}

function truth(parts: readonly Part[], variables: VariableNumbers): ValueLanguage {
  const codes = codesOf(parts, variables, literal);
  if (codes.some(isVariable)) return { alternatives: [], exact: false };
  const text = String.fromCharCode(...codes).toLowerCase();
  return text === 'true' || text === 'false'
    ? { alternatives: [literal(text).map(folded)], exact: true }
    : NOTHING;
}

/** Cut at the first five colons, wildcards kept out of the colons of the first five parts. */
function likeArn(parts: readonly Part[], variables: VariableNumbers): ValueLanguage {
  const [only] = parts;
  const isEvery = parts.length === 1 && only?.kind === 'text' && only.text === '*';
  const codes = isEvery
    ? patternCodes(Array<string>(ARN_PARTS).fill('*').join(':'))
    : codesOf(parts, variables, patternCodes);
  let colons = 0;
  let exact = true;
  const arn = codes.map((code) => {
    if (colons >= ARN_PARTS - 1) return code;
    if (code === COLON) colons += 1;
    // What a variable brings may hold a colon.
    if (isVariable(code)) exact = false;
    if (code === RUN) return RUN_IN_PART;
    return code === ONE ? ONE_IN_PART : code;
  });
  return colons === ARN_PARTS - 1 || !exact ? { alternatives: [arn], exact } : NOTHING;
}
