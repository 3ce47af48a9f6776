import { compileCondition } from '../engine/condition.ts';
import { OPERATORS } from '../engine/operators.ts';
import { type Part, parseParts } from '../engine/variables.ts';
import type { Condition } from '../policy/ast.ts';
import { formatOperator } from '../policy/condition-operator.ts';
import type { KeyAtom, TextTheory } from './atom.ts';
import { cellsFor } from './cells.ts';
import { LANGUAGES, NO_VALUE, type VariableNumbers, valueLanguage } from './languages.ts';
import { selfReference } from './self-reference.ts';

/** What a variable stands for: a text, nothing because its key is absent (a default then helps), or nothing at all. */
export type VariableValue = { readonly text: string } | 'absent' | 'list';

/** The condition as an atom; its values are those of a policy of Version 2012-10-17. */
export function conditionAtom(condition: Condition, numbers: VariableNumbers): KeyAtom {
  const compiled = compileCondition(condition, true);
  const { key } = compiled;
  const values = condition.values.map(({ text }) => text);
  return {
    kind: 'key',
    name: `${formatOperator(condition)} ${JSON.stringify([key, ...values.toSorted()])}`,
    key,
    ...(condition.qualifier && { qualifier: condition.qualifier }),
    texts: textTheory(condition, key, numbers),
    variables: conditionVariables(condition).filter((name) => name !== key),
    holds: ({ context }) => compiled.holds(context),
    substitute: (given) => {
      const texts = new Map([...given].map(([name, text]) => [name, { text }] as const));
      return conditionAtom(substituteVariables(condition, texts), numbers);
    },
  };
}

function textTheory({ operator, values }: Condition, key: string, numbers: VariableNumbers): TextTheory {
  const languageOf = LANGUAGES[operator];
  if (operator === 'Null' || values.length === 0) return { kind: 'constant' };
  const cellsOf = cellsFor(operator);
  if (cellsOf !== undefined) return { kind: 'typed', cellsOf, constants: values.map(({ text }) => text) };
  if (languageOf === undefined) throw new Error(`no theory knows ${operator}`);
  const read = values.map(
    ({ text }) =>
      selfReference(operator, key, parseParts(text, true)) ?? valueLanguage(languageOf, text, numbers),
  );
  return {
    kind: 'language',
    language: read.flatMap(({ alternatives }) => alternatives),
    accepted: !OPERATORS[operator].negated,
    exact: read.every(({ exact }) => exact),
  };
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
