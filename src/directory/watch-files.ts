import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnostic } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Directory } from './directory.ts';
import { FileChanges } from './file-changes.ts';
import type { FileState } from './file-tree.ts';

/** The result of reading files. */
export interface Snapshot {
  /** Every file that was read, as absolute paths: the files to watch. */
  readonly files: readonly string[];
  /** Changes if any input changes; absent if a read without changes returns the same snapshot. */
  readonly digest?: string;
}

export type ReadResult<Value> = Result<Value, readonly Diagnostic[]>;

/**
 * The current content of files. A snapshot never changes after it was taken: each request uses one state of the
 * files.
 */
export interface FileSource<Value> extends AsyncDisposable {
  current(): Value;
  /**
   * Why the last read failed; empty after a successful one. After a failed read, the last valid snapshot stays in
   * use.
   */
  problems(): readonly Diagnostic[];
  /** Reads now. Reads do not overlap: a reload requested during a read returns the state after both. */
  reload(): Promise<ReadResult<Value>>;
  close(): Promise<void>;
}

export type DirectorySource = FileSource<Directory>;

export interface WatchOptions<Value> {
  /** Called after each successful reload. */
  readonly onReload?: (value: Value) => void;
  /** Called after a failed read, once for the same errors; the last valid snapshot stays in use. */
  readonly onProblem?: (diagnostics: readonly Diagnostic[]) => void;
  /** How long files must be unchanged before they are read, in milliseconds: editors write in several steps. */
  readonly settleMillis?: number;
  /**
   * Polling interval in milliseconds, for files without change events (bind mounts, network drives, replaced links).
   */
  readonly pollMillis?: number;
}

/**
 * Reads the files again.
 * @param files everything below the watched paths
 * @param changed the files that are new, changed or gone since the last read; all of them the first time
 */
type Read<Value> = (
  files: ReadonlyMap<string, FileState>,
  changed: ReadonlySet<string>,
) => Promise<ReadResult<Value>>;

const SETTLE_MILLIS = 40;
const POLL_MILLIS = 500;
const MOST_READS = 5;

/** A directory that never changes: built from objects, not files. */
export function fixedDirectory(directory: Directory): DirectorySource {
  const close = async (): Promise<void> => {};
  return {
    current: () => directory,
    problems: () => [],
    reload: async () => ok(directory),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Reads files, and reads them again when one of them changes. Changes are applied within a second; an invalid edit
 * only sets `problems`.
 *
 * @param paths files and folders to watch, in addition to those that the snapshot names
 * @returns the source, or the errors of the first read
 */
export async function watchFiles<Value extends Snapshot>(
  read: Read<Value>,
  paths: readonly string[],
  options: WatchOptions<Value> = {},
): Promise<Result<FileSource<Value>, readonly Diagnostic[]>> {
  const source = new WatchedFiles(
    read,
    paths.map((path) => resolve(path)),
    options,
  );
  const first = await source.start();
  if (first.ok) return ok(source);
  await source.close();
  return first;
}

class WatchedFiles<Value extends Snapshot> implements FileSource<Value> {
  readonly #read: Read<Value>;
  readonly #options: WatchOptions<Value>;
  readonly #changes: FileChanges;
  readonly #closing = new AbortController();
  #current: Value | undefined;
  #problems: readonly Diagnostic[] = [];
  #reading: Promise<ReadResult<Value>> | undefined;
  #polling: Promise<void> = Promise.resolve();

  constructor(read: Read<Value>, paths: readonly string[], options: WatchOptions<Value>) {
    this.#read = read;
    this.#options = options;
    this.#changes = new FileChanges(paths, () => {
      if (this.#current !== undefined) void this.#readSoon();
    });
  }

  async start(): Promise<ReadResult<Value>> {
    const first = await this.#attempt(await this.#changes.all());
    if (!first.ok) return first;
    this.#current = first.value;
    this.#changes.add(first.value.files);
    this.#polling = this.#poll();
    if (this.#changes.isPending) void this.#readSoon();
    return first;
  }

  current(): Value {
    if (this.#current === undefined) throw new Error('internal error: nothing was read');
    return this.#current;
  }

  problems(): readonly Diagnostic[] {
    return this.#problems;
  }

  reload(): Promise<ReadResult<Value>> {
    this.#changes.expectAnything();
    return this.#readSoon();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#changes.close();
    await Promise.all([this.#polling, this.#reading]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #readSoon(): Promise<ReadResult<Value>> {
    this.#reading ??= this.#readUntilStill();
    return this.#reading;
  }

  /** If a file is written during a read, the read may be inconsistent and is repeated. */
  async #readUntilStill(): Promise<ReadResult<Value>> {
    let result: ReadResult<Value> = err([RESTLESS]);
    for (let reads = 0; reads < MOST_READS; reads += 1) {
      const changed = await this.#changes.settled(() => this.#rest(this.#settleMillis, { ref: true }));
      const attempt = await this.#attempt(changed);
      await this.#changes.lookAgain(changed);
      if (this.#changes.isPending && !isUnexpected(attempt)) continue;
      result = attempt;
      break;
    }
    this.#reading = undefined;
    return this.#accept(result);
  }

  get #settleMillis(): number {
    return this.#options.settleMillis ?? SETTLE_MILLIS;
  }

  /** A reader that throws is handled as a failed read, and reads the same files the next time. */
  async #attempt(changed: ReadonlySet<string>): Promise<ReadResult<Value>> {
    try {
      return await this.#read(this.#changes.files, changed);
    } catch (cause) {
      this.#changes.keep(changed);
      const message = `the files cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
      return err([{ severity: 'error', rule: UNEXPECTED, message }]);
    }
  }

  #accept(result: ReadResult<Value>): ReadResult<Value> {
    if (this.#closing.signal.aborted) return result;
    if (!result.ok) {
      const known = JSON.stringify(this.#problems) === JSON.stringify(result.error);
      this.#problems = result.error;
      if (!known) this.#options.onProblem?.(result.error);
      return result;
    }
    const current = this.current();
    const { digest } = result.value;
    const isSame = result.value === current || (digest !== undefined && digest === current.digest);
    if (isSame && this.#problems.length === 0) return ok(current);
    this.#problems = [];
    this.#changes.add(result.value.files);
    this.#current = result.value;
    this.#options.onReload?.(result.value);
    return result;
  }

  /** Looking at thousands of files takes time: limit it to a twentieth of this process's time. */
  async #poll(): Promise<void> {
    const least = this.#options.pollMillis ?? POLL_MILLIS;
    let interval = least;
    while (await this.#rest(interval, { ref: false })) {
      if (this.#reading) continue;
      const start = performance.now();
      await this.#changes.look();
      interval = Math.max(least, 20 * (performance.now() - start));
      if (this.#changes.isPending) await this.#readSoon();
    }
  }

  /** Resolves to false if the source is closed. */
  async #rest(millis: number, { ref }: { readonly ref: boolean }): Promise<boolean> {
    try {
      await sleep(millis, undefined, { signal: this.#closing.signal, ref });
      return true;
    } catch {
      return false;
    }
  }
}

const UNEXPECTED = 'unexpected';

const isUnexpected = <Value>(result: ReadResult<Value>): boolean =>
  !result.ok && result.error[0]?.rule === UNEXPECTED;

const RESTLESS: Diagnostic = {
  severity: 'error',
  rule: 'restless',
  message: 'the files kept changing while they were read; they are read again when they stop changing',
};
