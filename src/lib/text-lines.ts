/** A line of a text with something on it. */
export interface TextLine {
  /** 1-based. */
  readonly number: number;
  /** Offset of its first character, spaces included. */
  readonly start: number;
  /** Offset of its first character that is not a space. */
  from: number;
  /** Offset after its last character that is not a space. */
  readonly to: number;
}

const SPACE = 32;
const NUMBER_SIGN = 35;
const RETURN = 13;

/** The lines of a text that are neither empty nor comments of YAML, one after the other. */
export class TextLines {
  readonly #text: string;
  #next = 0;
  #number = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `undefined` after the last one. */
  next(): TextLine | undefined {
    const text = this.#text;
    while (this.#next < text.length) {
      const start = this.#next;
      const newline = text.indexOf('\n', start);
      let to = newline < 0 ? text.length : newline;
      this.#next = to + 1;
      this.#number += 1;
      if (text.charCodeAt(to - 1) === RETURN) to -= 1;
      let from = start;
      while (from < to && text.charCodeAt(from) === SPACE) from += 1;
      if (from === to || text.charCodeAt(from) === NUMBER_SIGN) continue;
      while (text.charCodeAt(to - 1) === SPACE) to -= 1;
      return { number: this.#number, start, from, to };
    }
    return undefined;
  }
}
