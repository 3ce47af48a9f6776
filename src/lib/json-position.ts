import { type JSONVisitor, printParseErrorCode, visit } from 'jsonc-parser';
import {
  type DocumentEntry,
  type DocumentNode,
  faultAt,
  MAX_DEPTH,
  type TextDiagnostic,
  type TextPosition,
} from './document.ts';
import { err, ok, type Result } from './result.ts';

/** Messages for the error codes of jsonc-parser. */
const SYNTAX_FAULTS: Readonly<Record<string, string>> = {
  InvalidSymbol:
    'this is not a JSON value: strings need double quotes; only true, false, null and numbers are written without',
  InvalidNumberFormat: 'this is not a JSON number',
  PropertyNameExpected: 'expected a key in double quotes (a comma after the last entry is not allowed)',
  ValueExpected: 'expected a value (a comma after the last item is not allowed)',
  ColonExpected: 'expected a colon after the key',
  CommaExpected: 'expected a comma before this',
  CloseBraceExpected: 'missing closing brace }',
  CloseBracketExpected: 'missing closing bracket ]',
  EndOfFileExpected: 'unexpected content after the end of the document',
  InvalidCommentToken: 'JSON does not support comments',
  UnexpectedEndOfComment: 'JSON does not support comments',
  UnexpectedEndOfString: 'missing closing double quote of this string',
  UnexpectedEndOfNumber: 'incomplete number',
  InvalidUnicode: 'expected four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'invalid escape sequence',
  InvalidCharacter: 'a control character in a string must be escaped, e.g. \\n or \\t',
};

/**
 * Parses strict JSON (RFC 8259: no comments, no trailing commas) with the position of every value. Duplicate keys are
 * kept: `duplicateKeys` finds them.
 *
 * @returns the document, or every syntax error (rule `syntax`) with its line and column.
 */
export function readJson(text: string, file?: string): Result<DocumentNode, readonly TextDiagnostic[]> {
  const tree = new TreeBuilder(text.startsWith('\uFEFF') ? text.slice(1) : text, file);
  if (tree.text.trim() === '') return err([faultAt('syntax', 'the document is empty', START, file)]);
  try {
    visit(tree.text, tree.visitor(), { disallowComments: true });
  } catch (thrown) {
    if (!(thrown instanceof TooDeep)) throw thrown;
  }
  return tree.diagnostics.length === 0 && tree.root !== undefined ? ok(tree.root) : err(tree.diagnostics);
}

const START: TextPosition = { line: 1, column: 1 };

/** Thrown through jsonc-parser, which has no other way to stop, before the stack overflows. */
class TooDeep extends Error {}

type Open = { readonly entries: DocumentEntry[] } | { readonly items: DocumentNode[] };

/** Builds the tree from jsonc-parser's callbacks; it is discarded after a syntax error. */
class TreeBuilder {
  root: DocumentNode | undefined;
  readonly diagnostics: TextDiagnostic[] = [];
  readonly text: string;
  readonly #file: string | undefined;
  readonly #open: Open[] = [];
  #lastDiagnostic = '';
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
        // An unknown word is skipped, and its value is then reported as missing: that is one error, not two.
        const follows = name.endsWith('Expected') && this.#lastDiagnostic === 'InvalidSymbol';
        if (!follows) this.#diagnostic(SYNTAX_FAULTS[name] ?? 'this is not JSON', place(line, character));
        this.#lastDiagnostic = name;
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
    this.#diagnostic(`the document is nested deeper than ${MAX_DEPTH} levels`, position);
    throw new TooDeep();
  }

  /** jsonc-parser reports the same token for several reasons; the first is the one to fix. */
  #diagnostic(message: string, position: TextPosition): void {
    const last = this.diagnostics.at(-1);
    if (last?.line === position.line && last.column === position.column) return;
    this.diagnostics.push(faultAt('syntax', message, position, this.#file));
  }
}

const place = (line: number, character: number): TextPosition => ({ line: line + 1, column: character + 1 });
