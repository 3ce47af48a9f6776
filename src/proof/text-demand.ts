import type { ContextValue } from '../engine/request.ts';
import type { KeyAtom } from './atom.ts';
import type { CellsOf } from './cells.ts';
import type { Codes } from './codes.ts';

/** What a literal demands of one text of its key. */
export type TextDemand = {
  /** The engine's answer for a text; only for literals without variables. */
  readonly test: (text: string) => boolean;
  readonly hasVariables: boolean;
} & (
  | { readonly kind: 'never' }
  | {
      readonly kind: 'language';
      readonly language: readonly Codes[];
      readonly accepted: boolean;
      readonly exact: boolean;
    }
  | { readonly kind: 'typed'; readonly cellsOf: CellsOf; readonly constants: readonly string[] }
);

/** What an atom about a key says to a value of it, by the engine. */
export function holdsOn(atom: KeyAtom, value: ContextValue | undefined): boolean {
  return atom.holds({ resource: '*', context: value === undefined ? NO_KEYS : new Map([[atom.key, value]]) });
}

const NO_KEYS: ReadonlyMap<string, ContextValue> = new Map();

/**
 * The demands of literals about one key on one text of it, without those that every text fulfils.
 * @param asValue the value that the text is, or is a member of: set operators do not see the empty text, but do in a list
 */
export function textDemands(
  literals: readonly { readonly atom: KeyAtom; readonly positive: boolean }[],
  asValue: (text: string) => ContextValue,
): readonly TextDemand[] {
  return literals.flatMap(({ atom, positive }): TextDemand[] => {
    const test = (text: string): boolean => holdsOn(atom, asValue(text)) === positive;
    const base = { test, hasVariables: atom.variables.length > 0 };
    const { texts } = atom;
    if (texts.kind === 'constant') return test('x') ? [] : [{ ...base, kind: 'never' }];
    if (texts.kind === 'typed') return [{ ...base, ...texts }];
    return [{ ...base, ...texts, accepted: texts.accepted === positive }];
  });
}
