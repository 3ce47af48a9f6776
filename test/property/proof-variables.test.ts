import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileResource } from '../../src/engine/resource.ts';
import type { KeyAtom, ResourceAtom } from '../../src/proof/atom.ts';
import { Budget } from '../../src/proof/budget.ts';
import { conditionAtom, shapeAtom } from '../../src/proof/condition-atom.ts';
import { patternCodes } from '../../src/proof/languages.ts';
import { resourceAtom } from '../../src/proof/resource-atom.ts';
import { KeyTheory, Theories } from '../../src/proof/theories.ts';
import type { TheoryLiteral } from '../../src/proof/theory-result.ts';

const CASES = 3_000;
const numbers = (): number => 0;
const KEY = 'x:u';

const conditions = (key: string, values: readonly string[]): readonly KeyAtom[] =>
  ['StringEquals', 'StringLike', 'StringNotLike', 'StringNotEquals'].flatMap((operator) =>
    values.map((text) =>
      conditionAtom(
        { operator: operator as 'StringLike', ifExists: false, key: { text: key }, values: [{ text }] },
        'Allow',
        numbers,
      ),
    ),
  );

const resources = (values: readonly string[]): readonly ResourceAtom[] =>
  values.map((text) =>
    resourceAtom(
      compileResource({ element: 'Resource', patterns: [{ text: `a:b:c:d:e:${text}` }] }, true).patterns,
      numbers,
    ),
  );

/** Patterns with one variable, and patterns that overlap with it in every way. */
const OPEN = [
  '${x:u}',
  '${x:u}*',
  'a${x:u}',
  '${x:u}b',
  '*${x:u}',
  '*b',
  'a*',
  '*ab*',
  '?b',
  'ab',
  '?',
  '*a',
  '${x:u}${x:u}',
  '*',
];
const ATOMS = {
  'on a key': conditions('x:k', OPEN),
  'on the resource': resources(OPEN),
} as const;
const ABOUT_VARIABLE = conditions(KEY, ['a', 'b', 'ab', 'a*', '*b', '?', '??', '*']);

const words = (length: number): readonly string[] =>
  length === 0 ? [''] : ['', ...words(length - 1).flatMap((word) => [`a${word}`, `b${word}`])];
const WORDS = [...new Set(words(4))];

function solve(literals: readonly TheoryLiteral[]) {
  const facts = () => ({ values: 'one', type: 'any', present: true }) as const;
  const budget = new Budget(1_000_000);
  const zone = { languages: [[patternCodes('a:b:c:d:e:*')]], excluded: [] };
  return new Theories(new KeyTheory(facts, budget), zone, [KEY, 'x:k'], budget).solve(literals);
}

const present: readonly TheoryLiteral[] = ['x:k', KEY].map((key) => ({
  atom: shapeAtom(key, 'string'),
  positive: true,
}));

describe('policy variables, against every value of a small universe', () => {
  it.each(Object.entries(ATOMS))(
    'neither refutes a satisfiable conjunction nor returns a wrong value: %s',
    (_, atoms) => {
      const literal = fc.record({
        atom: fc.constantFrom(...atoms, ...atoms, ...ABOUT_VARIABLE),
        positive: fc.boolean(),
      });
      const drawn = fc.sample(fc.array(literal, { minLength: 2, maxLength: 4 }), {
        numRuns: CASES,
        seed: 11,
      });
      let open = 0;
      for (const literals of drawn) {
        const result = solve([...present, ...literals]);
        const written = literals
          .map(({ atom, positive }) => `${positive ? '' : 'not '}${atom.name}`)
          .join(' and ');
        if (result.kind === 'unknown') open += 1;
        if (result.kind === 'model')
          expect(
            literals.every(({ atom, positive }) => atom.holds(result.model) === positive),
            written,
          ).toBe(true);
        if (result.kind !== 'none') continue;
        for (const own of WORDS)
          for (const text of WORDS) {
            const model = {
              resource: `a:b:c:d:e:${text}`,
              context: new Map([
                [KEY, own],
                ['x:k', text],
              ]),
            };
            if (literals.every(({ atom, positive }) => atom.holds(model) === positive))
              expect.fail(`${written} refuted, but ${KEY}=${own} and ${text} fulfil it`);
          }
      }
      expect(open / CASES).toBeLessThan(0.15);
    },
  );
});
