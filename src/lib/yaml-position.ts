import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import {
  at,
  type DocumentEntry,
  type DocumentNode,
  faultAt,
  MAX_DEPTH,
  type ScalarNode,
  type TextDiagnostic,
  type TextPosition,
} from './document.ts';
import { readPlainDocument } from './plain-yaml.ts';
import { err, ok, type Result } from './result.ts';

/**
 * Aliases can expand a few lines to gigabytes. A document without aliases has at most one value for each of its
 * characters, however large it is; one with aliases may have as many, and 100,000 in any case.
 */
const mostValues = (text: string): number => Math.max(100_000, 2 * text.length);

export interface YamlOptions {
  /** Tags that are short forms of an object with one key: `!Sub x` for `{ Fn::Sub: x }`. */
  readonly longForms?: ReadonlyMap<string, string>;
}

const NO_FORMS: ReadonlyMap<string, string> = new Map();

/**
 * Parses one YAML 1.2 document (core schema: dates stay strings, `no` is not a boolean) with the position of every
 * value. Aliases are expanded. Duplicate keys are kept: `duplicateKeys` finds them. An empty source is the scalar
 * `null`.
 *
 * @returns the document, or every syntax error (rule `syntax`; unknown tags are errors too) with its line and column.
 */
export function readYaml(
  text: string,
  file?: string,
  options: YamlOptions = {},
): Result<DocumentNode, readonly TextDiagnostic[]> {
  const plain = readPlainDocument(text);
  return plain === undefined ? readFullYaml(text, file, options) : ok(plain);
}

/** The same without the fast path for plain documents, for the test that compares the two. */
export function readFullYaml(
  text: string,
  file?: string,
  { longForms = NO_FORMS }: YamlOptions = {},
): Result<DocumentNode, readonly TextDiagnostic[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const diagnostics = [...document.errors, ...document.warnings]
    .filter(
      ({ code, message }) => code !== 'TAG_RESOLVE_FAILED' || !longForms.has(message.split(' ').at(-1) ?? ''),
    )
    .map(({ message, pos }) => faultAt('syntax', message, placeOf(lines, pos[0]), file));
  if (diagnostics.length > 0) return err(diagnostics);
  const tree = new TreeReader(document, lines, { longForms, mostValues: mostValues(text) });
  const root = tree.read(document.contents, 0, { line: 1, column: 1 });
  return tree.refused === undefined
    ? ok(root)
    : err([faultAt('syntax', tree.refused.message, tree.refused.position, file)]);
}

const MERGE_KEY =
  'merge keys (<<) are not supported; write the members out, or use an alias (*name) as a whole value';

class TreeReader {
  refused: { readonly message: string; readonly position: TextPosition | undefined } | undefined;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #longForms: ReadonlyMap<string, string>;
  readonly #mostValues: number;
  readonly #targets = new Map<Alias, Node>();
  #nodes = 0;

  constructor(
    document: Document,
    lines: LineCounter,
    { longForms, mostValues: most }: Required<YamlOptions> & { readonly mostValues: number },
  ) {
    this.#document = document;
    this.#lines = lines;
    this.#longForms = longForms;
    this.#mostValues = most;
  }

  /** `fallback` is the position of a value that is not written (`key:` without a value). */
  read(node: Node | null | undefined, depth: number, fallback: TextPosition | undefined): DocumentNode {
    const position = node?.range ? placeOf(this.#lines, node.range[0]) : fallback;
    this.#nodes += 1;
    if (depth > MAX_DEPTH)
      return this.#refuse(`the document is nested deeper than ${MAX_DEPTH} levels`, position);
    if (this.#nodes > this.#mostValues)
      return this.#refuse(`the document has more than ${this.#mostValues} values`, position);
    if (isAlias(node)) return this.read(this.#target(node), depth + 1, position);
    const value = this.#untagged(node, depth, position);
    const key = node?.tag === undefined ? undefined : this.#longForms.get(node.tag);
    return key === undefined ? value : { kind: 'object', entries: [{ key, value }], ...at(position) };
  }

  #untagged(node: Node | null | undefined, depth: number, position: TextPosition | undefined): DocumentNode {
    if (isMap<Node, Node | null>(node)) {
      const entries = node.items.map((pair) => this.#entry(pair.key, pair.value, depth + 1));
      return { kind: 'object', entries, ...at(position) };
    }
    if (isSeq<Node | null>(node)) {
      const items = node.items.map((item) => this.read(item, depth + 1, position));
      return { kind: 'array', items, ...at(position) };
    }
    return isScalar(node) ? this.#scalar(node.value, node.source, position) : nothing(position);
  }

  /** Cached: the library searches the whole document for each alias, and nested aliases are resolved repeatedly. */
  #target(alias: Alias): Node | undefined {
    const known = this.#targets.get(alias) ?? alias.resolve(this.#document);
    if (known !== undefined) this.#targets.set(alias, known);
    return known;
  }

  #entry(key: Node, value: Node | null, depth: number): DocumentEntry {
    const name = this.read(key, depth, undefined);
    // YAML 1.2 has no merge keys: read as a key, `<<` would silently drop what it is meant to add.
    if (isScalar(key) && key.type === 'PLAIN' && key.value === '<<') this.#refuse(MERGE_KEY, name.position);
    if (name.kind !== 'scalar') this.#refuse('a key must be a single word or string', name.position);
    return {
      key: name.kind === 'scalar' ? name.text : '',
      ...(name.position && { keyPosition: name.position }),
      value: this.read(value, depth, name.position),
    };
  }

  #scalar(value: unknown, source: string | undefined, position: TextPosition | undefined): ScalarNode {
    if (typeof value === 'string') return { kind: 'scalar', value, text: value, ...at(position) };
    if (typeof value === 'number' || typeof value === 'boolean')
      return { kind: 'scalar', value, text: source ?? String(value), ...at(position) };
    return value === null
      ? nothing(position)
      : this.#refuse('values of this type are not supported', position);
  }

  /** Reports only the first error: the others have the same cause. */
  #refuse(message: string, position: TextPosition | undefined): ScalarNode {
    this.refused ??= { message, position };
    return nothing(position);
  }
}

const nothing = (position: TextPosition | undefined): ScalarNode => ({
  kind: 'scalar',
  value: null,
  text: 'null',
  ...at(position),
});

function placeOf(lines: LineCounter, offset: number): TextPosition {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
