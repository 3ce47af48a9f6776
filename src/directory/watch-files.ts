import { resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FSWatcher, watch } from 'chokidar';
import type { Fault } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Directory } from './directory.ts';
import { fingerprint } from './fingerprint.ts';

/** What files say. */
export interface Snapshot {
  /** Every file that was read, absolute: what to watch. */
  readonly files: readonly string[];
  /** Changes when anything that was read changes. */
  readonly digest: string;
}

export type ReadResult<Value> = Result<Value, readonly Fault[]>;

/** What files say now. A snapshot that was taken stays as it is: a request is decided by one state of the files. */
export interface FileSource<Value> extends AsyncDisposable {
  current(): Value;
  /** Why the last read failed; empty after a good one. Until then the last good state counts. */
  problems(): readonly Fault[];
  /** Reads now. Reads do not overlap: one that is asked for during another gives the state after both. */
  reload(): Promise<ReadResult<Value>>;
  close(): Promise<void>;
}

export type DirectorySource = FileSource<Directory>;

export interface WatchOptions<Value> {
  /** Something changed and is good. */
  readonly onReload?: (value: Value) => void;
  /** A read failed; the last good state stays. Called once for the same faults. */
  readonly onProblem?: (faults: readonly Fault[]) => void;
  /** How long files must rest before they are read, in milliseconds: an editor writes in several steps. */
  readonly settleMillis?: number;
  /** How often files are looked at where no event tells (bind mounts, network drives, links that turn), in milliseconds. */
  readonly pollMillis?: number;
}

type Read<Value> = () => Promise<ReadResult<Value>>;

const SETTLE_MILLIS = 40;
const POLL_MILLIS = 500;
/** With the settling time between them, less than half a second. */
const MOST_LOOKS = 10;
const MOST_READS = 5;

/** A directory that never changes: made of objects, not of files. */
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
 * Reads files, and again whenever one of them changes: an edit counts within a second, and one that is broken changes
 * nothing but `problems`.
 *
 * @param paths files and folders to watch, beside those that the snapshot names itself
 * @returns the source, or the faults of the first read
 */
export async function watchFiles<Value extends Snapshot>(
  read: Read<Value>,
  paths: readonly string[],
  options: WatchOptions<Value> = {},
): Promise<Result<FileSource<Value>, readonly Fault[]>> {
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
  #problems: readonly Fault[] = [];
  /** What the files were like when they were last read. */
  #seen: string;
  #reading: Promise<ReadResult<Value>> | undefined;
  /** Asked for while a read was under way. */
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
    // Events make it fast, the poll makes it sure: it compares with what was read, so nothing falls between the two,
    // and it goes on where the system has no events to give.
    this.#watcher = watch([...paths], { ignoreInitial: true })
      .on('all', () => void this.reload())
      .on('error', () => {});
    this.#polling = this.#poll();
  }

  current(): Value {
    return this.#current;
  }

  problems(): readonly Fault[] {
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

  /** A read during which something was written may have seen half of it: it does not count. */
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

  /** Waits until the files rest, but no longer than half a second. */
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

  /** A look at thousands of files takes its time: it may take a twentieth of ours. */
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

  /** False once the source is closed. */
  async #rest(millis: number, { ref }: { readonly ref: boolean }): Promise<boolean> {
    try {
      await sleep(millis, undefined, { signal: this.#closing.signal, ref });
      return true;
    } catch {
      return false;
    }
  }
}

const RESTLESS: Fault = {
  severity: 'error',
  rule: 'restless',
  message: 'the files kept changing while they were read; they are read again when they rest',
};

/** A reader that throws is a fault like another: the last good state stays. */
async function guarded<Value>(read: Read<Value>): Promise<ReadResult<Value>> {
  try {
    return await read();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return err([{ severity: 'error', rule: 'unexpected', message: `the files cannot be read: ${message}` }]);
  }
}
