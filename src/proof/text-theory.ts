import type { LanguageDemand } from './atom.ts';
import { acceptsText } from './automaton.ts';
import type { Budget } from './budget.ts';
import { type CellsOf, UNREADABLE } from './cells.ts';
import { type Codes, ONE, RUN, textOf } from './codes.ts';
import { readableText } from './letters.ts';
import type { TextDemand } from './text-demand.ts';
import { searchWord } from './word-search.ts';

export type TextSolution =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none'; readonly met: boolean }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What else is known of the text. */
export interface TextFacts {
  /** Whether it may be empty. */
  readonly empty: boolean;
  /** Its type: booleans are `true` and `false`, typed values can be read. */
  readonly type: 'any' | 'boolean' | 'typed';
  /** A text of its type, where nothing else is asked. */
  readonly example?: string | undefined;
  /** The language that it is of. */
  readonly within?: readonly Codes[] | undefined;
}

type LanguagesDemand = Extract<TextDemand, { kind: 'language' }>;
type TypedDemand = Extract<TextDemand, { kind: 'typed' }>;

/**
 * A text that satisfies all demands, or the proof that there is none. Exact where all demands are languages, or all are of
 * one type; for a mixture each part is refuted alone, and a text is looked for among the constants of all of them.
 */
export function solveText(demands: readonly TextDemand[], facts: TextFacts, budget: Budget): TextSolution {
  if (demands.some(({ kind }) => kind === 'never')) return NONE;
  if (facts.type === 'boolean') return firstOf(['true', 'false'], demands, facts) ?? NONE;
  const finite = finiteTexts(demands);
  if (finite !== undefined) return firstOf(finite, demands, facts) ?? NONE;
  const languages = demands.filter((demand) => demand.kind === 'language');
  const typed = [...groupByCells(demands.filter((demand) => demand.kind === 'typed'))];
  const word = searchText(languages, facts, budget);
  if (word.kind !== 'text') return word;
  if (typed.length === 0)
    return facts.example === undefined ? word : (firstOf([facts.example], demands, facts) ?? word);
  const cells = typed.map(([cellsOf, group]) => cellsOf(group.flatMap(({ constants }) => constants)));
  const alone = typed.map(([, group], index) => firstOf(cells[index] ?? [], group, facts));
  if (alone.includes(undefined)) return NONE;
  const found = firstOf([...cells.flat(), word.text, ...constantsOf(languages)], demands, facts);
  if (found !== undefined) return found;
  return languages.length === 0 && typed.length === 1
    ? NONE
    : { kind: 'unknown', reason: 'one key is read both as a text and as a typed value' };
}

const NONE: TextSolution = { kind: 'none', met: false };
const NOT_EMPTY: LanguageDemand = { language: [[ONE, RUN]], accepted: true };

/** The first of some texts that satisfies all demands. */
function firstOf(
  texts: readonly string[],
  demands: readonly TextDemand[],
  { empty, type, within }: TextFacts,
): TextSolution | undefined {
  const text = texts.find(
    (each) =>
      (empty || each !== '') &&
      !(type === 'typed' && each === UNREADABLE) &&
      (within === undefined || acceptsText(within, each)) &&
      demands.every(({ test }) => test(each)),
  );
  return text === undefined ? undefined : { kind: 'text', text };
}

/** The texts of a demand that allows only some, where the engine can be asked about all demands. */
function finiteTexts(demands: readonly TextDemand[]): readonly string[] | undefined {
  if (demands.some(({ hasVariables }) => hasVariables)) return undefined;
  for (const demand of demands)
    for (const { language, accepted } of demand.kind === 'language' && demand.exact ? demand.all : []) {
      const texts = accepted ? language.map(textOf) : [undefined];
      if (texts.every((text) => text !== undefined)) return texts;
    }
  return undefined;
}

function searchText(
  demands: readonly LanguagesDemand[],
  { empty, within }: TextFacts,
  budget: Budget,
): TextSolution {
  const own = within === undefined ? [] : [{ language: within, accepted: true }];
  const all = [...demands.flatMap((demand) => demand.all), ...own];
  const found = searchWord([...all, ...(empty ? [] : [NOT_EMPTY])], budget);
  if (found.kind === 'bound') return { kind: 'unknown', reason: 'a word search has too many states' };
  // Where a language is not exact, what refutes it here may match there.
  if (found.kind === 'none')
    return demands.every(({ exact }) => exact)
      ? { kind: 'none', met: found.met }
      : { kind: 'unknown', reason: 'a value is compared in a way that no language describes' };
  const text = readableText(
    found.word,
    all.flatMap(({ language }) => language),
  );
  const isRight = demands.every(({ hasVariables, test }) => hasVariables || test(text));
  return isRight ? { kind: 'text', text } : { kind: 'unknown', reason: 'the engine reads a value otherwise' };
}

function groupByCells(demands: readonly TypedDemand[]): ReadonlyMap<CellsOf, readonly TypedDemand[]> {
  const groups = new Map<CellsOf, TypedDemand[]>();
  for (const demand of demands) groups.set(demand.cellsOf, [...(groups.get(demand.cellsOf) ?? []), demand]);
  return groups;
}

const constantsOf = (demands: readonly LanguagesDemand[]): readonly string[] =>
  demands
    .flatMap(({ all }) => all.flatMap(({ language }) => language.map(textOf)))
    .filter((text) => text !== undefined);
