import { type Codes, isVariable, lettersOf, ONE, ONE_IN_PART, RUN, RUN_IN_PART } from './codes.ts';

const WILDCARDS: Readonly<Record<number, string>> = {
  [RUN]: '[^]*',
  [ONE]: '[^]',
  [RUN_IN_PART]: '[^:]*',
  [ONE_IN_PART]: '[^:]',
};

/** More variables than patterns have, and a bound on what a regular expression may cost. */
const MOST_VARIABLES = 2;

/** What stands in a text where a pattern has its variables; `undefined` where it does not match. */
export function captureGroups(codes: Codes, text: string): readonly string[] | undefined {
  if (codes.filter(isVariable).length > MOST_VARIABLES) return undefined;
  const source = codes
    .map((code) => WILDCARDS[code] ?? (isVariable(code) ? '([^]*)' : letterClass(code)))
    .join('');
  return new RegExp(`^${source}$`).exec(text)?.slice(1);
}

const letterClass = (code: number): string =>
  `[${lettersOf(code)
    .map((letter) => `\\u${letter.toString(16).padStart(4, '0')}`)
    .join('')}]`;
