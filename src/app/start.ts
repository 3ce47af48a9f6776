import type { ListeningServer } from '../server/listen.ts';
import type { ProxyOptions } from './proxy-options.ts';
import type { RunningProxy } from './running-proxy.ts';
import { WORKER_VARIABLE } from './workers/worker-variable.ts';

/*
 * What serves is read when it is started: most commands serve nothing, and are faster without Express and all that it
 * brings.
 */

/**
 * Starts a proxy and resolves when it listens.
 * @throws StartError where the configuration, principals or policies are invalid; ListenError if the port is not available.
 */
export async function startProxy(options: ProxyOptions = {}): Promise<RunningProxy> {
  const proxy = await import('./proxy.ts');
  return proxy.startProxy(options);
}

/** The same with as many processes as the configuration names: for a program of its own, which they run too. */
export async function startServing(options: ProxyOptions): Promise<RunningProxy> {
  const proxy = await import('./proxy.ts');
  return proxy.startProxy(options, { mayFork: true });
}

/** Whether this process is a worker of one that serves. */
export const isWorker = (): boolean => process.env[WORKER_VARIABLE] !== undefined;

/** Serves as a worker until the primary stops it. */
export async function startWorker(): Promise<void> {
  const { runWorker } = await import('./workers/worker.ts');
  await runWorker();
}

/**
 * Starts the Personalize stub alone, behind a port of its own: nothing is authenticated or authorized.
 * @throws StartError where the configuration is invalid; ListenError if the port is not available.
 */
export async function startStub(options: ProxyOptions = {}): Promise<ListeningServer> {
  const stub = await import('./stub-server.ts');
  return stub.startStub(options);
}
