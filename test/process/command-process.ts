import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type CommandOptions, type Ended, ROOT } from '../e2e/command-line.ts';

const BIN = `${ROOT}bin/personalize-authz-proxy.js`;

/** Runs the command line to its end in a process of its own: for what only a process shows. */
export async function cliProcess(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const command = new CommandProcess(args, options);
  command.child.stdin?.end(options.stdin ?? '');
  return command.ended;
}

/** The command line, started in a process of its own. */
export class CommandProcess implements AsyncDisposable {
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

  /** Resolves once standard output matches. @throws where the command ends first */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      if (this.child.exitCode !== null) throw new Error(this.stderr);
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.ended]);
    }
  }

  /** `serve`, once it is ready; its address. @throws where it ends instead */
  async ready(): Promise<string> {
    const [, url = ''] = await this.prints(/^Ready\. (\S+)$/m);
    return url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
