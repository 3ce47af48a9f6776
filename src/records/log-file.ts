import { type BigIntStats, fstatSync, mkdirSync, statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DecisionSink, RequestParameters } from './decision-log.ts';
import type { DecisionRecord } from './decision-record.ts';

export interface LogFileOptions {
  readonly file: string;
  /** One line, without its end. */
  readonly format: (record: DecisionRecord, parameters: RequestParameters) => string;
  /** The file is set aside when it is this large. */
  readonly maxBytes: number;
  /** So many of those are kept: `file.1` is the youngest. */
  readonly keep: number;
  /** What does not cost a record: a file that could not be set aside. */
  readonly onProblem: (problem: string) => void;
}

/**
 * A sink that appends one line a record. Records that come while a write is under way go out together in the next one, so
 * that many requests share a write and lines never mix. `append` resolves when the operating system has the line, which
 * then survives a kill of this process; it rejects where the line could not be written.
 *
 * @throws where the file cannot be opened for appending.
 */
export async function openLogFile(options: LogFileOptions): Promise<DecisionSink> {
  mkdirSync(dirname(options.file), { recursive: true });
  const handle = await open(options.file, 'a');
  return new LogFile(options, handle, await stateOf(options.file, handle));
}

/** What a path leads to now, past symbolic links; `undefined` where there is nothing. */
const fileAt = (path: string): BigIntStats | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false });

interface State {
  readonly size: number;
  /** Whether the last line is whole: a killed process may have left half of one. */
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

  /** One write is under way at the most; nobody waits for a file that is set aside but whoever comes meanwhile. */
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

  /** What a failed write leaves half written is ended before the next line. */
  async #write(lines: string): Promise<void> {
    let bytes: Buffer;
    try {
      await this.#followPath();
      bytes = Buffer.from(this.#isWhole ? lines : `\n${lines}`);
      this.#isWhole = false;
      await this.#handle.appendFile(bytes);
    } catch (cause) {
      throw new Error(`The decision could not be written to ${this.#options.file}: ${messageOf(cause)}`, {
        cause,
      });
    }
    this.#isWhole = true;
    this.#size += bytes.length;
  }

  /**
   * Opens the file anew where its path no longer leads to what is open: it was removed, renamed or replaced, and lines
   * would go where no one finds them. Twice two microseconds a write, for calls that do not wait for a thread.
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
    onProblem(`The decision log ${file} was removed, renamed or replaced; it was opened anew.`);
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
      onProblem(`The decision log could not be set aside, it grows on: ${messageOf(cause)}`);
    }
    // Where it could not, it is tried again after as much more.
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
