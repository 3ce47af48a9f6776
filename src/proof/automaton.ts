import {
  COLON,
  type Codes,
  END,
  isVariable,
  lettersOf,
  ONE_IN_PART,
  RUN,
  RUN_IN_PART,
  takes,
} from './codes.ts';

/** What positions ask for. */
interface Asked {
  readonly letters: readonly number[];
  readonly wild: boolean;
  readonly inPart: boolean;
}

/**
 * The patterns of one word search as one automaton without transitions between patterns: a position is an index into the
 * codes of all of them, each pattern ended by `END`.
 */
export class Automaton {
  readonly #codes: number[] = [];
  readonly #patterns: number[] = [];
  /** For each position the letters that its pattern needs from there on. */
  readonly #behind: number[] = [];
  #count = 0;

  /** The start positions of a language, one for each pattern. */
  add(language: readonly Codes[]): readonly number[] {
    return language.map((codes) => {
      const start = this.#codes.length;
      for (const code of [...codes, END]) {
        // A second `*` behind the first adds nothing.
        if (code === RUN && this.#codes.length > start && this.#codes.at(-1) === RUN) continue;
        this.#codes.push(code);
        this.#patterns.push(this.#count);
      }
      let needed = 0;
      for (let at = this.#codes.length - 1; at >= start; at -= 1) {
        const code = this.#codes[at];
        if (code !== END && code !== RUN && code !== RUN_IN_PART) needed += 1;
        this.#behind[at] = needed;
      }
      this.#count += 1;
      return start;
    });
  }

  /** Whether the pattern may end here. */
  accepts(position: number): boolean {
    let at = position;
    while (this.#codes[at] === RUN || this.#codes[at] === RUN_IN_PART) at += 1;
    return this.#codes[at] === END;
  }

  /** Whether the pattern takes whatever follows. */
  acceptsAll(position: number): boolean {
    return this.#codes[position] === RUN && this.#codes[position + 1] === END;
  }

  /**
   * Where a letter leads. A `*` that is reached replaces all positions before it: whatever they accept, it accepts.
   */
  moves(position: number, letter: number): readonly number[] {
    const reached: number[] = [];
    for (let at = position; ; at += 1) {
      const code = this.#codes[at] ?? END;
      if (code === RUN) {
        reached.splice(0, reached.length, at);
        if (this.#codes[at + 1] === END) return reached;
      } else if (code === RUN_IN_PART) {
        if (letter !== COLON && !isVariable(letter)) reached.push(at);
      } else {
        if (!takes(code, letter)) return reached;
        return this.#codes[at + 1] === RUN ? [at + 1] : [...reached, at + 1];
      }
    }
  }

  /** Whether a code stands at a position. */
  isAt(position: number, code: number): boolean {
    return this.#codes[position] === code;
  }

  /** How many letters a pattern needs at least from the best of some positions on. */
  lettersBehind(positions: readonly number[]): number {
    return Math.min(...positions.map((position) => this.#behind[position] ?? 0));
  }

  /** What positions ask for: letters by name, and whether one takes others as well (all, or all but the colon). */
  asks(positions: readonly number[]): Asked {
    const letters: number[] = [];
    let wild = false;
    let inPart = false;
    for (const position of positions)
      for (let at = position; ; at += 1) {
        const code = this.#codes[at] ?? END;
        const named = lettersOf(code);
        letters.push(...named);
        wild ||= named.length === 0 && code !== END;
        inPart ||= code === RUN_IN_PART || code === ONE_IN_PART;
        if (code !== RUN && code !== RUN_IN_PART) break;
      }
    return { letters, wild, inPart };
  }

  /** Positions of a set that no later `*` of the same pattern makes superfluous, sorted. */
  reduce(positions: Iterable<number>): readonly number[] {
    const sorted = [...new Set(positions)].sort((one, other) => one - other);
    const lastRun = new Map<number, number>();
    for (const position of sorted)
      if (this.#codes[position] === RUN) lastRun.set(this.#patterns[position] ?? 0, position);
    if (lastRun.size === 0) return sorted;
    return sorted.filter((position) => position >= (lastRun.get(this.#patterns[position] ?? 0) ?? 0));
  }
}

/** Whether a text is of a language; a variable is in no text. */
export function acceptsText(language: readonly Codes[], text: string): boolean {
  const automaton = new Automaton();
  let positions = automaton.add(language);
  for (let index = 0; index < text.length && positions.length > 0; index += 1)
    positions = automaton.reduce(positions.flatMap((each) => automaton.moves(each, text.charCodeAt(index))));
  return positions.some((position) => automaton.accepts(position));
}
