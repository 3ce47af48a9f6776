import type { LanguageDemand } from './atom.ts';
import { Automaton } from './automaton.ts';
import type { Budget } from './budget.ts';
import { COLON, isEverything, isVariable, OTHER } from './codes.ts';
import { isSubset, products } from './position-sets.ts';

export type WordResult =
  /** Letters, `OTHER` and variables; a short word. */
  | { readonly kind: 'word'; readonly word: readonly number[] }
  /** `met`: a variable met what may take a part of it, so that the answer is not sound for every value of it. */
  | { readonly kind: 'none'; readonly met: boolean }
  | { readonly kind: 'bound' };

/** More states than any pair of real policies has needed by far. */
const MOST_STATES = 60_000;

interface State {
  /** For each wanted language the positions of one of its patterns: a guess, so that many patterns need no product. */
  readonly wanted: readonly (readonly number[])[];
  /** Every position where an unwanted language may be: all of them must refuse. */
  readonly unwanted: readonly number[];
  readonly length: number;
  readonly before?: State;
  readonly letter?: number;
}

/**
 * Searches a word that satisfies all demands, those states first that have the fewest letters before them and behind them.
 *
 * A state is cut off where an unwanted pattern takes whatever follows, and where a state with the same guesses and fewer
 * unwanted positions was seen: what follows there, follows here at most (an antichain).
 */
export function searchWord(demands: readonly LanguageDemand[], budget: Budget): WordResult {
  return new WordSearch(demands, budget).run();
}

class WordSearch {
  readonly #automaton = new Automaton();
  readonly #seen = new Map<string, (readonly number[])[]>();
  readonly #starts: readonly (readonly (readonly number[])[])[];
  readonly #unwanted: readonly number[];
  readonly #budget: Budget;
  /** States to look at, by the letters that they have and need. */
  readonly #queue: State[][] = [];
  #entered = 0;
  #met = false;

  constructor(demands: readonly LanguageDemand[], budget: Budget) {
    this.#budget = budget;
    this.#starts = demands
      .filter(({ language, accepted }) => accepted && !isEverything(language))
      .map(({ language }) => this.#automaton.add(language).map((start) => [start]));
    this.#unwanted = demands
      .filter(({ accepted }) => !accepted)
      .flatMap(({ language }) => this.#automaton.add(language));
  }

  run(): WordResult {
    const starts = products(this.#starts, MOST_STATES);
    if (starts === undefined) return { kind: 'bound' };
    const unwanted = this.#automaton.reduce(this.#unwanted);
    for (const wanted of starts) this.#enter({ wanted, unwanted, length: 0 });
    for (let state = this.#next(); state !== undefined; state = this.#next()) {
      if (this.#entered > MOST_STATES) return { kind: 'bound' };
      if (this.#isEnd(state)) return { kind: 'word', word: wordOf(state) };
      for (const letter of this.#letters(state)) this.#step(state, letter);
    }
    return { kind: 'none', met: this.#met };
  }

  #next(): State | undefined {
    return this.#queue.find((states) => states !== undefined && states.length > 0)?.pop();
  }

  #isEnd({ wanted, unwanted }: State): boolean {
    const accepts = (position: number): boolean => this.#automaton.accepts(position);
    return wanted.every((positions) => positions.some(accepts)) && !unwanted.some(accepts);
  }

  #step(state: State, letter: number): void {
    if (isVariable(letter)) this.#met ||= !this.#takesWhole(state, letter);
    const wanted: (readonly number[])[] = [];
    for (const positions of state.wanted) {
      const moved = this.#move(positions, letter);
      if (moved.length === 0) return;
      wanted.push(moved);
    }
    const unwanted = this.#move(state.unwanted, letter);
    this.#enter({ wanted, unwanted, length: state.length + 1, before: state, letter });
  }

  #move(positions: readonly number[], letter: number): readonly number[] {
    return this.#automaton.reduce(positions.flatMap((position) => this.#automaton.moves(position, letter)));
  }

  /** Whether every wanted pattern takes a variable as a whole, whatever its value is. */
  #takesWhole({ wanted }: State, variable: number): boolean {
    const takes = (position: number): boolean =>
      this.#automaton.acceptsAll(position) || this.#automaton.isAt(position, variable);
    return wanted.every((positions) => positions.every(takes));
  }

  #enter(state: State): void {
    if (state.unwanted.some((position) => this.#automaton.acceptsAll(position))) return;
    const key = state.wanted.join(' ');
    const seen = this.#seen.get(key) ?? [];
    if (seen.some((earlier) => isSubset(earlier, state.unwanted))) return;
    this.#seen.set(key, [...seen.filter((earlier) => !isSubset(state.unwanted, earlier)), state.unwanted]);
    this.#budget.spend(1 + state.wanted.length + state.unwanted.length);
    this.#entered += 1;
    const needed = state.wanted.reduce((sum, positions) => sum + this.#automaton.lettersBehind(positions), 0);
    const priority = state.length + needed;
    const states = this.#queue[priority] ?? [];
    this.#queue[priority] = states;
    states.push(state);
  }

  /** The letters that lead somewhere else than others do: those that a position asks for, and one that none does. */
  #letters({ wanted, unwanted }: State): Iterable<number> {
    const asked = wanted.map((positions) => this.#automaton.asks(positions));
    const [strict, ...others] = asked.filter(({ wild }) => !wild).map(({ letters }) => letters);
    if (strict !== undefined) {
      const shared = strict.filter((letter) => others.every((letters) => letters.includes(letter)));
      // A variable is always tried: that something cannot take it must be seen.
      return new Set([...shared, ...asked.flatMap(({ letters }) => letters.filter(isVariable))]);
    }
    const all = [...asked, this.#automaton.asks(unwanted)];
    const letters = new Set(all.flatMap((each) => each.letters));
    if (all.some(({ inPart }) => inPart)) letters.add(COLON);
    letters.add(OTHER);
    return letters;
  }
}

function wordOf(end: State): readonly number[] {
  const word: number[] = [];
  for (let state: State | undefined = end; state?.letter !== undefined; state = state.before)
    word.push(state.letter);
  return word.reverse();
}
