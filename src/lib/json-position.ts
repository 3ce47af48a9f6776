import { type JSONVisitor, printParseErrorCode, visit } from 'jsonc-parser';
import {
  type DocumentEntry,
  type DocumentNode,
  faultAt,
  MAX_DEPTH,
  type TextFault,
  type TextPosition,
} from './document.ts';
import { err, ok, type Result } from './result.ts';

/** What jsonc-parser finds, in words for the person who wrote the file. */
const SYNTAX_FAULTS: Readonly<Record<string, string>> = {
  InvalidSymbol:
    'this is no JSON value: text needs double quotes; only true, false, null and numbers stand without',
  InvalidNumberFormat: 'this is not a JSON number',
  PropertyNameExpected: 'a key in double quotes is expected here (no comma may follow the last entry)',
  ValueExpected: 'a value is expected here (no comma may follow the last item)',
  ColonExpected: 'a colon is expected after the key',
  CommaExpected: 'a comma is expected before this',
  CloseBraceExpected: 'a closing brace } is missing',
  CloseBracketExpected: 'a closing bracket ] is missing',
  EndOfFileExpected: 'the document has ended before this; nothing may follow it',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the closing double quote of this text is missing',
  UnexpectedEndOfNumber: 'this number ends too early',
  InvalidUnicode: 'after \\u four hexadecimal digits are expected',
  InvalidEscapeCharacter: 'this is not an escape that JSON knows',
  InvalidCharacter: 'a control character in a text must be written as an escape, e.g. \\n or \\t',
};

/**
 * Reads strict JSON (RFC 8259: no comments, no trailing commas) and keeps where every value stands. Keys that are
 * written twice are kept: `duplicateKeys` finds them.
 *
 * @returns the document, or every syntax fault (rule `syntax`) with its line and column.
 */
export function readJson(text: string, file?: string): Result<DocumentNode, readonly TextFault[]> {
  const tree = new TreeBuilder(text.startsWith('\uFEFF') ? text.slice(1) : text, file);
  if (tree.text.trim() === '') return err([faultAt('syntax', 'the document is empty', START, file)]);
  try {
    visit(tree.text, tree.visitor(), { disallowComments: true });
  } catch (thrown) {
    if (!(thrown instanceof TooDeep)) throw thrown;
  }
  return tree.faults.length === 0 && tree.root !== undefined ? ok(tree.root) : err(tree.faults);
}

const START: TextPosition = { line: 1, column: 1 };

/** Thrown through jsonc-parser, which cannot be stopped otherwise, before the stack overflows. */
class TooDeep extends Error {}

type Open = { readonly entries: DocumentEntry[] } | { readonly items: DocumentNode[] };

/** Collects what jsonc-parser visits; what it gives after a syntax fault is never used. */
class TreeBuilder {
  root: DocumentNode | undefined;
  readonly faults: TextFault[] = [];
  readonly text: string;
  readonly #file: string | undefined;
  readonly #open: Open[] = [];
  #lastFault = '';
  #key: { readonly key: string; readonly keyPosition: TextPosition } = { key: '', keyPosition: START };

  constructor(text: string, file: string | undefined) {
    this.text = text;
    this.#file = file;
  }

  visitor(): JSONVisitor {
    return {
      onObjectBegin: (_offset, _length, line, character) => {
        const entries: DocumentEntry[] = [];
        this.#add({ kind: 'object', entries, position: place(line, character) });
        this.#descend({ entries }, place(line, character));
      },
      onObjectProperty: (key, _offset, _length, line, character) => {
        this.#key = { key, keyPosition: place(line, character) };
      },
      onObjectEnd: () => void this.#open.pop(),
      onArrayBegin: (_offset, _length, line, character) => {
        const items: DocumentNode[] = [];
        this.#add({ kind: 'array', items, position: place(line, character) });
        this.#descend({ items }, place(line, character));
      },
      onArrayEnd: () => void this.#open.pop(),
      onLiteralValue: (value: string | number | boolean | null, offset, length, line, character) => {
        const text = typeof value === 'string' ? value : this.text.slice(offset, offset + length);
        this.#add({ kind: 'scalar', value, text, position: place(line, character) });
      },
      onError: (code, _offset, _length, line, character) => {
        const name = printParseErrorCode(code);
        // An unknown word is passed over, and its value then missed: that is one fault, not two.
        const follows = name.endsWith('Expected') && this.#lastFault === 'InvalidSymbol';
        if (!follows) this.#fault(SYNTAX_FAULTS[name] ?? 'this is not JSON', place(line, character));
        this.#lastFault = name;
      },
    };
  }

  #add(node: DocumentNode): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.root ??= node;
    else if ('items' in parent) parent.items.push(node);
    else parent.entries.push({ ...this.#key, value: node });
  }

  #descend(container: Open, position: TextPosition): void {
    this.#open.push(container);
    if (this.#open.length <= MAX_DEPTH) return;
    this.#fault(`the document is nested deeper than ${MAX_DEPTH} levels`, position);
    throw new TooDeep();
  }

  /** jsonc-parser reports the same token for several reasons; the first is the one to mend. */
  #fault(message: string, position: TextPosition): void {
    const last = this.faults.at(-1);
    if (last?.line === position.line && last.column === position.column) return;
    this.faults.push(faultAt('syntax', message, position, this.#file));
  }
}

const place = (line: number, character: number): TextPosition => ({ line: line + 1, column: character + 1 });
