import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = `${ROOT}bin/personalize-authz-proxy.js`;

export interface CommandOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end. */
export async function cli(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const command = new RunningCommand(args, options);
  command.child.stdin?.end(options.stdin ?? '');
  return command.ended;
}

/** The command line, started. */
export class RunningCommand implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { env, cwd = ROOT }: CommandOptions = {}) {
    this.child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    // A command that reads no input may end before it is written.
    this.child.stdin?.on('error', () => {});
    this.ended = once(this.child, 'close').then(([code]) => ({
      code,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** `serve`, once it is ready; its address. @throws where it ends instead */
  async ready(): Promise<string> {
    for (;;) {
      const [, url] = /^Ready\. (\S+)$/m.exec(this.stdout) ?? [];
      if (url) return url;
      if (this.child.exitCode !== null) throw new Error(this.stderr);
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.ended]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
