import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { freePort } from '../../free-port.ts';

/** Whether a Redis server is on this machine; tests with it skip, and say so, where it is not. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A real Redis server, in memory only. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Lets it hang, connected and silent, until `resume`. */
  pause(): void;
  resume(): void;
  /** Kills it: what it held is gone. */
  stop(): Promise<void>;
}

const READY = 'Ready to accept connections';

/** Starts one, on a free port unless a port is given. */
export async function startRedis(port?: number): Promise<RedisServer> {
  const own = port ?? (await freePort());
  const args = ['--port', String(own), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', args, { cwd: tmpdir() });
  const exit = once(server, 'exit');
  const printed: string[] = [];
  for await (const line of createInterface({ input: server.stdout })) {
    printed.push(line);
    if (line.includes(READY)) break;
  }
  if (!printed.at(-1)?.includes(READY)) throw new Error(`redis-server has ended: ${printed.join('\n')}`);
  server.stdout.resume();
  return {
    url: `redis://127.0.0.1:${own}`,
    port: own,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    async stop() {
      server.kill('SIGKILL');
      await exit;
    },
  };
}
