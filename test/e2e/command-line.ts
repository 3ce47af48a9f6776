import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface CommandOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The checkout by default. */
  readonly cwd?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command line to its end, in this process. What only a process shows (signals of the system, closed pipes,
 * kills) is tested with `test/process/command-process.ts`.
 */
export async function cli(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const command = new RunningCommand(args, options);
  command.stdin.end(options.stdin ?? '');
  return command.ended;
}

/** The command line, started in this process. */
export class RunningCommand implements AsyncDisposable {
  readonly stdin = new PassThrough();
  readonly ended: Promise<Ended>;
  readonly #stdout = new Output();
  readonly #stderr = new Output();
  readonly #signals = new EventEmitter();
  #hasEnded = false;

  constructor(args: readonly string[], { env, cwd = ROOT }: CommandOptions = {}) {
    enter(cwd);
    this.ended = main(args, {
      stdin: this.stdin,
      stdout: this.#stdout,
      stderr: this.#stderr,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      signals: this.#signals,
      exit: () => {},
    })
      .finally(() => {
        this.#hasEnded = true;
        leave();
      })
      .then((code) => ({ code, stdout: this.stdout, stderr: this.stderr }));
  }

  get stdout(): string {
    return this.#stdout.text;
  }

  get stderr(): string {
    return this.#stderr.text;
  }

  /** What the process would do at a signal of this name. */
  signal(name: NodeJS.Signals): void {
    this.#signals.emit(name, name);
  }

  /** Resolves once standard output or error matches. @throws where the command ends first */
  async prints(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    const output = stream === 'stdout' ? this.#stdout : this.#stderr;
    for (;;) {
      const match = pattern.exec(output.text);
      if (match) return match;
      if (this.#hasEnded) throw new Error(`ended without ${pattern}: ${this.stderr}`);
      await Promise.race([output.written(), this.ended]);
    }
  }

  /** `serve`, once it is ready; its address. @throws where it ends instead */
  async ready(): Promise<string> {
    const [, url = ''] = await this.prints(/^Ready\. (\S+)$/m);
    return url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGTERM');
    this.stdin.end();
    await this.ended;
  }
}

/** A stream that keeps what is written to it. */
class Output extends Writable {
  text = '';
  #next = Promise.withResolvers<void>();

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8');
    this.#next.resolve();
    this.#next = Promise.withResolvers();
    done();
  }

  written(): Promise<void> {
    return this.#next.promise;
  }
}

/** A process has one working directory: commands that run at the same time share it. */
let running = 0;

function enter(cwd: string): void {
  if (running > 0 && process.cwd() !== cwd.replace(/(?<=.)\/$/, '')) {
    throw new Error(`a command runs in ${process.cwd()}: one in ${cwd} has to wait for its end`);
  }
  running += 1;
  process.chdir(cwd);
}

function leave(): void {
  running -= 1;
  if (running === 0) process.chdir(ROOT);
}
