import type { LanguageDemand } from './atom.ts';
import { Automaton } from './automaton.ts';
import type { Budget } from './budget.ts';
import { COLON, isEverything, isVariable, OTHER } from './codes.ts';

export type WordResult =
  /** Letters, `OTHER` and variables. One of the shortest words. */
  | { readonly kind: 'word'; readonly word: readonly number[] }
  /** `met`: a variable met what cannot take it, so that the answer is not sound for every value of the variable. */
  | { readonly kind: 'none'; readonly met: boolean }
  | { readonly kind: 'bound' };

/** More states than any pair of real policies has needed by far. */
const MOST_STATES = 60_000;

interface State {
  /** One position for each wanted language: a guess, so that a language of many patterns needs no product of them. */
  readonly wanted: readonly number[];
  /** Every position where an unwanted language may be: all of them must refuse. */
  readonly unwanted: readonly number[];
  readonly before?: State;
  readonly letter?: number;
}

/**
 * Searches a word that fulfils all demands, breadth first.
 *
 * A state is cut off where an unwanted pattern takes whatever follows, and where a state with the same guesses and fewer
 * unwanted positions was seen: what follows there, follows here at most (an antichain).
 */
export function searchWord(demands: readonly LanguageDemand[], budget: Budget): WordResult {
  const search = new WordSearch(demands, budget);
  return search.run();
}

class WordSearch {
  readonly #automaton = new Automaton();
  readonly #seen = new Map<string, (readonly number[])[]>();
  readonly #starts: readonly (readonly number[])[];
  readonly #unwanted: readonly number[];
  readonly #budget: Budget;
  #met = false;

  constructor(demands: readonly LanguageDemand[], budget: Budget) {
    this.#budget = budget;
    this.#starts = demands
      .filter(({ language, accepted }) => accepted && !isEverything(language))
      .map(({ language }) => this.#automaton.add(language));
    this.#unwanted = demands
      .filter(({ accepted }) => !accepted)
      .flatMap(({ language }) => this.#automaton.add(language));
  }

  run(): WordResult {
    const unwanted = this.#automaton.reduce(this.#unwanted);
    const queue: State[] = [];
    for (const wanted of products(this.#starts)) this.#enter({ wanted, unwanted }, queue);
    for (let next = 0; next < queue.length; next += 1) {
      const state = queue[next] as State;
      this.#budget.spend();
      if (next > MOST_STATES) return { kind: 'bound' };
      if (this.#isEnd(state)) return { kind: 'word', word: wordOf(state) };
      for (const letter of this.#letters(state)) this.#step(state, letter, queue);
    }
    return { kind: 'none', met: this.#met };
  }

  #isEnd({ wanted, unwanted }: State): boolean {
    return (
      wanted.every((position) => this.#automaton.accepts(position)) &&
      !unwanted.some((position) => this.#automaton.accepts(position))
    );
  }

  #step(state: State, letter: number, queue: State[]): void {
    const moves = state.wanted.map((position) => this.#automaton.moves(position, letter));
    if (isVariable(letter) && moves.some((to) => to.length === 0)) this.#met = true;
    const guesses = products(moves);
    if (guesses.length === 0) return;
    const unwanted = this.#automaton.reduce(
      state.unwanted.flatMap((position) => this.#automaton.moves(position, letter)),
    );
    for (const wanted of guesses) this.#enter({ wanted, unwanted, before: state, letter }, queue);
  }

  #enter(state: State, queue: State[]): void {
    if (state.unwanted.some((position) => this.#automaton.acceptsAll(position))) return;
    const key = state.wanted.join(' ');
    const seen = this.#seen.get(key) ?? [];
    if (seen.some((earlier) => isSubset(earlier, state.unwanted))) return;
    this.#seen.set(key, [...seen.filter((earlier) => !isSubset(state.unwanted, earlier)), state.unwanted]);
    queue.push(state);
  }

  /** The letters that lead somewhere else than others do: those that a position asks for, and one that none does. */
  #letters({ wanted, unwanted }: State): Iterable<number> {
    const asked = wanted.map((position) => this.#automaton.asks(position));
    const [strict, ...others] = asked.filter(({ wild }) => !wild).map(({ letters }) => letters);
    if (strict !== undefined) {
      const shared = strict.filter((letter) => others.every((letters) => letters.includes(letter)));
      // A variable is always tried: that something cannot take it must be seen.
      return new Set([...shared, ...asked.flatMap(({ letters }) => letters.filter(isVariable))]);
    }
    const all = [...asked, ...unwanted.map((position) => this.#automaton.asks(position))];
    const letters = new Set(all.flatMap((each) => each.letters));
    if (all.some(({ inPart }) => inPart)) letters.add(COLON);
    letters.add(OTHER);
    return letters;
  }
}

/** Every choice of one out of each list. */
function products(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  let chosen: readonly (readonly number[])[] = [[]];
  for (const list of lists) chosen = chosen.flatMap((before) => list.map((one) => [...before, one]));
  return chosen;
}

/** Whether all numbers of a sorted list are in another one. */
function isSubset(one: readonly number[], other: readonly number[]): boolean {
  if (one.length > other.length) return false;
  let at = 0;
  for (const value of one) {
    while (at < other.length && (other[at] as number) < value) at += 1;
    if (other[at] !== value) return false;
    at += 1;
  }
  return true;
}

function wordOf(end: State): readonly number[] {
  const word: number[] = [];
  for (let state: State | undefined = end; state?.letter !== undefined; state = state.before)
    word.push(state.letter);
  return word.reverse();
}
