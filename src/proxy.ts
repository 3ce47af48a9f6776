import { randomUUID } from 'node:crypto';
import type { Config } from './config.ts';
import type { Fault } from './errors.ts';
import { adminRouter, type Health, healthRouter, type Mode } from './http/admin.ts';
import { createApp, type Exchange } from './http/app.ts';
import { createMetrics } from './http/metrics.ts';
import { type ListeningServer, listen } from './http/server.ts';
import { stubAnswerer } from './http/stub-upstream.ts';
import type { Upstream } from './http/upstream.ts';
import { openStub, openUpstream } from './http/upstreams.ts';
import type { Directory } from './identity/directory.ts';
import { findCaller } from './identity/find-caller.ts';
import type { DirectorySource } from './identity/watch.ts';
import type { Clock } from './lib/clock.ts';
import { createPipeline } from './pipeline/run.ts';
import {
  loadConfig,
  messageOf,
  openDirectory,
  openLog,
  type ProxyOptions,
  version,
} from './proxy-options.ts';
import type { DecisionRecord } from './record/decision-record.ts';
import { answerIamCall } from './services/iam/answer.ts';
import { answerIdentityCall } from './services/sts.ts';

/** What an AWS SDK for JavaScript v3 client takes. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface RunningProxy extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:7377`. */
  readonly url: string;
  readonly config: Config;
  /** As the banner names it. */
  readonly upstream: string;
  readonly mode: Mode;
  /** The last good state of the folder. */
  readonly directory: Directory;
  /** Those in memory, oldest first. */
  readonly decisions: readonly DecisionRecord[];
  health(): Health;
  setMode(mode: Mode): void;
  /** Reads principals and policies anew; the faults that kept it from counting, or none. */
  reload(): Promise<readonly Fault[]>;
  /** Endpoint, region and the first active key of a user, `alice` or `user/alice`. @throws for a user without one. */
  clientConfig(principal: string): ClientConfig;
  /** Lets requests under way finish, then closes everything. */
  close(): Promise<void>;
}

/** The wall clock: signatures are compared with it, so it follows the system's corrections. */
const systemClock: Clock = () => Date.now();

/**
 * Starts a proxy and resolves when it listens.
 * @throws StartError where the configuration, principals or policies have faults; ListenError where the port can not be had.
 */
export async function startProxy(options: ProxyOptions = {}): Promise<RunningProxy> {
  const { clock = systemClock, onNotice = () => {} } = options;
  const config = loadConfig(options);
  await using opened = new AsyncDisposableStack();
  const onFailure = (cause: unknown): void => onNotice({ kind: 'failure', message: messageOf(cause) });

  const metrics = createMetrics(() => source.problems().length);
  const source = opened.use(await openDirectory(options, config, onNotice, metrics.observeReload));
  const log = opened.adopt(await openLog(config, onFailure), (it) => it.close());
  const upstream = opened.use(await openUpstream(config, { clock, newId: randomUUID }));
  const control = createControl(config, source, upstream);
  const pipeline = createPipeline<Exchange>({
    settings: () => ({ ...config, mode: control.mode }),
    directory: () => source.current(),
    log,
    clock,
    stopwatch: () => performance.now(),
    newId: randomUUID,
    resourceTags: (arn) => upstream.tagsOf(arn),
    deliver: async (authorized, exchange) => {
      const { service } = authorized.route;
      if (service.signingName === 'personalize') return upstream.send({ authorized, ...exchange });
      if (service.name === 'iam') return answerIamCall({ ...authorized, directory: source.current(), log });
      return answerIdentityCall(authorized);
    },
    onFailure,
    onRecord: (record) => {
      metrics.observe(record);
      onNotice({ kind: 'decision', record });
    },
  });
  const admin = adminRouter({ ...control, host: config.listen.host, log, metrics });
  const server = opened.use(await listen(createApp(pipeline, admin), config.listen));

  const resources = opened.move();
  const close = (): Promise<void> => resources.disposeAsync();
  return {
    url: server.url,
    config,
    upstream: upstream.description,
    get mode() {
      return control.mode;
    },
    get directory() {
      return source.current();
    },
    get decisions() {
      return log.list();
    },
    health: control.health,
    setMode: control.setMode,
    reload: control.reload,
    clientConfig: (principal) => ({
      endpoint: server.url,
      region: config.region,
      credentials: credentialsOf(source.current(), principal),
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Starts the Personalize stub alone, behind a port of its own: nothing is authenticated or authorized.
 * @throws StartError where the configuration has faults; ListenError where the port can not be had.
 */
export async function startStub(options: ProxyOptions = {}): Promise<ListeningServer> {
  const config = loadConfig(options);
  await using opened = new AsyncDisposableStack();
  const surroundings = { clock: options.clock ?? systemClock, newId: randomUUID };
  const stub = opened.use(openStub(config, surroundings));
  const app = createApp(stubAnswerer(stub, config, randomUUID), healthRouter(config.listen.host));
  const server = opened.use(await listen(app, config.listen));
  const resources = opened.move();
  const close = (): Promise<void> => resources.disposeAsync();
  return { ...server, close, [Symbol.asyncDispose]: close };
}

/** What may be seen and changed while the proxy runs. */
function createControl(config: Config, source: DirectorySource, upstream: Upstream) {
  let { mode } = config;
  return {
    get mode() {
      return mode;
    },
    setMode: (wanted: Mode): void => {
      mode = wanted;
    },
    health: (): Health => {
      const { users, roles, policies, warnings } = source.current();
      const problems = source.problems();
      return {
        status: problems.length === 0 ? 'ok' : 'degraded',
        version,
        mode,
        upstream: upstream.description,
        principals: users.size + roles.size,
        policies: policies.length,
        problems: [...problems, ...warnings],
      };
    },
    reload: async (): Promise<readonly Fault[]> => {
      const result = await source.reload();
      return result.ok ? [] : result.error;
    },
  };
}

function credentialsOf(directory: Directory, name: string): ClientConfig['credentials'] {
  const caller = findCaller(directory, name);
  if (!caller.ok) throw new Error(caller.error);
  const { principal } = caller.value;
  const user = principal.type === 'User' ? directory.users.get(principal.userName) : undefined;
  const key = user?.accessKeys.find(({ status }) => status === 'Active');
  if (!key) throw new Error(`${name} has no active access key.`);
  return { accessKeyId: key.id, secretAccessKey: key.secret };
}
