import { randomUUID } from 'node:crypto';
import type { Health, Mode } from '../admin/health.ts';
import { createMetrics } from '../admin/metrics.ts';
import type { SessionOptions } from '../commands/env/credentials-for.ts';
import {
  type AuthorizeOptions,
  authorizeCall,
  type CallAuthorization,
  type CallToAuthorize,
} from '../commands/simulate/authorize-call.ts';
import type { Config } from '../config/read-config.ts';
import { version } from '../config/version.ts';
import type { Directory } from '../directory/directory.ts';
import type { DirectorySource } from '../directory/watch-files.ts';
import type { Clock } from '../lib/clock.ts';
import { closeOnce } from '../lib/close-once.ts';
import type { Fault } from '../lib/errors.ts';
import { createPipeline } from '../pipeline/run.ts';
import { createServiceRoleJudge } from '../pipeline/service-role.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { createApp, type Exchange } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import { answerIamCall } from '../services/iam/answer.ts';
import { answerStsCall } from '../services/sts/answer.ts';
import { createAuthorizationMessages } from '../sessions/authorization-messages.ts';
import { createOneTimeCodes } from '../sessions/one-time-code.ts';
import { createCredentialIssuer } from '../sessions/temporary-credentials.ts';
import { openDataUpstreams } from '../upstreams/data-upstreams.ts';
import { importFilesIn } from '../upstreams/import-files.ts';
import { openUpstream } from '../upstreams/open-upstream.ts';
import type { Upstream } from '../upstreams/upstream.ts';
import {
  type ClientConfig,
  type CredentialsOf,
  credentialsOf,
  orThrow,
  type SessionProvider,
} from './client-config.ts';
import { openAdmin } from './open-admin.ts';
import { openSessionKey } from './open-session-key.ts';
import {
  loadConfig,
  messageOf,
  noticeOfFixtures,
  openDirectory,
  openLog,
  orStartError,
  type ProxyOptions,
} from './proxy-options.ts';
import { listenOverTls, type TlsListener } from './tls-listener.ts';

export interface RunningProxy extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:7377`. */
  readonly url: string;
  /** Absent where `tls.mode` is off. */
  readonly tls?: TlsListener;
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
  /**
   * Endpoint, region and credentials: the first active key of a user, `alice` or `user/alice`, or sessions of a role.
   * @throws for a name that nobody has, and for a user without a key
   */
  clientConfig<Name extends string>(principal: Name): ClientConfig<CredentialsOf<Name>>;
  /** The same with sessions that are narrowed, tagged, or made with a second factor; a user can have them too. */
  clientConfig(principal: string, session: SessionOptions): ClientConfig<SessionProvider>;
  /**
   * Whether a principal may make a call, a command of the AWS SDK v3, which is not made.
   * @throws for a principal or an operation that there is not, and for an input that does not tell its resources
   */
  authorize(principal: string, call: CallToAuthorize, options?: AuthorizeOptions): Promise<CallAuthorization>;
  /** Lets requests under way finish, then closes everything. */
  close(): Promise<void>;
}

/** The wall clock: signatures are compared with it, so it follows the system's corrections. */
export const systemClock: Clock = () => Date.now();

/**
 * Starts a proxy and resolves when it listens.
 * @throws StartError where the configuration, principals or policies have faults; ListenError where the port can not be had.
 */
export async function startProxy(options: ProxyOptions = {}): Promise<RunningProxy> {
  const { clock = systemClock, onNotice = () => {} } = options;
  const config = loadConfig(options);
  await using opened = new AsyncDisposableStack();
  const onFailure = (cause: unknown): void => onNotice({ kind: 'failure', message: messageOf(cause) });

  const problems = (): readonly Fault[] => [
    ...source.problems(),
    ...(upstream.stub?.problems() ?? []),
    ...(log.problem === undefined
      ? []
      : [{ severity: 'error', rule: 'unwritable', message: log.problem } as const]),
  ];
  const metrics = createMetrics(() => problems().length);
  const source = opened.use(await openDirectory(options, config, onNotice, metrics.observeReload));
  const log = opened.adopt(await openLog(config, onFailure), (it) => it.close());
  /** What decides and records, for requests and for the service roles that they pass. */
  const deciding = {
    settings: () => ({ ...config, mode: control.mode }),
    directory: () => source.current(),
    log,
    clock,
    stopwatch: () => performance.now(),
    newId: randomUUID,
    onRecord: (record: DecisionRecord) => {
      metrics.observe(record);
      onNotice({ kind: 'decision', record });
    },
  };
  const data = opened.use(await openDataUpstreams(config, deciding));
  const surroundings = {
    clock,
    newId: randomUUID,
    onFixtures: noticeOfFixtures(onNotice),
    judgeRole: createServiceRoleJudge(deciding),
    ...(data.objects && { readFiles: importFilesIn(data.objects) }),
  };
  const upstream = opened.use(orStartError(await openUpstream(config, surroundings)));
  const sessionKey = openSessionKey(options, config, onNotice);
  const credentials = createCredentialIssuer({ sessionKey });
  const messages = createAuthorizationMessages(sessionKey);
  const control = createControl(config, { source, upstream, problems });
  const pipeline = createPipeline<Exchange>({
    ...deciding,
    credentials,
    oneTimeCodes: createOneTimeCodes(),
    resourceTags: upstream.tags,
    ...(data.objects && { buckets: data.objects }),
    deliver: async (authorized, exchange) => {
      const { service } = authorized.route;
      if (service.signingName === 'personalize') return upstream.send({ authorized, ...exchange });
      if (service.name === 's3' || service.name === 'cloudwatch') return data.send(authorized, exchange);
      if (service.name === 'iam') return answerIamCall({ ...authorized, directory: source.current(), log });
      return answerStsCall(authorized, { directory: source.current(), credentials, messages });
    },
    onFailure,
  });
  const hasFiles = typeof options.principals !== 'object';
  const admin = openAdmin({
    ...{ config, control, metrics, log, messages, upstream, clock, hasFiles },
    directory: deciding.directory,
  });
  const app = createApp(pipeline, {
    admin: admin.router,
    trustedProxies: config.listen.trustedProxies,
    limits: config.limits,
  });
  const server = opened.use(await listen(app, config.listen));
  const tls = opened.use(await listenOverTls(app, config, { hasFiles, now: systemClock() }));
  // Disposed first: a server closes only once no response is under way.
  opened.use(admin.streams);

  const resources = opened.move();
  const close = closeOnce(resources);
  return {
    url: server.url,
    ...(tls && { tls }),
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
    clientConfig: <Name extends string>(principal: Name, session?: SessionOptions) => ({
      endpoint: server.url,
      region: config.region,
      credentials: credentialsOf(
        () => ({ directory: source.current(), credentials, now: clock() }),
        principal,
        session,
      ) as CredentialsOf<Name> & SessionProvider,
    }),
    authorize: async (...question) =>
      orThrow(await authorizeCall({ ...config, ...deciding, tags: upstream.tags }, ...question)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What may be seen and changed while the proxy runs. */
function createControl(
  config: Config,
  {
    source,
    upstream,
    problems: problemsNow,
  }: {
    readonly source: DirectorySource;
    readonly upstream: Upstream;
    readonly problems: () => readonly Fault[];
  },
) {
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
      const problems = problemsNow();
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
