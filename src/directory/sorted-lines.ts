import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/** More than most lines have: usually one read finds a whole line. */
const PIECE = 16 * 1024;
const NEWLINE = 0x0a;

/** A text file whose lines are sorted by a key, as JavaScript compares strings. Nothing of it is kept in memory. */
export class SortedLines {
  readonly #file: URL;

  constructor(file: URL) {
    this.#file = file;
  }

  /** The line with this key, by binary search: a dozen reads. */
  find(key: string, keyOf: (line: string) => string): string | undefined {
    const descriptor = openSync(this.#file, 'r');
    try {
      // The line is not before `low`, and does not begin at `high` or behind it.
      let [low, high] = [0, fstatSync(descriptor).size];
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const start = lineStart(descriptor, low, middle);
        const line = lineAt(descriptor, start);
        const found = keyOf(line.text);
        if (found === key) return line.text;
        if (found < key) low = line.end;
        else high = start;
      }
      return undefined;
    } finally {
      closeSync(descriptor);
    }
  }

  /** Every line. */
  all(): readonly string[] {
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }
}

/** Where the line begins that the byte at `offset` belongs to; no earlier than `low`, where a line begins. */
function lineStart(descriptor: number, low: number, offset: number): number {
  for (let end = offset; end > low; end -= PIECE) {
    const start = Math.max(low, end - PIECE);
    const newline = read(descriptor, start, end - start).lastIndexOf(NEWLINE);
    if (newline >= 0) return start + newline + 1;
  }
  return low;
}

/** A line, and where the next one begins. */
function lineAt(descriptor: number, start: number): { readonly text: string; readonly end: number } {
  const pieces: Buffer[] = [];
  for (let length = 0; ; length += PIECE) {
    const piece = read(descriptor, start + length, PIECE);
    const newline = piece.indexOf(NEWLINE);
    pieces.push(newline < 0 ? piece : piece.subarray(0, newline));
    if (newline < 0 && piece.length === PIECE) continue;
    const text = Buffer.concat(pieces);
    return { text: text.toString(), end: start + text.length + 1 };
  }
}

function read(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
}
