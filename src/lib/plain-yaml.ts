import type { DocumentEntry, DocumentNode, ScalarNode, TextPosition } from './document.ts';
import { endOfPlain, endOfQuoted, isQuote, scalarOf, skipSpaces, Unusual } from './plain-yaml-scalars.ts';
import { type TextLine, TextLines } from './text-lines.ts';

/*
 * Reads the YAML that large files are: mappings and lists, each value a word, a quoted string or a flow collection on
 * one line. All other YAML, and what is not YAML, is `undefined` here and left to the full parser, which takes ten
 * times as long and far more memory. A property test holds the two to be equal.
 */

/** The document that the full parser returns, positions included. */
export const readPlainDocument = (text: string): DocumentNode | undefined => read(text, POSITIONED);

/** Its value only; `undefined` also if a key is duplicated, which has to be reported. */
export const readPlainValue = (text: string): { readonly value: unknown } | undefined => {
  const value = read(text, VALUES);
  return value === undefined ? undefined : { value };
};

/** What a document is read into. */
interface Builder<Node> {
  readonly position: (line: TextLine, offset: number) => TextPosition | undefined;
  readonly scalar: (scalar: Pick<ScalarNode, 'value' | 'text'>, position: TextPosition | undefined) => Node;
  readonly list: (items: readonly Node[], position: TextPosition | undefined) => Node;
  readonly mapping: (entries: readonly Entry<Node>[], position: TextPosition | undefined) => Node;
}

interface Entry<Node> {
  readonly key: string;
  readonly keyPosition: TextPosition | undefined;
  readonly value: Node;
}

const POSITIONED: Builder<DocumentNode> = {
  position: ({ number, start }, offset) => ({ line: number, column: offset - start + 1 }),
  scalar: ({ value, text }, position = START) => ({ kind: 'scalar', value, text, position }),
  list: (items, position = START) => ({ kind: 'array', items, position }),
  mapping: (entries, position = START) => ({
    kind: 'object',
    entries: entries as readonly DocumentEntry[],
    position,
  }),
};

const START: TextPosition = { line: 1, column: 1 };

const VALUES: Builder<unknown> = {
  position: () => undefined,
  scalar: ({ value }) => value,
  list: (items) => items,
  mapping: (entries) => {
    const record: Record<string, unknown> = {};
    for (const { key, value } of entries) {
      if (key === '__proto__' || Object.hasOwn(record, key)) throw new Unusual();
      record[key] = value;
    }
    return record;
  },
};

/** Tabs, other line ends and control characters; document marks and directives. */
const UNUSUAL = /\r(?!\n)|[^\P{Cc}\r\n]|[\u2028\u2029\ufeff\ufffe\uffff]/u;
const MARKS = /^(?:---|\.\.\.|%)/m;

function read<Node>(text: string, builder: Builder<Node>): Node | undefined {
  if (UNUSUAL.test(text) || MARKS.test(text)) return undefined;
  try {
    return new PlainReader(text, builder).document();
  } catch (thrown) {
    if (thrown instanceof Unusual) return undefined;
    throw thrown;
  }
}

const MOST_DEPTH = 50;

class PlainReader<Node> {
  readonly #text: string;
  readonly #lines: TextLines;
  readonly #builder: Builder<Node>;
  #line: TextLine | undefined;
  #depth = 0;

  constructor(text: string, builder: Builder<Node>) {
    this.#text = text;
    this.#builder = builder;
    this.#lines = new TextLines(text);
    this.#line = this.#lines.next();
  }

  document(): Node {
    if (this.#line === undefined) throw new Unusual();
    const root = this.#block(this.#line);
    if (this.#line !== undefined) throw new Unusual();
    return root;
  }

  /** A block collection whose first key or dash is the first character of a line, or what follows a dash. */
  #block(line: TextLine): Node {
    this.#descend();
    const column = columnOf(line);
    const position = this.#builder.position(line, line.from);
    const node = this.#isItem(line)
      ? this.#builder.list(
          this.#members(column, true, (each) => this.#item(each, column)),
          position,
        )
      : this.#builder.mapping(
          this.#members(column, false, (each) => this.#entry(each, column)),
          position,
        );
    this.#depth -= 1;
    return node;
  }

  #members<Member>(column: number, items: boolean, read: (line: TextLine) => Member): readonly Member[] {
    const members: Member[] = [];
    for (let line = this.#line; line && columnOf(line) === column; line = this.#line) {
      if (this.#isItem(line) !== items) break;
      members.push(read(line));
    }
    if (this.#line !== undefined && columnOf(this.#line) > column) throw new Unusual();
    return members;
  }

  #isItem({ from, to }: TextLine): boolean {
    return this.#text[from] === '-' && (from + 1 === to || this.#text[from + 1] === ' ');
  }

  #item(line: TextLine, column: number): Node {
    const start = skipSpaces(this.#text, line.from + 1);
    if (this.#isEnd(start, line)) return this.#below(line, start, (next) => columnOf(next) > column);
    const from = line.from;
    line.from = start;
    // `- key: value` and `- - value`: a collection that begins after the dash.
    if (this.#isItem(line) || this.#keyEnd(line) !== undefined) return this.#block(line);
    line.from = from;
    return this.#value(line, start, column);
  }

  #entry(line: TextLine, column: number): Entry<Node> {
    const end = this.#keyEnd(line);
    if (end === undefined) throw new Unusual();
    const key = scalarOf(this.#text.slice(line.from, end)).text;
    const keyPosition = this.#builder.position(line, line.from);
    const start = skipSpaces(this.#text, end + 1);
    const value = this.#isEnd(start, line)
      ? this.#below(
          line,
          start,
          (next) => columnOf(next) > column || (columnOf(next) === column && this.#isItem(next)),
        )
      : this.#value(line, start, column);
    return { key, keyPosition, value };
  }

  /** The value on the lines below; null if there are none that belong to it. */
  #below(line: TextLine, start: number, belongs: (next: TextLine) => boolean): Node {
    const position = this.#builder.position(line, start);
    this.#line = this.#lines.next();
    if (this.#line !== undefined && belongs(this.#line)) return this.#block(this.#line);
    return this.#builder.scalar({ value: null, text: 'null' }, position);
  }

  /** Where the key at the start of a line ends and its colon is; `undefined` if this is not a key. */
  #keyEnd({ from, to }: TextLine): number | undefined {
    const text = this.#text;
    const end = isQuote(text[from]) ? endOfQuoted(text, from, to) : endOfPlain(text, from, to, 'block');
    return end < to && text[end] === ':' && (end + 1 === to || text[end + 1] === ' ') ? end : undefined;
  }

  /** A value that ends on its line; the next line must not continue it. */
  #value(line: TextLine, start: number, column: number): Node {
    const { node, end } = this.#flow(line, start, 'block');
    if (!this.#isEnd(skipSpaces(this.#text, end), line)) throw new Unusual();
    this.#line = this.#lines.next();
    if (this.#line !== undefined && columnOf(this.#line) > column) throw new Unusual();
    return node;
  }

  /** Whether nothing but a comment follows on the line. */
  #isEnd(offset: number, { to }: TextLine): boolean {
    return offset >= to || (this.#text[offset] === '#' && this.#text[offset - 1] === ' ');
  }

  #flow(
    line: TextLine,
    start: number,
    context: 'block' | 'flow',
  ): { readonly node: Node; readonly end: number } {
    const open = this.#text[start];
    const position = this.#builder.position(line, start);
    if (open !== '{' && open !== '[') {
      const end = this.#scalarEnd(line, start, context);
      return { node: this.#builder.scalar(scalarOf(this.#text.slice(start, end)), position), end };
    }
    this.#descend();
    const entries: Entry<Node>[] = [];
    const items: Node[] = [];
    const close = open === '{' ? '}' : ']';
    let offset = skipSpaces(this.#text, start + 1);
    while (this.#text[offset] !== close) {
      if (entries.length + items.length > 0) offset = this.#after(',', offset);
      if (open === '{') offset = this.#flowEntry(line, offset, entries);
      else {
        const item = this.#flow(line, offset, 'flow');
        items.push(item.node);
        offset = item.end;
      }
      offset = skipSpaces(this.#text, offset);
    }
    this.#depth -= 1;
    const { mapping, list } = this.#builder;
    return { node: open === '{' ? mapping(entries, position) : list(items, position), end: offset + 1 };
  }

  #flowEntry(line: TextLine, start: number, entries: Entry<Node>[]): number {
    const keyEnd = this.#scalarEnd(line, start, 'flow');
    const { text: key } = scalarOf(this.#text.slice(start, keyEnd));
    if (this.#text[keyEnd + 1] !== ' ') throw new Unusual();
    const { node: value, end } = this.#flow(line, this.#after(':', keyEnd), 'flow');
    entries.push({ key, keyPosition: this.#builder.position(line, start), value });
    return end;
  }

  #after(mark: string, offset: number): number {
    if (this.#text[offset] !== mark) throw new Unusual();
    return skipSpaces(this.#text, offset + 1);
  }

  #scalarEnd({ to }: TextLine, start: number, context: 'block' | 'flow'): number {
    if (isQuote(this.#text[start])) return endOfQuoted(this.#text, start, to);
    const end = endOfPlain(this.#text, start, to, context);
    // In a block, a word before a colon would be a key.
    if (context === 'block' && end < to && this.#text[end] === ':') throw new Unusual();
    return end;
  }

  #descend(): void {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new Unusual();
  }
}

const columnOf = ({ start, from }: TextLine): number => from - start;
