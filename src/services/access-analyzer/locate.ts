import { findNodeAtLocation, findNodeAtOffset, getNodePath, type Node, parseTree } from 'jsonc-parser';
import type { Position } from '../../policy/ast.ts';

type Step = string | number;

/** A place in a document as Access Analyzer gives it: lines from 1, columns and offsets from 0, the end not included. */
export interface Location {
  readonly path: readonly ({ readonly value: string } | { readonly index: number })[];
  readonly span: { readonly start: Place; readonly end: Place };
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** What is at a place. */
export interface Found {
  readonly location: Location;
  readonly path: readonly Step[];
  /** A string's text, or the source of what is no string. */
  readonly text: string;
}

/** Finds the values of a policy document by position or path, with their path and span. */
export class PolicyText {
  readonly #text: string;
  readonly #lines: readonly number[];
  /** Absent where the document is not JSON: every place is then the whole of it. */
  readonly #root: Node | undefined;

  /** @param isJson whether the document was read: a broken one may be nested too deep for a tree */
  constructor(text: string, isJson: boolean) {
    this.#text = text;
    this.#lines = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)];
    this.#root = isJson ? parseTree(text) : undefined;
  }

  /** The value at a position; of a position of a key, the value that it has. */
  at(position: Partial<Position> | undefined): Found {
    const offset = this.#offsetOf(position);
    const node =
      offset === undefined || this.#root === undefined ? undefined : findNodeAtOffset(this.#root, offset);
    const { parent } = node ?? {};
    const isKey = parent?.type === 'property' && parent.children?.[0] === node;
    return this.#found((isKey ? parent?.children?.[1] : node) ?? this.#root);
  }

  /** The value at a path, or the whole document. */
  inside(...path: readonly Step[]): Found {
    return this.#found(this.#node(path) ?? this.#root);
  }

  /** Whether an object at a path has no members. */
  isEmptyObject(...path: readonly Step[]): boolean {
    const node = this.#node(path);
    return node?.type === 'object' && node.children?.length === 0;
  }

  /** The location of one character, as of a syntax error. */
  character(position: Partial<Position>): Location {
    const offset = Math.min(this.#offsetOf(position) ?? 0, this.#text.length);
    return { path: [], span: this.#span(offset, Math.min(offset + 1, this.#text.length)) };
  }

  #node(path: readonly Step[]): Node | undefined {
    return this.#root && findNodeAtLocation(this.#root, [...path]);
  }

  #found(node: Node | undefined): Found {
    const { offset, length } = node ?? { offset: 0, length: this.#text.length };
    const path = node ? getNodePath(node) : [];
    return {
      location: {
        path: path.map((step) => (typeof step === 'number' ? { index: step } : { value: step })),
        span: this.#span(offset, offset + length),
      },
      path,
      text: typeof node?.value === 'string' ? node.value : this.#text.slice(offset, offset + length),
    };
  }

  #span(start: number, end: number): Location['span'] {
    return { start: this.#place(start), end: this.#place(end) };
  }

  #place(offset: number): Place {
    let [low, high] = [0, this.#lines.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lines[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lines[low] ?? 0), offset };
  }

  #offsetOf(position: Partial<Position> | undefined): number | undefined {
    const line = position?.line === undefined ? undefined : this.#lines[position.line - 1];
    return line === undefined || position?.column === undefined ? undefined : line + position.column - 1;
  }
}
