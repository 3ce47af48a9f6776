import type { DocumentEntry, DocumentNode, ObjectNode } from '../lib/document.ts';
import { didYouMean } from '../lib/nearest.ts';
import type { Located, Position } from './ast.ts';
import type { Report } from './report.ts';

/** The elements of an object by name; the first if a key is duplicated (which is an error of its own). */
export class Elements {
  readonly position: Position | undefined;
  readonly #entries = new Map<string, DocumentEntry>();

  /** Reports every key that is not one of `names`: AWS rejects unknown elements, and names are case-sensitive. */
  constructor(node: ObjectNode, names: readonly string[], report: Report) {
    this.position = node.position;
    for (const entry of node.entries) {
      if (!names.includes(entry.key))
        report.error(
          'unknown-element',
          `"${entry.key}" is not a valid element here${didYouMean(entry.key, names)}`,
          entry.keyPosition,
        );
      else if (!this.#entries.has(entry.key)) this.#entries.set(entry.key, entry);
    }
  }

  get(name: string): DocumentEntry | undefined {
    return this.#entries.get(name);
  }

  /** One of two elements that exclude each other; both together are an error. */
  oneOf<Name extends string>(
    [plain, negated]: readonly [Name, Name],
    report: Report,
  ): { readonly element: Name; readonly entry: DocumentEntry } | undefined {
    const first = this.get(plain);
    const second = this.get(negated);
    if (first && second)
      report.error(
        'exclusive-elements',
        `${plain} and ${negated} cannot be used in the same statement`,
        second.keyPosition,
      );
    if (first) return { element: plain, entry: first };
    return second && { element: negated, entry: second };
  }
}

/** The position of an entry: its value, or its key if the value has no position. */
export const placeOf = ({ value, keyPosition }: DocumentEntry): Position | undefined =>
  value.position ?? keyPosition;

/** Describes the type of a value in messages about an unexpected one. */
export function kindOf(node: DocumentNode): string {
  if (node.kind === 'object') return 'an object';
  if (node.kind === 'array') return 'a list';
  return node.value === null ? 'nothing' : `the ${typeof node.value} ${node.text}`;
}

/** Reads a value that must be a string. */
export function readText(name: string, entry: DocumentEntry, report: Report): Located | undefined {
  const { value } = entry;
  if (value.kind === 'scalar' && typeof value.value === 'string') return located(value.text, placeOf(entry));
  report.error('element-type', `${name} must be a string, not ${kindOf(value)}`, placeOf(entry));
  return undefined;
}

/**
 * Reads a string or a list of strings as a list. With `coerce` (in conditions), numbers and booleans are read as
 * strings.
 */
export function readTexts(
  name: string,
  entry: DocumentEntry,
  report: Report,
  coerce: 'strings' | 'scalars' = 'strings',
): readonly Located[] {
  const nodes = entry.value.kind === 'array' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => {
    const place = node.position ?? entry.keyPosition;
    const isText =
      node.kind === 'scalar' &&
      (typeof node.value === 'string' || (coerce === 'scalars' && node.value !== null));
    if (isText) return [located(node.text, place)];
    report.error('element-type', `${name} must be a string or a list of strings, not ${kindOf(node)}`, place);
    return [];
  });
}

export const isEmptyList = ({ value }: DocumentEntry): boolean =>
  value.kind === 'array' && value.items.length === 0;

export const located = (text: string, position: Position | undefined): Located =>
  position === undefined ? { text } : { text, position };
