import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ROOT } from '../e2e/command-line.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';

/** Whether HAProxy is on this machine; tests with it skip, and say so, where it is not. */
export const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;

/** The HAProxy of the example, in front of replicas on this machine. */
export class Haproxy implements AsyncDisposable {
  readonly url: string;
  readonly #folder: TemporaryFolder;
  readonly #process: ChildProcess;
  #printed = '';

  private constructor(url: string, folder: TemporaryFolder, file: string) {
    this.url = url;
    this.#folder = folder;
    this.#process = spawn('haproxy', ['-db', '-f', file]);
    this.#process.stderr?.on('data', (text) => {
      this.#printed += text;
    });
  }

  /** @param replicas the addresses of the servers `one` and `two` */
  static async start(port: number, replicas: readonly [string, string]): Promise<Haproxy> {
    const folder = new TemporaryFolder();
    const file = folder.write('haproxy.cfg', exampleWith(port, replicas));
    const haproxy = new Haproxy(`http://127.0.0.1:${port}`, folder, file);
    while (!(await forwards(haproxy.url))) {
      if (haproxy.#process.exitCode !== null) throw new Error(haproxy.#printed);
      await setTimeout(20);
    }
    return haproxy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#process, 'exit');
    this.#process.kill();
    await exit;
    this.#folder[Symbol.dispose]();
  }
}

function exampleWith(port: number, [one, two]: readonly [string, string]): string {
  const example = readFileSync(`${ROOT}examples/replicas/haproxy.cfg`, 'utf8');
  return example
    .replace('bind :7377', `bind 127.0.0.1:${port}`)
    .replaceAll('one:7377', new URL(one).host)
    .replaceAll('two:7377', new URL(two).host);
}

/** Whether a replica answers through it. */
async function forwards(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_authz/health/live`)).status === 200;
  } catch {
    return false;
  }
}
