import type { ContextValue } from '../engine/request.ts';
import type { KeyAtom, LanguageDemand } from './atom.ts';
import type { CellsOf } from './cells.ts';

/** What a literal demands of one text of its key. */
export type TextDemand = {
  /** The engine's answer for a text; only for literals without variables. */
  readonly test: (text: string) => boolean;
  readonly hasVariables: boolean;
} & (
  | { readonly kind: 'never' }
  | { readonly kind: 'language'; readonly all: readonly LanguageDemand[]; readonly exact: boolean }
  | { readonly kind: 'typed'; readonly cellsOf: CellsOf; readonly constants: readonly string[] }
);

/** What an atom about a key says to a value of it, by the engine. */
export function holdsOn(atom: KeyAtom, value: ContextValue | undefined): boolean {
  return atom.holds({ resource: '*', context: value === undefined ? NO_KEYS : new Map([[atom.key, value]]) });
}

const NO_KEYS: ReadonlyMap<string, ContextValue> = new Map();

/** More ways than this to satisfy the literals about one key are not tried one by one. */
const MOST_WAYS = 64;

/**
 * The ways in which one text of a key can satisfy all literals about it, each a conjunction of demands: a literal that asks
 * for a text outside of two languages can be satisfied outside of either. `undefined` where the ways are too many.
 * @param asValue the value that the text is, or is a member of
 */
export function textWays(
  literals: readonly { readonly atom: KeyAtom; readonly positive: boolean }[],
  asValue: (text: string) => ContextValue,
): readonly (readonly TextDemand[])[] | undefined {
  let ways: readonly (readonly TextDemand[])[] = [[]];
  for (const { atom, positive } of literals) {
    const choices = demandsOf(atom, positive, (text) => holdsOn(atom, asValue(text)) === positive);
    ways = ways.flatMap((way) => choices.map((choice) => (choice === 'always' ? way : [...way, choice])));
    if (ways.length > MOST_WAYS) return undefined;
  }
  return ways;
}

/** The demands that satisfy one literal; one of them is enough. */
function demandsOf(
  { texts, variables }: KeyAtom,
  positive: boolean,
  test: (text: string) => boolean,
): readonly (TextDemand | 'always')[] {
  const base = { test, hasVariables: variables.length > 0 };
  if (texts.kind === 'constant') return [test('x') ? 'always' : { ...base, kind: 'never' }];
  if (texts.kind === 'typed') return [{ ...base, ...texts }];
  const { demands, exact } = texts;
  if (positive || !exact) return [{ ...base, kind: 'language', all: positive ? demands : [], exact }];
  return demands.length === 0
    ? [{ ...base, kind: 'never' }]
    : demands.map(({ language, accepted }) => ({
        ...base,
        kind: 'language',
        all: [{ language, accepted: !accepted }],
        exact,
      }));
}
