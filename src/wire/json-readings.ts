import { keysIn } from '../lib/parse-json.ts';
import type { StructureShape } from '../model/shape.ts';

const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * Whether a string of a JSON text, a key among them, has half of a surrogate pair. Parsers keep it, replace it or fail on it:
 * what was authorized could differ from what an upstream reads. `value` is what `parseJson` made of `text`.
 */
export function hasLoneSurrogate(text: string, value: unknown): boolean {
  return SURROGATE_ESCAPE.test(text) && !isWellFormed(value);
}

/** Not recursive: nesting is as deep as the sender likes. */
function isWellFormed(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' && !next.isWellFormed()) return false;
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && !Object.keys(next).every((key) => key.isWellFormed())) return false;
    for (const item of Object.values(next)) open.push(item);
  }
  return true;
}

/**
 * Whether an object in a JSON text has the same key twice. `value` is what `parseJson` made of `text`: it keeps the
 * last of two, so the text then holds more keys than the value.
 */
export function hasDuplicateKey(text: string, value: unknown): boolean {
  return keysIn(text).count !== keysOf(value);
}

/** Keys held by all objects inside a value. Not recursive: nesting is as deep as the sender likes. */
function keysOf(value: unknown): number {
  let keys = 0;
  const open: object[] = [];
  const visit = (item: unknown): void => {
    if (typeof item === 'object' && item !== null) open.push(item);
  };
  visit(value);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const inside: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) keys += inside.length;
    for (const item of inside) visit(item);
  }
  return keys;
}

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
    const member = folded.get(name) ?? folded.get(foldCase(name));
    if (member !== undefined && member !== name) return `The member ${member} is spelled in another case.`;
  }
  return undefined;
}

function foldedNamesOf(shape: StructureShape): ReadonlyMap<string, string> {
  let folded = foldedNames.get(shape);
  if (folded === undefined) {
    const wireNames = [...shape.members.values()].map(({ wireName }) => wireName);
    const byFolded = new Map(wireNames.map((name) => [foldCase(name), name]));
    // As it is spelled, too: most names are, and need not be folded.
    folded = new Map([
      ...wireNames.map((name) => [name, byFolded.get(foldCase(name)) ?? name] as const),
      ...byFolded,
    ]);
    foldedNames.set(shape, folded);
  }
  return folded;
}

/** Both ways: the Kelvin sign is a `k`, and the long s an `S`. */
export const foldCase = (text: string): string => text.toUpperCase().toLowerCase();
