import type { Condition } from '../../src/policy/ast.ts';
import { parseOperator } from '../../src/policy/condition-operator.ts';
import type { KeyAtom } from '../../src/proof/atom.ts';
import { Budget } from '../../src/proof/budget.ts';
import { conditionAtom } from '../../src/proof/condition-atom.ts';
import { type KeyLiteral, type KeySolution, solveKey } from '../../src/proof/key-theory.ts';

/** Operators of one family, values for policies, and request strings that distinguish those. */
export interface OracleFamily {
  readonly operators: readonly string[];
  readonly wanted: readonly string[];
  readonly texts: readonly string[];
}

const words = (alphabet: string, length: number): readonly string[] =>
  length === 0
    ? ['']
    : ['', ...words(alphabet, length - 1).flatMap((word) => [...alphabet].map((letter) => letter + word))];

const arns = ['', 'a', 'b:'].flatMap((one) =>
  ['a', 'b', ''].flatMap((two) => ['a', 'ab', ':'].map((last) => `arn:${one}:x:${two}::${last}`)),
);

/** Request strings are all words of a small alphabet, or all values near the constants. */
export const FAMILIES: Readonly<Record<string, OracleFamily>> = {
  equality: {
    operators: ['StringEquals', 'StringNotEquals'],
    wanted: ['a', 'b', 'ab', '', 'A'],
    texts: [...new Set(words('abA', 3))],
  },
  'equality ignoring case': {
    operators: ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringNotEquals'],
    wanted: ['k', 'K', 'kb', 'B', ''],
    texts: [...new Set(words('kKb\u212a', 3))],
  },
  patterns: {
    operators: ['StringLike', 'StringNotLike', 'StringEquals', 'StringNotEquals'],
    wanted: ['a*', '*b', 'a?', '?', '*a*', '*', '', 'ab', 'a*b', '??*', 'a**b', '${*}a', '${?}'],
    texts: [...new Set(words('ab*?', 4))],
  },
  ARNs: {
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringLike'],
    wanted: [
      '*',
      'arn:*:x:*::*',
      'arn:a:x:b::a',
      'arn:*:x:?::a*',
      'arn:?:*::a',
      'arn:a:x:*:*:*b',
      'arn:a:a:x:*',
      'a',
    ],
    texts: ['', 'a', ...arns],
  },
  numbers: {
    operators: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
      (name) => `Numeric${name}`,
    ),
    wanted: ['1', '2', '3', '2.5', '-1'],
    texts: ['', 'x', '1', '1.0', '2', '3', '2.5', '-1', '0', '1.5', '2.2', '2.7', '4', '-2'],
  },
  dates: {
    operators: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
      (name) => `Date${name}`,
    ),
    wanted: ['2026-01-01', '2026-01-01T00:00:00.001Z', '2027', '1767225600'],
    texts: ['', 'x', '2025', '2026-01-01', '1767225600.0005', '1767225600.001', '2026-06-01', '2027', '2028'],
  },
  booleans: {
    operators: ['Bool'],
    wanted: ['true', 'false', 'True'],
    texts: ['', 'x', 'true', 'false', 'TRUE', 'False'],
  },
  bytes: {
    operators: ['BinaryEquals'],
    wanted: ['QUI=', 'QUJD', ''],
    texts: ['', '%', 'QUI=', 'QUI', 'QUJD', 'AAAA'],
  },
  addresses: {
    operators: ['IpAddress', 'NotIpAddress'],
    wanted: [
      '10.0.0.0/8',
      '10.0.0.0/30',
      '10.0.0.2',
      '0.0.0.0/0',
      '255.255.255.255',
      '::/0',
      '2001:db8::/126',
    ],
    texts: [
      '',
      'x',
      '9.255.255.255',
      '10.0.0.0',
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.4',
      '10.9.9.9',
      '11.0.0.0',
      '255.255.255.255',
      '::1',
      '2001:db8::1',
      '2001:db8::4',
    ],
  },
  'malformed ARNs': {
    operators: ['ArnLike', 'ArnNotLike'],
    wanted: ['arn:a:*', 'x:a:x:b::a', 'arn:*:x:*::a', '*', 'a?n:*:*:*:*:b*'],
    texts: ['', 'a', 'x:a:x:b::a', 'arn:', ...arns],
  },
  presence: {
    operators: ['Null', 'StringEquals'],
    wanted: ['true', 'false'],
    texts: ['', 'true', 'false', 'x'],
  },
};

/** An atom, and the engine's result for each value of the family. */
export interface Judged {
  readonly atom: KeyAtom;
  readonly written: string;
  readonly holds: readonly boolean[];
}

const KEY = 'x:k';

/** Every value of the family's strings, and lists of up to two of some of them. */
export function valuesOf({ texts }: OracleFamily): readonly (string | readonly string[] | undefined)[] {
  const some = texts.filter((_, index) => index % Math.ceil(texts.length / 14) === 0);
  return [
    undefined,
    [],
    ...texts,
    ...some.map((one) => [one]),
    ...some.flatMap((one) => some.map((other) => [one, other])),
  ];
}

const known = new Map<OracleFamily, readonly Judged[]>();

/** Conditions of a family, in every form: set operators, IfExists, one value, several or none. */
export function conditionsOf(family: OracleFamily): readonly Judged[] {
  const made = known.get(family) ?? makeConditions(family);
  known.set(family, made);
  return made;
}

function makeConditions(family: OracleFamily): readonly Judged[] {
  const values = valuesOf(family);
  const lists = [
    [],
    ...family.wanted.map((one) => [one]),
    ...family.wanted.slice(1).map((one, index) => [family.wanted[index] ?? '', one]),
  ];
  const names = family.operators.flatMap((name) =>
    ['', 'ForAllValues:', 'ForAnyValue:'].flatMap((set) =>
      (name === 'Null' ? [''] : ['', 'IfExists']).map((suffix) => set + name + suffix),
    ),
  );
  return names.flatMap((name) =>
    lists.flatMap((wanted) =>
      (name.includes('Arn') ? (['Allow', 'Deny'] as const) : (['Allow'] as const)).map((effect) => {
        const atom = conditionAtom(conditionOf(name, wanted), effect, () => 0);
        const holds = values.map((value) =>
          atom.holds({ resource: '*', context: new Map(value === undefined ? [] : [[KEY, value]]) }),
        );
        return { atom, written: `${effect} ${name} ${JSON.stringify(wanted)}`, holds };
      }),
    ),
  );
}

function conditionOf(name: string, wanted: readonly string[]): Condition {
  const operator = parseOperator(name);
  if (!operator.ok) throw new Error(operator.error);
  return { ...operator.value, key: { text: KEY }, values: wanted.map((text) => ({ text })) };
}

export type Verdict = 'right' | 'refutes what there is' | 'finds what does not fit' | 'gives up';

/** Compares the solver's result for a conjunction with the engine's for every value. */
export function judge(
  literals: readonly { readonly judged: Judged; readonly positive: boolean }[],
  count: number,
  change: (atom: KeyAtom) => KeyAtom = (atom) => atom,
): Verdict {
  const solution = solve(literals.map(({ judged, positive }) => ({ atom: change(judged.atom), positive })));
  if (solution.kind === 'unknown') return 'gives up';
  if (solution.kind === 'value') {
    const { value } = solution;
    const context = new Map(value === undefined ? [] : [[KEY, value]]);
    const fits = literals.every(
      ({ judged, positive }) => judged.atom.holds({ resource: '*', context }) === positive,
    );
    return fits ? 'right' : 'finds what does not fit';
  }
  for (let index = 0; index < count; index += 1)
    if (literals.every(({ judged, positive }) => judged.holds[index] === positive))
      return 'refutes what there is';
  return 'right';
}

const solve = (literals: readonly KeyLiteral[]): KeySolution =>
  solveKey(literals, { values: 'either', type: 'any', present: false }, new Budget(100_000));
