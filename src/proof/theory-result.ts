import type { Model } from './atom.ts';
import type { Literal } from './formula.ts';

/** A literal as the theories see it: what matters is its atom and its sign. */
export type TheoryLiteral = Pick<Literal, 'atom' | 'positive'>;

export type TheoryResult =
  | { readonly kind: 'model'; readonly model: Model }
  /** `met`: a variable met what cannot take it, so that the answer does not hold for every value of it. */
  | { readonly kind: 'none'; readonly met: boolean }
  | { readonly kind: 'unknown'; readonly reason: string };
