/*
 * Patterns as sequences of numbers, for the automata: a letter (a UTF-16 unit), a letter in any case, one of the wildcards
 * below, or a policy variable whose value is not known.
 */

/** One alternative of a language; a language is a list of them. */
export type Codes = readonly number[];

/** `*`: any letters. */
export const RUN = -1;
/** `?`: one letter. */
export const ONE = -2;
/** `*` and `?` of the first five parts of an ARN operator's pattern, which never match a colon. */
export const RUN_IN_PART = -3;
export const ONE_IN_PART = -4;
/** After the last code of a pattern. */
export const END = -5;
/** A letter that no pattern asks for. */
export const OTHER = -6;

export const COLON = 58;

/** Variable number `index` is the code `FIRST_VARIABLE - index`. */
const FIRST_VARIABLE = -16;
/** A letter in any case is this plus the letter's lower case. */
const FOLDED = 0x1_0000;

export const variableCode = (index: number): number => FIRST_VARIABLE - index;
export const isVariable = (code: number): boolean => code <= FIRST_VARIABLE;
export const folded = (lowerCase: number): number => FOLDED + lowerCase;

/** Letters of a literal text. */
export const literal = (text: string): number[] =>
  Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));

/** Whether a language is that of every text. */
export const isEverything = (language: readonly Codes[]): boolean =>
  language.some((codes) => codes.length > 0 && codes.every((code) => code === RUN));

/** Of a pattern without wildcards, letters in any case and variables: its text. */
export const textOf = (codes: Codes): string | undefined =>
  codes.every((code) => code >= 0 && code < FOLDED)
    ? codes.map((code) => String.fromCharCode(code)).join('')
    : undefined;

/**
 * The letters that a code asks for by name: none for wildcards. For a letter in any case these are all whose lower case
 * it is, U+212A (the Kelvin sign) among them for `k`.
 */
export function lettersOf(code: number): readonly number[] {
  if (code < 0) return isVariable(code) ? [code] : [];
  if (code < FOLDED) return [code];
  return variantsOf(code - FOLDED);
}

/** Whether a code takes a letter. `OTHER` and variables are letters that only wildcards take, or the same variable. */
export function takes(code: number, letter: number): boolean {
  if (code === letter) return true;
  if (code === ONE) return !isVariable(letter);
  if (code === ONE_IN_PART) return letter !== COLON && !isVariable(letter);
  return code >= FOLDED && variantsOf(code - FOLDED).includes(letter);
}

const variants = new Map<number, readonly number[]>();

function variantsOf(lowerCase: number): readonly number[] {
  const known = variants.get(lowerCase);
  if (known !== undefined) return known;
  if (variants.size === 0) collectVariants();
  const own = variants.get(lowerCase) ?? [lowerCase];
  variants.set(lowerCase, own);
  return own;
}

/** Every unit that has another one for its lower case. */
function collectVariants(): void {
  for (let unit = 0; unit < FOLDED; unit += 1) {
    const lower = String.fromCharCode(unit).toLowerCase();
    if (lower.length !== 1 || lower.charCodeAt(0) === unit) continue;
    const lowerCase = lower.charCodeAt(0);
    variants.set(lowerCase, [...(variants.get(lowerCase) ?? [lowerCase]), unit]);
  }
}
