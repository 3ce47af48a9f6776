import { compileCondition } from '../engine/condition.ts';
import { OPERATORS } from '../engine/operators.ts';
import { expandText, hasVariable, NO_CONTEXT, type Part, parseParts } from '../engine/variables.ts';
import type { Condition, Statement } from '../policy/ast.ts';
import { formatOperator } from '../policy/condition-operator.ts';
import { arnTheory, mayBeMalformed } from './arn-language.ts';
import type { KeyAtom, LanguageDemand, TextTheory } from './atom.ts';
import { cellsFor } from './cells.ts';
import { type Codes, folded, literal } from './codes.ts';
import { NO_VALUE, STRING_LANGUAGES, type VariableNumbers, valueLanguage } from './languages.ts';
import { selfReference } from './self-reference.ts';

/** What a variable stands for: a text, nothing because its key is absent (a default then helps), or nothing at all. */
export type VariableValue = { readonly text: string } | 'absent' | 'list';

/**
 * The condition as an atom; its values are those of a policy of Version 2012-10-17.
 * @param effect of its statement: what a malformed ARN pattern means depends on it
 */
export function conditionAtom(
  condition: Condition,
  effect: Statement['effect'],
  numbers: VariableNumbers,
): KeyAtom {
  const compiled = compileCondition(condition, { effect, variables: true });
  const { key } = compiled;
  const values = condition.values.map(({ text }) => text);
  const isArn = condition.operator.startsWith('Arn');
  const hinges = isArn && mayBeMalformed(values);
  // The order of values only matters where one is malformed.
  const written = JSON.stringify([key, ...(hinges ? [effect, ...values] : values.toSorted())]);
  return {
    kind: 'key',
    name: `${formatOperator(condition)} ${written}`,
    key,
    ...(condition.qualifier && { qualifier: condition.qualifier }),
    texts: textTheory(condition, key, effect, numbers),
    variables: conditionVariables(condition).filter((name) => name !== key),
    holds: ({ context }) => compiled.holds(context),
    substitute: (given) => {
      const texts = new Map([...given].map(([name, text]) => [name, { text }] as const));
      return conditionAtom(substituteVariables(condition, texts), effect, numbers);
    },
  };
}

function textTheory(
  { operator, values }: Condition,
  key: string,
  effect: Statement['effect'],
  numbers: VariableNumbers,
): TextTheory {
  const texts = values.map(({ text }) => text);
  if (operator === 'Null' || texts.length === 0) return { kind: 'constant' };
  const cellsOf = cellsFor(operator);
  if (cellsOf !== undefined) return { kind: 'typed', cellsOf, constants: texts };
  const { negated } = OPERATORS[operator];
  const own = texts.map((text) => selfReference(operator, key, parseParts(text, true)));
  const isOwn = own.some((language) => language !== undefined);
  if (operator === 'Bool') return isOwn ? UNKNOWN_TEXTS : booleanTheory(texts);
  if (operator.startsWith('Arn'))
    return isOwn ? UNKNOWN_TEXTS : arnTheory(texts, { negated, whenMalformed: effect === 'Deny' }, numbers);
  const languageOf = STRING_LANGUAGES[operator];
  if (languageOf === undefined) throw new Error(`no theory knows ${operator}`);
  const read = texts.map((text, index) => own[index] ?? valueLanguage(languageOf, text, numbers));
  return {
    kind: 'language',
    demands: [{ language: read.flatMap(({ alternatives }) => alternatives), accepted: !negated }],
    exact: read.every(({ exact }) => exact),
  };
}

const UNKNOWN_TEXTS: TextTheory = { kind: 'language', demands: [], exact: false };
const TRUE: readonly Codes[] = [literal('true').map(folded)];

/** `Bool` takes every text that is not `true` for false, on both sides. */
function booleanTheory(values: readonly string[]): TextTheory {
  const known = values.filter((text) => !text.includes(NO_VALUE)).map((text) => parseParts(text, true));
  if (known.some(hasVariable)) return UNKNOWN_TEXTS;
  const wanted = new Set(
    known.map((parts) => (expandText(parts, NO_CONTEXT) ?? '').toLowerCase() === 'true'),
  );
  const demands: LanguageDemand[] = wanted.size === 0 ? [{ language: [], accepted: true }] : [];
  if (wanted.size === 1) demands.push({ language: TRUE, accepted: wanted.has(true) });
  return { kind: 'language', demands, exact: true };
}

/** The keys, in lower case, that stand as variables in the values of a condition. */
export function conditionVariables({ operator, values }: Condition): readonly string[] {
  if (operator === 'Null' || cellsFor(operator) !== undefined) return [];
  const parts = values.flatMap(({ text }) => (text.includes(NO_VALUE) ? [] : parseParts(text, true)));
  return [...new Set(parts.flatMap((part) => (part.kind === 'variable' ? [part.key] : [])))];
}

/** The condition with variables replaced by what they stand for. */
export function substituteVariables(
  condition: Condition,
  values: ReadonlyMap<string, VariableValue>,
): Condition {
  const replace = (part: Part): string => {
    if (part.kind === 'text') return part.text.replaceAll('$', '${$}');
    if (part.kind === 'escape') return escaped(part.text);
    const value = values.get(part.key);
    if (value === undefined)
      return part.fallback === undefined ? `\${${part.name}}` : `\${${part.name}, '${part.fallback}'}`;
    if (value === 'absent' && part.fallback !== undefined) return escaped(part.fallback);
    return typeof value === 'string' ? NO_VALUE : escaped(value.text);
  };
  return {
    ...condition,
    values: condition.values.map((value) =>
      value.text.includes('${')
        ? { ...value, text: parseParts(value.text, true).map(replace).join('') }
        : value,
    ),
  };
}

/** A text of which no character is a wildcard or begins a variable. */
const escaped = (text: string): string => text.replaceAll(/[*?$]/g, (letter) => `\${${letter}}`);

/** Whether the key has a value of a shape. */
export function shapeAtom(key: string, shape: 'absent' | 'string'): KeyAtom {
  const atom: KeyAtom = {
    kind: 'key',
    name: `${shape} ${key}`,
    key,
    texts: { kind: 'constant' },
    variables: [],
    holds: ({ context }) => {
      const value = context.get(key);
      return shape === 'absent' ? value === undefined : typeof value === 'string';
    },
    substitute: () => atom,
  };
  return atom;
}
