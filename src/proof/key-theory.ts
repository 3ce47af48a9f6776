import type { ContextValue } from '../engine/request.ts';
import type { KeyAtom } from './atom.ts';
import type { Budget } from './budget.ts';
import type { KeyFacts } from './key-facts.ts';
import { holdsOn, textDemands } from './text-demand.ts';
import { solveText, type TextSolution } from './text-theory.ts';

/** A literal about one context key. */
export interface KeyLiteral {
  readonly atom: KeyAtom;
  readonly positive: boolean;
}

export type KeySolution =
  /** `undefined`: the key is absent. */
  | { readonly kind: 'value'; readonly value: ContextValue | undefined }
  /** `met`: not sound for every value of the variables among the literals. */
  | { readonly kind: 'none'; readonly met: boolean }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * A value of one key that fulfils all literals about it, or the proof that there is none.
 *
 * Absent, the empty list and the empty text are tried as they are. A text is one word. A list fulfils a conjunction
 * exactly if each existential demand (`ForAnyValue`, or a `ForAllValues` that must fail) has a word that fulfils it and
 * all universal ones: the list of those words is then the value.
 */
export function solveKey(literals: readonly KeyLiteral[], facts: KeyFacts, budget: Budget): KeySolution {
  let met = false;
  let unknown: string | undefined;
  for (const attempt of shapesFor(facts)) {
    const solution = attempt(literals, facts, budget);
    if (solution.kind === 'value') return solution;
    if (solution.kind === 'unknown') unknown = solution.reason;
    else met ||= solution.met;
  }
  return unknown === undefined ? { kind: 'none', met } : { kind: 'unknown', reason: unknown };
}

type Attempt = (literals: readonly KeyLiteral[], facts: KeyFacts, budget: Budget) => KeySolution;

function shapesFor({ values, present }: KeyFacts): readonly Attempt[] {
  return [
    ...(present ? [] : [exactly(undefined)]),
    ...(values === 'many' ? [] : [asText, exactly('')]),
    ...(values === 'one' ? [] : [asList, exactly([])]),
  ];
}

const NONE: KeySolution = { kind: 'none', met: false };

/** One value as it is. */
const exactly =
  (value: ContextValue | undefined): Attempt =>
  (literals, { type }) => {
    if (value === '' && type !== 'any') return NONE;
    return literals.every(({ atom, positive }) => isOpen(atom, value) || holdsOn(atom, value) === positive)
      ? { kind: 'value', value }
      : NONE;
  };

/** Whether the answer for a value hinges on a variable that has no value yet. */
const isOpen = ({ variables, qualifier }: KeyAtom, value: ContextValue | undefined): boolean =>
  variables.length > 0 && value === '' && qualifier === undefined;

/** One text, not empty. */
const asText: Attempt = (literals, { type }, budget) =>
  keySolution(
    solveText(
      textDemands(literals, (text) => text),
      { empty: false, type },
      budget,
    ),
    (text) => text,
  );

/** A list that is not empty. */
const asList: Attempt = (literals, { type }, budget) => {
  const universal: KeyLiteral[] = [];
  const existential: KeyLiteral[] = [];
  for (const literal of literals) {
    const { atom, positive } = literal;
    if (atom.qualifier === undefined || atom.texts.kind === 'constant') {
      // What asks for no value in particular has the same answer for every list.
      if (holdsOn(atom, ['x']) !== positive) return NONE;
    } else if ((atom.qualifier === 'ForAllValues') === positive) universal.push(literal);
    else existential.push(literal);
  }
  const words: string[] = [];
  for (const some of existential.length > 0 ? existential.map((each) => [each]) : [[]]) {
    const solution = solveText(
      textDemands([...universal, ...some], (text) => [text]),
      { empty: true, type },
      budget,
    );
    if (solution.kind !== 'text') return keySolution(solution, (text) => [text]);
    words.push(solution.text);
  }
  return { kind: 'value', value: [...new Set(words)] };
};

const keySolution = (solution: TextSolution, value: (text: string) => ContextValue): KeySolution =>
  solution.kind === 'text' ? { kind: 'value', value: value(solution.text) } : solution;
