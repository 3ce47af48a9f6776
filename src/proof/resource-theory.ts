import type { ResourceAtom } from './atom.ts';
import { acceptsText } from './automaton.ts';
import type { Budget } from './budget.ts';
import { type Codes, textOf } from './codes.ts';
import { readableText } from './letters.ts';
import { searchWord } from './word-search.ts';

/** The resources of a case: those of all these languages, and not of that one. */
export interface ResourceZone {
  readonly languages: readonly (readonly Codes[])[];
  readonly excluded: readonly Codes[];
}

export type ResourceSolution =
  | { readonly kind: 'resource'; readonly resource: string }
  | { readonly kind: 'none'; readonly met: boolean }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A resource of the zone that satisfies all literals, or the proof that there is none. */
export function solveResource(
  literals: readonly { readonly atom: ResourceAtom; readonly positive: boolean }[],
  zone: ResourceZone,
  budget: Budget,
): ResourceSolution {
  const demands = [
    ...zone.languages.map((language) => ({ language, accepted: true })),
    { language: zone.excluded, accepted: false },
    ...literals.map(({ atom, positive }) => ({ language: atom.language, accepted: positive })),
  ];
  const finite = finiteLanguage(demands);
  if (finite !== undefined) {
    const resource = finite.find((text) =>
      demands.every(({ language, accepted }) => acceptsText(language, text) === accepted),
    );
    if (resource !== undefined) return { kind: 'resource', resource };
    // A variable that is a letter of its own is in no text.
    if (literals.every(({ atom }) => atom.variables.length === 0)) return { kind: 'none', met: false };
  }
  const found = searchWord(demands, budget);
  if (found.kind === 'bound')
    return { kind: 'unknown', reason: 'the search for a resource has too many states' };
  if (found.kind === 'none') return found;
  return {
    kind: 'resource',
    resource: readableText(
      found.word,
      demands.flatMap(({ language }) => language),
    ),
  };
}

/** The texts of a demand that accepts only some. */
function finiteLanguage(
  demands: readonly { readonly language: readonly Codes[]; readonly accepted: boolean }[],
): readonly string[] | undefined {
  for (const { language, accepted } of demands) {
    const texts = accepted ? language.map(textOf) : [undefined];
    if (texts.every((text) => text !== undefined)) return texts;
  }
  return undefined;
}

/** Whether a resource is one of the zone. */
export const isInZone = ({ languages, excluded }: ResourceZone, resource: string): boolean =>
  languages.every((language) => acceptsText(language, resource)) && !acceptsText(excluded, resource);
