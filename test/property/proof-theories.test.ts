import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyAtom, LanguageDemand, TextTheory } from '../../src/proof/atom.ts';
import { type Codes, ONE, ONE_IN_PART, RUN, RUN_IN_PART } from '../../src/proof/codes.ts';
import { conditionsOf, FAMILIES, judge, type Verdict, valuesOf } from './proof-oracle.ts';

/** For each of eleven families: 55,000 in all. */
const CASES = 5_000;

type Change = (atom: KeyAtom) => KeyAtom;

/** The first conjunction of conditions of a family for which the solver is wrong. */
function firstWrong(name: string, change?: Change): readonly [Verdict, string] | undefined {
  const family = FAMILIES[name];
  if (family === undefined) throw new Error(name);
  const conditions = conditionsOf(family);
  const count = valuesOf(family).length;
  const literal = fc.record({ judged: fc.constantFrom(...conditions), positive: fc.boolean() });
  const conjunctions = fc.array(literal, { minLength: 1, maxLength: 4 });
  for (const literals of fc.sample(conjunctions, { numRuns: CASES, seed: 7 })) {
    const verdict = judge(literals, count, change);
    const written = literals.map(({ judged, positive }) => `${positive ? '' : 'not '}${judged.written}`);
    if (verdict !== 'right') return [verdict, written.join(' and ')];
  }
  return undefined;
}

describe('the theory of context keys, against every value of a small universe', () => {
  it.each(Object.keys(FAMILIES))(
    'neither refutes a satisfiable conjunction nor returns a wrong value: %s',
    (name) => {
      expect(firstWrong(name)).toBeUndefined();
    },
  );
});

const onTexts =
  (change: (texts: TextTheory) => TextTheory): Change =>
  (atom) => ({ ...atom, texts: change(atom.texts) });
const onDemands = (change: (demand: LanguageDemand) => LanguageDemand): Change =>
  onTexts((texts) => (texts.kind === 'language' ? { ...texts, demands: texts.demands.map(change) } : texts));
const onCodes = (change: (codes: Codes) => Codes): Change =>
  onDemands((demand) => ({ ...demand, language: demand.language.map(change) }));
const onCells = (
  change: (cells: readonly string[], constants: readonly string[]) => readonly string[],
): Change =>
  onTexts((texts) => {
    if (texts.kind !== 'typed') return texts;
    const { cellsOf } = texts;
    return { ...texts, cellsOf: (constants) => change(cellsOf(constants), constants) };
  });
const replaced = (from: number, to: number): Change =>
  onCodes((codes) => codes.map((code) => (code === from ? to : code)));

const constantsOnly = onCells((_, constants) => constants);

/** Solvers with one error each, and the families whose cases must detect it. */
const MUTANTS: Readonly<Record<string, { readonly family: string; readonly change: Change }>> = {
  'equality forgets the last letter': { family: 'equality', change: onCodes((codes) => codes.slice(0, -1)) },
  'negation is lost': { family: 'equality', change: onDemands((demand) => ({ ...demand, accepted: true })) },
  'the Kelvin sign is no k': {
    family: 'equality ignoring case',
    change: onCodes((codes) => codes.map((code) => (code > 0xffff ? code - 0x1_0000 : code))),
  },
  '? takes any number of letters': { family: 'patterns', change: replaced(ONE, RUN) },
  '* takes one letter': { family: 'patterns', change: replaced(RUN, ONE) },
  '* crosses the parts of an ARN': { family: 'ARNs', change: replaced(RUN_IN_PART, RUN) },
  '? is a colon of an ARN': { family: 'ARNs', change: replaced(ONE_IN_PART, ONE) },
  'nothing is between two numbers': { family: 'numbers', change: constantsOnly },
  'nothing is between two dates': { family: 'dates', change: constantsOnly },
  'only the begin of a range counts': { family: 'addresses', change: constantsOnly },
  'every text is a boolean': {
    family: 'booleans',
    change: onDemands((demand) => ({ ...demand, language: [[RUN]] })),
  },
  'every text is an ARN': {
    family: 'malformed ARNs',
    change: onTexts((texts) =>
      texts.kind === 'language' ? { ...texts, demands: texts.demands.slice(-1) } : texts,
    ),
  },
  'all bytes are named': { family: 'bytes', change: constantsOnly },
  'a set operator is none': { family: 'patterns', change: ({ qualifier: _, ...atom }) => atom },
  'the quantifiers are mistaken for each other': {
    family: 'patterns',
    change: ({ qualifier, ...atom }) =>
      qualifier === undefined
        ? atom
        : { ...atom, qualifier: qualifier === 'ForAllValues' ? 'ForAnyValue' : 'ForAllValues' },
  },
  'a key that is there has no text': {
    family: 'presence',
    change: onTexts((texts) =>
      texts.kind === 'constant'
        ? { kind: 'language', demands: [{ language: [], accepted: true }], exact: true }
        : texts,
    ),
  },
};

describe('a solver with one error is detected by the same cases', () => {
  it.each(Object.entries(MUTANTS))('%s', (_, { family, change }) => {
    expect(firstWrong(family, change)).toBeDefined();
  });
});
