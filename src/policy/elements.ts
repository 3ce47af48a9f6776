import type { DocumentEntry, DocumentNode, ObjectNode } from '../lib/document.ts';
import { didYouMean } from '../lib/nearest.ts';
import type { Located, Position } from './ast.ts';
import type { Report } from './report.ts';

/** The elements of an object by name; the first, where a key is written twice (which is a fault of its own). */
export class Elements {
  readonly position: Position | undefined;
  readonly #entries = new Map<string, DocumentEntry>();

  /** Every key that is not one of `names` is refused: AWS takes no element that it does not know, in no other case. */
  constructor(node: ObjectNode, names: readonly string[], report: Report) {
    this.position = node.position;
    for (const entry of node.entries) {
      if (!names.includes(entry.key))
        report.error(
          'unknown-element',
          `"${entry.key}" is not an element of a policy here${didYouMean(entry.key, names)}`,
          entry.keyPosition,
        );
      else if (!this.#entries.has(entry.key)) this.#entries.set(entry.key, entry);
    }
  }

  get(name: string): DocumentEntry | undefined {
    return this.#entries.get(name);
  }

  /** The one of two elements that exclude each other; both together are refused. */
  oneOf<Name extends string>(
    [plain, negated]: readonly [Name, Name],
    report: Report,
  ): { readonly element: Name; readonly entry: DocumentEntry } | undefined {
    const first = this.get(plain);
    const second = this.get(negated);
    if (first && second)
      report.error(
        'exclusive-elements',
        `${plain} and ${negated} cannot stand in the same statement`,
        second.keyPosition,
      );
    if (first) return { element: plain, entry: first };
    return second && { element: negated, entry: second };
  }
}

/** Where an entry stands: its value, or its key where the value has no place. */
export const placeOf = ({ value, keyPosition }: DocumentEntry): Position | undefined =>
  value.position ?? keyPosition;

/** What a person calls the value that stands where another was expected. */
export function kindOf(node: DocumentNode): string {
  if (node.kind === 'object') return 'an object';
  if (node.kind === 'array') return 'a list';
  return node.value === null ? 'nothing' : `the ${typeof node.value} ${node.text}`;
}

/** A text that must be a string. */
export function readText(name: string, entry: DocumentEntry, report: Report): Located | undefined {
  const { value } = entry;
  if (value.kind === 'scalar' && typeof value.value === 'string') return located(value.text, placeOf(entry));
  report.error('element-type', `${name} must be a text, not ${kindOf(value)}`, placeOf(entry));
  return undefined;
}

/** One text, or a list of texts, as a list. Numbers and booleans are texts where `coerce` says so (in conditions). */
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
    report.error('element-type', `${name} must be a text or a list of texts, not ${kindOf(node)}`, place);
    return [];
  });
}

export const isEmptyList = ({ value }: DocumentEntry): boolean =>
  value.kind === 'array' && value.items.length === 0;

export const located = (text: string, position: Position | undefined): Located =>
  position === undefined ? { text } : { text, position };
