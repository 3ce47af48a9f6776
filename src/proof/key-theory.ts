import type { ContextValue } from '../engine/request.ts';
import type { KeyAtom } from './atom.ts';
import type { Budget } from './budget.ts';
import type { KeyFacts } from './key-facts.ts';
import { holdsOn, textWays } from './text-demand.ts';
import { solveText } from './text-theory.ts';

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
 * A value of one key that satisfies all literals about it, or the proof that there is none.
 *
 * Absent, the empty list and the empty text are tried as they are. A text is one word. A list satisfies a conjunction
 * exactly if each existential demand (`ForAnyValue`, or a `ForAllValues` that must fail) has a word that satisfies it and
 * all universal ones: the list of those words is then the value.
 */
export function solveKey(literals: readonly KeyLiteral[], facts: KeyFacts, budget: Budget): KeySolution {
  return firstOf(shapesFor(facts), (attempt) => attempt(literals, facts, budget));
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
  (literals, { type, within }) => {
    if (value === '' && (type !== 'any' || within !== undefined)) return NONE;
    return literals.every(({ atom, positive }) => isOpen(atom, value) || holdsOn(atom, value) === positive)
      ? { kind: 'value', value }
      : NONE;
  };

/** Whether the answer for a value hinges on a variable that has no value yet. */
const isOpen = ({ variables }: KeyAtom, value: ContextValue | undefined): boolean =>
  variables.length > 0 && value === '';

/** One text, not empty. */
const asText: Attempt = (literals, facts, budget) =>
  oneText(literals, facts, { empty: false, inList: false }, budget);

/** A list that is not empty. */
const asList: Attempt = (literals, facts, budget) => {
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
    const found = oneText([...universal, ...some], facts, { empty: true, inList: true }, budget);
    if (found.kind !== 'value') return found;
    words.push(String(found.value));
  }
  return { kind: 'value', value: [...new Set(words)] };
};

/** A text that satisfies all literals, in one of the ways in which it can. */
function oneText(
  literals: readonly KeyLiteral[],
  { type, example, within }: KeyFacts,
  { empty, inList }: { readonly empty: boolean; readonly inList: boolean },
  budget: Budget,
): KeySolution {
  const ways = textWays(literals, (text) => (inList ? [text] : text));
  if (ways === undefined) return { kind: 'unknown', reason: 'a key has too many conditions' };
  return firstOf(ways, (way) => {
    const solution = solveText(way, { empty, type, example, within }, budget);
    return solution.kind === 'text' ? { kind: 'value', value: solution.text } : solution;
  });
}

/** The first value that one of several attempts gives; refuted only where all of them are. */
function firstOf<Each>(all: readonly Each[], attempt: (each: Each) => KeySolution): KeySolution {
  let met = false;
  let unknown: string | undefined;
  for (const each of all) {
    const solution = attempt(each);
    if (solution.kind === 'value') return solution;
    if (solution.kind === 'unknown') unknown = solution.reason;
    else met ||= solution.met;
  }
  return unknown === undefined ? { kind: 'none', met } : { kind: 'unknown', reason: unknown };
}
