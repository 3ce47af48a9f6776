import { compileResource } from '../engine/resource.ts';
import { Budget } from './budget.ts';
import type { Codes } from './codes.ts';
import { patternCodes } from './languages.ts';
import { resourceCodes } from './resource-atom.ts';
import { searchWord } from './word-search.ts';

/** Of two patterns, which have few states: beyond this nothing is said. */
const STEPS = 20_000;

/** Whether every action that one pattern matches is matched by another: proven. */
export const coversAction = (wide: string, narrow: string): boolean =>
  covers(patternCodes(wide.toLowerCase()), patternCodes(narrow.toLowerCase()));

/** The same of resources, in a policy of either version: a variable is covered by the same variable and by `*`. */
export const coversResource = (wide: string, narrow: string): boolean =>
  [true, false].every((variables) => {
    const numbers = new Map<string, number>();
    const codesOf = (text: string): Codes => {
      const [pattern] = compileResource({ element: 'Resource', patterns: [{ text }] }, variables).patterns;
      // Two variables are one where key and default are.
      return pattern ? resourceCodes(pattern, (_, part) => numberIn(numbers, JSON.stringify(part))) : [];
    };
    return covers(codesOf(wide), codesOf(narrow));
  });

function numberIn(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

function covers(wide: Codes, narrow: Codes): boolean {
  const demands = [
    { language: [narrow], accepted: true },
    { language: [wide], accepted: false },
  ];
  const result = searchWord(demands, new Budget(STEPS));
  return result.kind === 'none' && !result.met;
}
