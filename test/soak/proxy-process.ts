import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import type { Measurement, Report, Request } from './messages.ts';

/** A proxy in a process of its own. */
export class ProxyProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #reports = new EventEmitter();
  readonly #exit = Promise.withResolvers<never>();
  url = '';
  /** Set where the process ended by itself. */
  ended: string | undefined;
  stderr = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    // An exit while no report is awaited is not an unhandled rejection.
    this.#exit.promise.catch(() => {});
    child.on('message', (report: Report) => this.#reports.emit(report.kind, report));
    child.once('exit', (code, signal) => {
      this.ended = `the proxy ended with ${signal ?? `code ${code}`}: ${this.stderr.slice(-2000)}`;
      this.#exit.reject(new Error(this.ended));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-20_000);
    });
  }

  static async start(configFile: string): Promise<ProxyProcess> {
    const child = fork(join(import.meta.dirname, 'proxy-main.ts'), [configFile], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const proxy = new ProxyProcess(child);
    const { url } = await proxy.#next('ready');
    proxy.url = url;
    return proxy;
  }

  onLoaded(listener: (version: string) => void): void {
    this.#reports.on('loaded', ({ version }: Extract<Report, { kind: 'loaded' }>) => listener(version));
  }

  async setClock(offset: number): Promise<void> {
    await this.#ask({ kind: 'clock', offset }, 'clock');
  }

  async measure(): Promise<Measurement> {
    return (await this.#ask({ kind: 'measure' }, 'measured')).measurement;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.send({ kind: 'close' } satisfies Request);
    const timeout = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await exit;
    clearTimeout(timeout);
  }

  #ask<Kind extends Report['kind']>(request: Request, kind: Kind): Promise<Extract<Report, { kind: Kind }>> {
    const next = this.#next(kind);
    this.#child.send(request);
    return next;
  }

  async #next<Kind extends Report['kind']>(kind: Kind): Promise<Extract<Report, { kind: Kind }>> {
    const [report] = await Promise.race([once(this.#reports, kind), this.#exit.promise]);
    return report as Extract<Report, { kind: Kind }>;
  }
}
