import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from '../calls.ts';
import { configuration, Folder, KEY } from '../folder.ts';
import { bareServer, ServerProcess } from '../server-process.ts';
import { startMoto } from './moto.ts';
import { startNginx } from './nginx.ts';

/** What is measured over HTTP: an address, and who calls it. */
export interface Endpoint {
  readonly url: string;
  readonly credentials: Credentials;
  readonly server: ServerProcess;
}

/** The servers of a run, each in a process of its own, all stopped with it. */
export class Servers implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #folder = this.#stack.use(new Folder(configuration()));
  readonly #started = new Map<string, Promise<Endpoint>>();

  /** A server of the table below, started on first use. @throws why it cannot be started */
  async get(name: ServerName): Promise<Endpoint> {
    const started = this.#started.get(name) ?? STARTS[name](this);
    this.#started.set(name, started);
    return started;
  }

  /** The proxy with the folder's one user. */
  async proxy(...flags: readonly string[]): Promise<Endpoint> {
    return this.keep(await ServerProcess.proxy(flags, { cwd: this.#folder.path }));
  }

  async bare(name: string, ...args: readonly string[]): Promise<Endpoint> {
    return this.keep(await ServerProcess.start([bareServer(name), ...args]));
  }

  keep(server: ServerProcess, credentials: Credentials = KEY): Endpoint {
    this.#stack.use(server);
    return { server, url: server.url, credentials };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

type ServerName =
  | 'http'
  | 'express'
  | 'bareProxy'
  | 'nginx'
  | 'moto'
  | 'embedded'
  | 'session'
  | 'forwarding'
  | 'tls'
  | 'workers'
  | 'forwardingWorkers'
  | 'stub';

const STARTS: Readonly<Record<ServerName, (servers: Servers) => Promise<Endpoint>>> = {
  http: (servers) => servers.bare('bare-http'),
  express: (servers) => servers.bare('bare-express'),
  bareProxy: async (servers) => servers.bare('bare-proxy', (await servers.get('http')).url),
  nginx: async (servers) => servers.keep(await startNginx((await servers.get('http')).url)),
  moto: async (servers) => {
    const { server, credentials } = await startMoto();
    return servers.keep(server, credentials);
  },
  embedded: (servers) => servers.proxy(),
  session: async (servers) => {
    const endpoint = await servers.get('embedded');
    return { ...endpoint, credentials: await sessionOf(endpoint) };
  },
  forwarding: async (servers) => servers.proxy('--upstream', (await servers.get('http')).url),
  tls: async (servers) => {
    const endpoint = await servers.proxy('--tls-mode', 'self-signed');
    return { ...endpoint, url: /https:\S+/.exec(endpoint.server.printed)?.[0] ?? endpoint.url };
  },
  workers: (servers) => servers.proxy('--workers', '2'),
  forwardingWorkers: async (servers) =>
    servers.proxy('--workers', '2', '--upstream', (await servers.get('http')).url),
  stub: (servers) => servers.proxy('--stub-only'),
};

async function sessionOf({ url, credentials }: Endpoint): Promise<Credentials> {
  const sts = new STSClient({ endpoint: url, region: 'us-east-1', credentials });
  try {
    const { Credentials: session } = await sts.send(new GetSessionTokenCommand());
    if (!session?.AccessKeyId || !session.SecretAccessKey || !session.SessionToken)
      throw new Error('GetSessionToken returned no credentials');
    return {
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      sessionToken: session.SessionToken,
    };
  } finally {
    sts.destroy();
  }
}
