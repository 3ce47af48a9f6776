import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { installedPackage } from './installed-package.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A file of `bench/servers/`. */
export const bareServer = (name: string): string => `${ROOT}bench/servers/${name}.js`;

/** Certificates of the machine's own take a Node process tens of milliseconds to read, which is not the program's time. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env;
  return env;
}

export interface ServerOptions {
  readonly command?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Its first group is the address. */
  readonly ready?: RegExp;
  readonly timeoutMillis?: number;
}

const READY = /^Ready\. (\S+)$/m;
const START_MILLIS = 20_000;
/** Of /proc: a hundredth of a second. */
const TICK_MILLIS = 10;

/** A server in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  /** What it had printed when it was ready. */
  readonly printed: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, printed: string) {
    this.#child = child;
    this.url = url;
    this.printed = printed;
  }

  /** The program: `serve` with these flags. @throws as `start` */
  static async proxy(flags: readonly string[], options: ServerOptions = {}): Promise<ServerProcess> {
    const { args, env } = await installedPackage();
    return ServerProcess.start([...args, 'serve', ...flags], { ...options, env });
  }

  /** Resolves once it has printed its address. @throws with what it printed, where it ends or takes too long */
  static async start(args: readonly string[], options: ServerOptions = {}): Promise<ServerProcess> {
    const {
      command = process.execPath,
      env,
      cwd = ROOT,
      ready = READY,
      timeoutMillis = START_MILLIS,
    } = options;
    const child = spawn(command, args, {
      cwd,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { promise, resolve, reject } = Promise.withResolvers<ServerProcess>();
    let printed = '';
    let isReady = false;
    const read = (stream: Readable): void =>
      void stream.setEncoding('utf8').on('data', (text: string) => {
        if (isReady) return;
        printed += text;
        const url = ready.exec(printed)?.[1];
        if (url === undefined) return;
        isReady = true;
        resolve(new ServerProcess(child, url, printed));
      });
    read(child.stdout);
    read(child.stderr);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not ready within ${timeoutMillis / 1000} s`));
    }, timeoutMillis);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(reasonIn(printed))));
    return promise.finally(() => clearTimeout(timer));
  }

  /** Resident memory, in MB; NaN where the system does not report it. */
  residentMegabytes(): number {
    if (process.platform === 'win32') return Number.NaN;
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(this.#child.pid)], { encoding: 'utf8' });
    return Number(kilobytes) / 1024;
  }

  /** CPU time of the process and its descendants so far, in milliseconds; NaN where the system does not report it. */
  cpuMillis(): number {
    return process.platform === 'linux' ? cpuTicks(String(this.#child.pid)) * TICK_MILLIS : Number.NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await exit;
    clearTimeout(timer);
  }
}

/** User and system time of a process and of those that it started, e.g. its workers. */
function cpuTicks(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + cpuTicks(child), Number(fields[11]) + Number(fields[12]));
}

/** The line of a server's output with the reason why it ended. */
function reasonIn(printed: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /error|cannot|not found/i.test(line)) ?? lines.at(-1) ?? 'it ended';
}
