/**
 * A pattern as UTF-16 codes, with wildcards as negative numbers, so that strings inserted into a pattern (the value
 * of a policy variable, an escaped `${*}`) can never act as wildcards.
 */
export type WildcardCodes = readonly number[];

const NO_CODES: WildcardCodes = [];
const ANY_RUN = -1;
const ANY_ONE = -2;
const ASTERISK = 42;
const QUESTION_MARK = 63;

/** A pattern prepared for matching and for indexing. */
export interface WildcardPattern {
  /** `exact`: no wildcard. `prefix`: its only wildcard is one `*` at the end. */
  readonly shape: 'exact' | 'prefix' | 'general';
  /** The literal part before the first wildcard. */
  readonly prefix: string;
  /** For a `general` pattern only. */
  readonly codes: WildcardCodes;
}

/** The codes of a string in which `*` matches any number of characters and `?` exactly one. */
export function wildcardCodes(text: string): WildcardCodes {
  return Array.from({ length: text.length }, (_, index) => {
    const code = text.charCodeAt(index);
    if (code === ASTERISK) return ANY_RUN;
    return code === QUESTION_MARK ? ANY_ONE : code;
  });
}

/** The codes of a string in which `*` and `?` are literal. */
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

/** A call with more arguments could overflow the stack. */
const CODES_A_CALL = 10_000;

function textOf(codes: WildcardCodes): string {
  if (codes.length <= CODES_A_CALL) return String.fromCharCode(...codes);
  return textOf(codes.slice(0, CODES_A_CALL)) + textOf(codes.slice(CODES_A_CALL));
}

/**
 * Parses a pattern. Most have no wildcard except a trailing `*`, and are handled without splitting them into codes.
 */
export function parsePattern(text: string): WildcardPattern {
  const wildcard = text.search(/[*?]/);
  if (wildcard < 0) return { shape: 'exact', prefix: text, codes: NO_CODES };
  if (wildcard < text.length - 1 || text.endsWith('?')) return toPattern(wildcardCodes(text));
  return { shape: 'prefix', prefix: text.slice(0, wildcard), codes: NO_CODES };
}

/** Whether the pattern matches all of `text`, or its part from `from` up to, not including, `to`. */
export function matchesPattern(pattern: WildcardPattern, text: string, from = 0, to = text.length): boolean {
  const { shape, prefix } = pattern;
  if (shape === 'general') return matchesCodes(pattern.codes, text, from, to);
  const length = to - from;
  if (shape === 'exact' ? length !== prefix.length : length < prefix.length) return false;
  return text.startsWith(prefix, from);
}

/**
 * Greedy with one backtracking point: a later `*` makes every earlier one irrelevant, so only the last is ever
 * extended. Never exponential: at most string length x pattern length comparisons, and usually one per character.
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
