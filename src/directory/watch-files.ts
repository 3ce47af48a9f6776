import { resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FSWatcher, watch } from 'chokidar';
import type { Diagnostic } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Directory } from './directory.ts';
import { fingerprint } from './fingerprint.ts';

/** The result of reading files. */
export interface Snapshot {
  /** Every file that was read, as absolute paths: the files to watch. */
  readonly files: readonly string[];
  /** Changes if any input changes. */
  readonly digest: string;
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

type Read<Value> = () => Promise<ReadResult<Value>>;

const SETTLE_MILLIS = 40;
const POLL_MILLIS = 500;
/** Together with the settling time, less than half a second. */
const MOST_LOOKS = 10;
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
  const watched = paths.map((path) => resolve(path));
  const seen = await fingerprint(watched);
  const first = await guarded(read);
  return first.ok ? ok(new WatchedFiles(read, watched, options, first.value, seen)) : first;
}

class WatchedFiles<Value extends Snapshot> implements FileSource<Value> {
  readonly #read: Read<Value>;
  readonly #paths: readonly string[];
  readonly #options: WatchOptions<Value>;
  readonly #watcher: FSWatcher;
  readonly #closing = new AbortController();
  #current: Value;
  #problems: readonly Diagnostic[] = [];
  /** Fingerprint of the files at the last read. */
  #seen: string;
  #reading: Promise<ReadResult<Value>> | undefined;
  /** Whether a reload was requested during a read. */
  #again = false;
  readonly #polling: Promise<void>;

  constructor(
    read: Read<Value>,
    paths: readonly string[],
    options: WatchOptions<Value>,
    first: Value,
    seen: string,
  ) {
    this.#read = read;
    this.#paths = paths;
    this.#options = options;
    this.#current = first;
    this.#seen = seen;
    // Events make reloads fast; polling makes them reliable: it compares with the fingerprint of the last read, so no
    // change is missed, and it works where the system has no events.
    this.#watcher = watch([...paths], { ignoreInitial: true })
      .on('all', () => void this.reload())
      .on('error', () => {});
    this.#polling = this.#poll();
  }

  current(): Value {
    return this.#current;
  }

  problems(): readonly Diagnostic[] {
    return this.#problems;
  }

  reload(): Promise<ReadResult<Value>> {
    this.#again = true;
    this.#reading ??= this.#readUntilStill();
    return this.#reading;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watcher.close();
    await Promise.all([this.#polling, this.#reading]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** If a file is written during a read, the read may be inconsistent and is repeated. */
  async #readUntilStill(): Promise<ReadResult<Value>> {
    let result: ReadResult<Value> = err([RESTLESS]);
    for (let reads = 0; reads < MOST_READS; reads += 1) {
      this.#again = false;
      this.#seen = await this.#settle();
      const attempt = await guarded(this.#read);
      if (this.#again || (await this.#look()) !== this.#seen) continue;
      result = attempt;
      break;
    }
    this.#reading = undefined;
    return this.#accept(result);
  }

  #accept(result: ReadResult<Value>): ReadResult<Value> {
    if (this.#closing.signal.aborted) return result;
    if (!result.ok) {
      const known = JSON.stringify(this.#problems) === JSON.stringify(result.error);
      this.#problems = result.error;
      if (!known) this.#options.onProblem?.(result.error);
      return result;
    }
    const same = this.#problems.length === 0 && result.value.digest === this.#current.digest;
    if (same) return ok(this.#current);
    this.#problems = [];
    this.#current = result.value;
    this.#options.onReload?.(result.value);
    return result;
  }

  /** Waits until the files are unchanged, but at most half a second. */
  async #settle(): Promise<string> {
    let seen = await this.#look();
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      await this.#rest(this.#options.settleMillis ?? SETTLE_MILLIS, { ref: true });
      const now = await this.#look();
      if (now === seen) break;
      seen = now;
    }
    return seen;
  }

  /** Fingerprinting thousands of files takes time: limit it to a twentieth of this process's time. */
  async #poll(): Promise<void> {
    let interval = this.#options.pollMillis ?? POLL_MILLIS;
    while (await this.#rest(interval, { ref: false })) {
      const start = performance.now();
      const now = await this.#look();
      interval = Math.max(interval, 20 * (performance.now() - start));
      if (now !== this.#seen && !this.#reading) await this.reload();
    }
  }

  #look(): Promise<string> {
    const elsewhere = this.#current.files.filter(
      (file) => !this.#paths.some((path) => file === path || file.startsWith(path + sep)),
    );
    return fingerprint([...this.#paths, ...elsewhere]);
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

const RESTLESS: Diagnostic = {
  severity: 'error',
  rule: 'restless',
  message: 'the files kept changing while they were read; they are read again when they stop changing',
};

/** A reader that throws is handled as a failed read: the last valid snapshot stays in use. */
async function guarded<Value>(read: Read<Value>): Promise<ReadResult<Value>> {
  try {
    return await read();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return err([{ severity: 'error', rule: 'unexpected', message: `the files cannot be read: ${message}` }]);
  }
}
