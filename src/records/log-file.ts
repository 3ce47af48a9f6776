import { type BigIntStats, fstatSync, mkdirSync, statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DecisionSink, RequestParameters } from './decision-log.ts';
import type { DecisionRecord } from './decision-record.ts';

export interface LogFileOptions {
  readonly file: string;
  /** Formats one line, without a line end. */
  readonly format: (record: DecisionRecord, parameters: RequestParameters) => string;
  /** The file is rotated at this size. */
  readonly maxBytes: number;
  /** Number of rotated files to keep: `file.1` is the newest. */
  readonly keep: number;
  /** Called for a problem that loses no record: a file that could not be rotated. */
  readonly onProblem: (problem: string) => void;
}

/**
 * A sink that appends one line per record. Records that arrive during a write are written together afterwards, so
 * that many requests share a write and lines never interleave. `append` resolves when the operating system has the
 * line, which then survives a kill of this process; it rejects if the line could not be written.
 *
 * @throws if the file cannot be opened for appending.
 */
export async function openLogFile(options: LogFileOptions): Promise<DecisionSink> {
  mkdirSync(dirname(options.file), { recursive: true });
  const handle = await open(options.file, 'a');
  return new LogFile(options, handle, await stateOf(options.file, handle));
}

/** The file that a path currently refers to, following symbolic links; `undefined` if there is none. */
const fileAt = (path: string): BigIntStats | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false });

interface State {
  readonly size: number;
  /** Whether the last line is complete: a killed process may have left a partial one. */
  readonly isWhole: boolean;
}

async function stateOf(file: string, handle: FileHandle): Promise<State> {
  const { size } = await handle.stat();
  if (size === 0) return { size, isWhole: true };
  const reader = await open(file, 'r');
  try {
    const { buffer } = await reader.read(Buffer.alloc(1), 0, 1, size - 1);
    return { size, isWhole: buffer[0] === 0x0a };
  } finally {
    await reader.close();
  }
}

interface Waiting extends Pick<PromiseWithResolvers<void>, 'resolve' | 'reject'> {
  readonly line: string;
}

class LogFile implements DecisionSink {
  readonly #options: LogFileOptions;
  #handle: FileHandle;
  #size: number;
  #isWhole: boolean;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #problem: string | undefined;

  constructor(options: LogFileOptions, handle: FileHandle, { size, isWhole }: State) {
    this.#options = options;
    this.#handle = handle;
    this.#size = size;
    this.#isWhole = isWhole;
  }

  append(record: DecisionRecord, parameters: RequestParameters): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ line: `${this.#options.format(record, parameters)}\n`, resolve, reject });
    this.#draining ??= this.#drain();
    return promise;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  async close(): Promise<void> {
    await this.#draining;
    await this.#handle.close();
  }

  /** At most one write at a time; only records that arrive during a rotation wait for it. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map(({ line }) => line).join(''));
        this.#problem = undefined;
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        this.#problem = messageOf(cause);
        for (const { reject } of batch) reject(cause);
      }
      if (this.#size >= this.#options.maxBytes) await this.#setAside();
    }
    this.#draining = undefined;
  }

  /** Ends a line that a failed write left incomplete, before the next line. */
  async #write(lines: string): Promise<void> {
    let bytes: Buffer;
    try {
      await this.#followPath();
      bytes = Buffer.from(this.#isWhole ? lines : `\n${lines}`);
      this.#isWhole = false;
      await this.#handle.appendFile(bytes);
    } catch (cause) {
      throw new Error(`Cannot write the decision to ${this.#options.file}: ${messageOf(cause)}`, {
        cause,
      });
    }
    this.#isWhole = true;
    this.#size += bytes.length;
  }

  /**
   * Reopens the file if its path no longer refers to the open file: it was removed, renamed or replaced, and lines
   * would be lost. Costs two synchronous calls of two microseconds per write.
   */
  async #followPath(): Promise<void> {
    const { file, onProblem } = this.#options;
    const [there, own] = [fileAt(file), fstatSync(this.#handle.fd, { bigint: true })];
    if (there?.ino === own.ino && there.dev === own.dev) return;
    mkdirSync(dirname(file), { recursive: true });
    const fresh = await open(file, 'a');
    const { size, isWhole } = await stateOf(file, fresh);
    await this.#handle.close();
    this.#handle = fresh;
    this.#size = size;
    this.#isWhole = isWhole;
    onProblem(`The decision log ${file} was removed, renamed or replaced and has been reopened.`);
  }

  async #setAside(): Promise<void> {
    const { file, keep, onProblem } = this.#options;
    try {
      await rm(`${file}.${keep}`, { force: true });
      for (let age = keep - 1; age > 0; age -= 1) await renameIfThere(`${file}.${age}`, `${file}.${age + 1}`);
      await renameIfThere(file, `${file}.1`);
      const fresh = await open(file, 'a');
      await this.#handle.close();
      this.#handle = fresh;
    } catch (cause) {
      onProblem(`Cannot rotate the decision log; it keeps growing: ${messageOf(cause)}`);
    }
    // If rotation failed, it is retried after another `maxBytes`.
    this.#size = 0;
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
