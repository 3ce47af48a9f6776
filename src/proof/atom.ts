import type { ContextValue } from '../engine/request.ts';
import type { CellsOf } from './cells.ts';
import type { Codes } from './codes.ts';

/** What a request is to the theories: its principal and action are fixed before they are asked. */
export interface Model {
  readonly resource: string;
  /** Keys in lower case. A key that is not here is absent. */
  readonly context: ReadonlyMap<string, ContextValue>;
}

/**
 * A question to one part of a request.
 *
 * INVARIANT: `holds` asks the engine's own tests, so a model that satisfies a formula by `holds` satisfies it by the engine;
 * what the theories add (languages, cells) only has to find such models and to prove that there are none.
 */
export type Atom = ResourceAtom | KeyAtom;

interface AnyAtom {
  /** Equal names mean equal atoms. */
  readonly name: string;
  readonly holds: (model: Model) => boolean;
  /** Other keys, in lower case, whose values it reads as policy variables; each is a string where the atom is asked. */
  readonly variables: readonly string[];
  /** The same with the values of some variables put in. */
  readonly substitute: (values: ReadonlyMap<string, string>) => Atom;
}

/** Whether the resource is one of a language. */
export interface ResourceAtom extends AnyAtom {
  readonly kind: 'resource';
  readonly language: readonly Codes[];
}

/** Whether the value of a key satisfies a condition, or has a shape. */
export interface KeyAtom extends AnyAtom {
  readonly kind: 'key';
  /** In lower case. */
  readonly key: string;
  readonly qualifier?: 'ForAllValues' | 'ForAnyValue';
  readonly texts: TextTheory;
}

/** How an atom distinguishes the texts of its key. */
export type TextTheory =
  /** Not at all: every text, and every list, has the same answer. */
  | { readonly kind: 'constant' }
  /** By languages: the atom holds for the texts that satisfy every demand. */
  | { readonly kind: 'language'; readonly demands: readonly LanguageDemand[]; readonly exact: boolean }
  /** By the cells of its constants. */
  | { readonly kind: 'typed'; readonly cellsOf: CellsOf; readonly constants: readonly string[] };

/** To be of a language, or not to be. */
export interface LanguageDemand {
  readonly language: readonly Codes[];
  readonly accepted: boolean;
}
