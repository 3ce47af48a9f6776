import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from './server-process.ts';

export interface Load {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Each sends its next request when the last one is answered. */
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly responses: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly statuses: Readonly<Record<number, number>>;
  readonly errors: number;
}

/** A process of its own that makes load. */
export class LoadGenerator implements AsyncDisposable {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)), {
    env: cleanEnvironment(),
    execArgv: [],
  });

  /** @throws where a response has another status than the wanted one: that would measure something else */
  async run(load: Load, status: number): Promise<LoadResult> {
    this.#child.send(load);
    const [result] = (await once(this.#child, 'message')) as [LoadResult];
    const others = Object.keys(result.statuses).filter((each) => Number(each) !== status);
    if (others.length > 0 || result.responses === 0 || result.errors > 0)
      throw new Error(
        `responses ${JSON.stringify(result.statuses)} and ${result.errors} errors, not ${status}`,
      );
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }
}
