import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** How the proxy recorded a request. */
export interface Recorded {
  readonly outcome: string;
  /** How many lines have its id. */
  lines: number;
}

const CHUNK_BYTES = 1 << 20;

/** Reads a decision log as it grows, past rotation and removal: what was written to a file that is gone is read first. */
export class LogTail implements Disposable {
  readonly records = new Map<string, Recorded>();
  readonly #file: string;
  #descriptor: number | undefined;
  #offset = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes what was written since the last time. */
  read(): void {
    for (;;) {
      this.#descriptor ??= this.#open();
      if (this.#descriptor === undefined) return;
      this.#readOn(this.#descriptor);
      if (this.#isCurrent(this.#descriptor)) return;
      // Lines may have come between the two looks.
      this.#readOn(this.#descriptor);
      this[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#offset = 0;
    this.#rest = '';
  }

  #open(): number | undefined {
    try {
      return openSync(this.#file, 'r');
    } catch {
      return undefined;
    }
  }

  #isCurrent(descriptor: number): boolean {
    try {
      return statSync(this.#file).ino === fstatSync(descriptor).ino;
    } catch {
      // Nothing is there now: what is open is read on until something is.
      return true;
    }
  }

  #readOn(descriptor: number): void {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const length = readSync(descriptor, buffer, 0, CHUNK_BYTES, this.#offset);
      if (length === 0) return;
      this.#offset += length;
      const lines = (this.#rest + buffer.toString('latin1', 0, length)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    }
  }

  /** Half a line is what a full disk leaves; its request was not answered with a decision. */
  #take(line: string): void {
    const id = /^\{"id":"([0-9a-f-]{36})"/.exec(line)?.[1];
    const outcome = /"outcome":"(\w+)"/.exec(line)?.[1];
    if (id === undefined || outcome === undefined || !line.endsWith('}')) return;
    const known = this.records.get(id);
    if (known) known.lines += 1;
    else this.records.set(id, { outcome, lines: 1 });
  }
}
