/**
 * A pattern as UTF-16 codes, its wildcards as negative numbers: text that is put into a pattern (the value of a policy
 * variable, an escaped `${*}`) can thus never act as a wildcard.
 */
export type WildcardCodes = readonly number[];

const NO_CODES: WildcardCodes = [];
const ANY_RUN = -1;
const ANY_ONE = -2;
const ASTERISK = 42;
const QUESTION_MARK = 63;

/** A pattern made ready for matching and for indexing. */
export interface WildcardPattern {
  /** `exact`: no wildcard. `prefix`: its only wildcard is one `*` at the end. */
  readonly shape: 'exact' | 'prefix' | 'general';
  /** The text before the first wildcard. */
  readonly prefix: string;
  /** Of a `general` pattern; the other shapes need none. */
  readonly codes: WildcardCodes;
}

/** The codes of a text in which `*` stands for any characters, also none, and `?` for any one character. */
export function wildcardCodes(text: string): WildcardCodes {
  return Array.from({ length: text.length }, (_, index) => {
    const code = text.charCodeAt(index);
    if (code === ASTERISK) return ANY_RUN;
    return code === QUESTION_MARK ? ANY_ONE : code;
  });
}

/** The codes of a text in which `*` and `?` are only characters. */
export const literalCodes = (text: string): WildcardCodes =>
  Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));

export function toPattern(codes: WildcardCodes): WildcardPattern {
  const wildcard = codes.findIndex((code) => code < 0);
  if (wildcard < 0) return { shape: 'exact', prefix: textOf(codes), codes: NO_CODES };
  const prefix = textOf(codes.slice(0, wildcard));
  if (wildcard === codes.length - 1 && codes[wildcard] === ANY_RUN)
    return { shape: 'prefix', prefix, codes: NO_CODES };
  return { shape: 'general', prefix, codes };
}

/** More arguments than a call takes would overflow the stack. */
const CODES_A_CALL = 10_000;

function textOf(codes: WildcardCodes): string {
  if (codes.length <= CODES_A_CALL) return String.fromCharCode(...codes);
  return textOf(codes.slice(0, CODES_A_CALL)) + textOf(codes.slice(CODES_A_CALL));
}

/** The pattern that a text is. Most have no wildcard but a last `*`, and are read without taking them apart. */
export function parsePattern(text: string): WildcardPattern {
  const wildcard = text.search(/[*?]/);
  if (wildcard < 0) return { shape: 'exact', prefix: text, codes: NO_CODES };
  if (wildcard < text.length - 1 || text.endsWith('?')) return toPattern(wildcardCodes(text));
  return { shape: 'prefix', prefix: text.slice(0, wildcard), codes: NO_CODES };
}

/** Whether the pattern matches all of `text`, or all of the part of it from `from` up to, not including, `to`. */
export function matchesPattern(pattern: WildcardPattern, text: string, from = 0, to = text.length): boolean {
  const { shape, prefix } = pattern;
  if (shape === 'general') return matchesCodes(pattern.codes, text, from, to);
  const length = to - from;
  if (shape === 'exact' ? length !== prefix.length : length < prefix.length) return false;
  return text.startsWith(prefix, from);
}

/**
 * Greedy with one point of return: a later `*` makes every earlier one irrelevant, so that only the last is ever
 * extended. No pattern blows up: at most text length x pattern length comparisons, and for most, one a character.
 */
export function matchesCodes(codes: WildcardCodes, text: string, from = 0, to = text.length): boolean {
  let at = from;
  let next = 0;
  let lastRun = -1;
  let runEnd = from;
  while (at < to) {
    const code = next < codes.length ? codes[next] : undefined;
    if (code === ANY_RUN) {
      lastRun = next;
      runEnd = at;
      next += 1;
      if (next === codes.length) return true;
    } else if (code === ANY_ONE || (code !== undefined && code === text.charCodeAt(at))) {
      next += 1;
      at += 1;
    } else if (lastRun >= 0) {
      runEnd += 1;
      at = runEnd;
      next = lastRun + 1;
    } else return false;
  }
  while (next < codes.length && codes[next] === ANY_RUN) next += 1;
  return next === codes.length;
}
