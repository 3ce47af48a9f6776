import type { StructureShape } from '../model/shape.ts';

/** Member names as a parser that ignores case compares them. */
const foldedNames = new WeakMap<StructureShape, ReadonlyMap<string, string>>();

/**
 * What is wrong with a name that is a member of the structure except for its case. AWS does not know such a member, and
 * parsers that ignore case (Go's encoding/json, ASP.NET) read it as the member that policies were not asked about.
 *
 * @returns `undefined` where every name is a member, or nothing like one
 */
export function miscasedMember(names: Iterable<string>, shape: StructureShape): string | undefined {
  const folded = foldedNamesOf(shape);
  for (const name of names) {
    const member = folded.get(foldCase(name));
    if (member !== undefined && member !== name) return `The member ${member} is spelled in another case.`;
  }
  return undefined;
}

function foldedNamesOf(shape: StructureShape): ReadonlyMap<string, string> {
  let folded = foldedNames.get(shape);
  if (folded === undefined) {
    folded = new Map([...shape.members.values()].map(({ wireName }) => [foldCase(wireName), wireName]));
    foldedNames.set(shape, folded);
  }
  return folded;
}

/** Both ways: the Kelvin sign is a `k`, and the long s an `S`. */
export const foldCase = (text: string): string => text.toUpperCase().toLowerCase();
