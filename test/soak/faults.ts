import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CommandProcess } from '../process/command-process.ts';
import { hasRedis } from '../unit/stub/redis-server.ts';

const LOG_DISK_MEGABYTES = 48;

/** The folder of the decision log, on a small disk of its own where this machine allows one. */
export class LogDisk implements Disposable {
  readonly path: string;
  readonly isMounted: boolean;

  constructor(folder: string) {
    this.path = join(folder, 'log');
    mkdirSync(this.path);
    const options = ['-t', 'tmpfs', '-o', `size=${LOG_DISK_MEGABYTES}m`, 'tmpfs', this.path];
    this.isMounted = spawnSync('mount', options).status === 0;
  }

  get file(): string {
    return join(this.path, 'decisions.jsonl');
  }

  /** From now on nothing can be written. */
  fill(): void {
    if (!this.isMounted) {
      // A file where the folder was: no line can be appended either.
      renameSync(this.path, `${this.path}.away`);
      writeFileSync(this.path, '');
      return;
    }
    try {
      writeFileSync(join(this.path, 'ballast'), Buffer.alloc(LOG_DISK_MEGABYTES << 20));
    } catch {
      // It is full.
    }
  }

  empty(): void {
    rmSync(this.isMounted ? join(this.path, 'ballast') : this.path, { force: true });
    if (!this.isMounted) renameSync(`${this.path}.away`, this.path);
  }

  /** Someone removes the log. */
  remove(): void {
    rmSync(this.file, { force: true });
  }

  [Symbol.dispose](): void {
    if (this.isMounted) spawnSync('umount', ['-l', this.path]);
  }
}

/** The stub alone as an upstream, killed and started again at the same address. */
export class Upstream implements AsyncDisposable {
  url = '';
  readonly #store: string;
  #process: CommandProcess | undefined;

  constructor(store: string) {
    this.#store = store;
  }

  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    this.#process = new CommandProcess(['serve', '--stub-only', '--port', port, '--stub-store', this.#store]);
    this.url = await this.#process.ready();
  }

  async kill(): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

/** The stub's Redis, where this machine has one. */
export class RedisServer implements AsyncDisposable {
  readonly #port: number;
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  static readonly isHere = hasRedis;

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = spawn('redis-server', ['--port', String(this.#port), '--save', '', '--appendonly', 'no']);
    this.#process = server;
    for await (const line of createInterface({ input: server.stdout }))
      if (line.includes('Ready to accept connections')) return;
    throw new Error('redis-server ended');
  }

  async kill(): Promise<void> {
    if (this.#process === undefined || this.#process.exitCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exit;
    this.#process = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
