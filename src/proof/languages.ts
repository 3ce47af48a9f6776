import { type Part, parseParts } from '../engine/variables.ts';
import { wildcardCodes } from '../lib/wildcard.ts';
import type { ConditionOperator } from '../policy/ast.ts';
import { type Codes, folded, isVariable, literal, ONE, RUN, variableCode } from './codes.ts';

/** The language of one value of a policy. */
export interface ValueLanguage {
  readonly alternatives: readonly Codes[];
  /** Whether it is exactly what the engine matches, so that a proof may rest on it. */
  readonly exact: boolean;
}

/** Numbers the variables that occur. */
export type VariableNumbers = (key: string, part: Part) => number;

type LanguageOf = (parts: readonly Part[], variables: VariableNumbers) => ValueLanguage;

/** A variable that is known to have no value: what holds it matches nothing. Its name cannot be a key's. */
export const NO_VALUE = '${-}';

/**
 * The operators on strings, whose values are languages as the engine reads them (`engine/operators.ts`); negated operators
 * have the language of what they exclude.
 */
export const STRING_LANGUAGES: Readonly<Partial<Record<ConditionOperator, LanguageOf>>> = {
  StringEquals: equalText,
  StringNotEquals: equalText,
  StringEqualsIgnoreCase: equalIgnoringCase,
  StringNotEqualsIgnoreCase: equalIgnoringCase,
  StringLike: likeText,
  StringNotLike: likeText,
};

/** The language of one value of a condition, policy variables included. */
export function valueLanguage(
  languageOf: LanguageOf,
  text: string,
  variables: VariableNumbers,
): ValueLanguage {
  return text.includes(NO_VALUE)
    ? { alternatives: [], exact: true }
    : languageOf(parseParts(text, true), variables);
}

/** The codes of parts, a variable as one code. */
export function codesOf(
  parts: readonly Part[],
  variables: VariableNumbers,
  ofText: (text: string) => readonly number[],
): Codes {
  return parts.flatMap((part) => {
    if (part.kind === 'variable') return [variableCode(variables(part.key, part))];
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
  const lower = parts.map(
    (part): Part => (part.kind === 'variable' ? part : { ...part, text: part.text.toLowerCase() }),
  );
  const codes = codesOf(lower, variables, literal);
  const text = lower.map((part) => (part.kind === 'variable' ? '' : part.text)).join('');
  return {
    alternatives: [codes.map((code) => (code < 0 ? code : folded(code)))],
    exact: !CONTEXTUAL.test(text) && !codes.some(isVariable),
  };
}
