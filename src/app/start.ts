import type { ListeningServer } from '../server/listen.ts';
import type { ProxyOptions } from './proxy-options.ts';
import type { RunningProxy } from './running-proxy.ts';

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

/**
 * Starts the Personalize stub alone, behind a port of its own: nothing is authenticated or authorized.
 * @throws StartError where the configuration is invalid; ListenError if the port is not available.
 */
export async function startStub(options: ProxyOptions = {}): Promise<ListeningServer> {
  const stub = await import('./stub-server.ts');
  return stub.startStub(options);
}
