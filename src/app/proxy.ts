import { randomUUID } from 'node:crypto';
import { landingPage } from '../admin/landing-page.ts';
import { createMetrics } from '../admin/metrics.ts';
import type { SessionOptions } from '../commands/env/credentials-for.ts';
import { authorizeCall } from '../commands/simulate/authorize-call.ts';
import type { Clock } from '../lib/clock.ts';
import { closeOnce } from '../lib/close-once.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { createPipeline } from '../pipeline/run.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { createApp } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import { answerAccessAnalyzerCall } from '../services/access-analyzer/answer.ts';
import { openCloudwatch } from '../services/cloudwatch/responder.ts';
import { answerIamCall } from '../services/iam/answer.ts';
import { importFilesIn } from '../services/personalize/import-files.ts';
import { openUpstream } from '../services/personalize/open-upstream.ts';
import { browserPaths } from '../services/personalize/service-operations.ts';
import { createServiceRoleJudge } from '../services/personalize/service-role.ts';
import { openS3 } from '../services/s3/responder.ts';
import { SERVICES } from '../services/services.ts';
import { answerStsCall } from '../services/sts/answer.ts';
import { createAuthorizationMessages } from '../sessions/authorization-messages.ts';
import { createOneTimeCodes } from '../sessions/one-time-code.ts';
import { createCredentialIssuer } from '../sessions/temporary-credentials.ts';
import type { Exchange } from '../upstreams/upstream.ts';
import { type CredentialsOf, credentialsOf, orThrow, type SessionProvider } from './client-config.ts';
import { openAdmin } from './open-admin.ts';
import { openSessionKey } from './open-session-key.ts';
import { createControl } from './proxy-control.ts';
import {
  loadConfig,
  messageOf,
  noticeOfFixtures,
  openDirectory,
  openLog,
  orStartError,
  type ProxyOptions,
} from './proxy-options.ts';
import { respondWith } from './responders.ts';
import type { RunningProxy } from './running-proxy.ts';
import { listenOverTls } from './tls-listener.ts';

/** The wall clock: signatures are compared with it, so it follows the system's corrections. */
export const systemClock: Clock = () => Date.now();

/**
 * Starts a proxy and resolves when it listens.
 * @throws StartError where the configuration, principals or policies are invalid; ListenError if the port is not available.
 */
export async function startProxy(options: ProxyOptions = {}): Promise<RunningProxy> {
  const { clock = systemClock, onNotice = () => {} } = options;
  const config = loadConfig(options);
  await using opened = new AsyncDisposableStack();
  const onFailure = (cause: unknown): void => onNotice({ kind: 'failure', message: messageOf(cause) });

  const problems = (): readonly Diagnostic[] => [
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
    monotonicClock: () => performance.now(),
    newId: randomUUID,
    onRecord: (record: DecisionRecord) => {
      metrics.observe(record);
      onNotice({ kind: 'decision', record });
    },
  };
  const s3 = opened.use(await openS3(config, deciding));
  const cloudwatch = opened.use(await openCloudwatch(config, deciding));
  const deps = {
    clock,
    newId: randomUUID,
    onFixtures: noticeOfFixtures(onNotice),
    checkServiceRole: createServiceRoleJudge(deciding),
    ...(s3.objects && { readFiles: importFilesIn(s3.objects) }),
  };
  const upstream = opened.use(orStartError(await openUpstream(config, deps)));
  const sessionKey = openSessionKey(options, config, onNotice);
  const credentials = createCredentialIssuer({ sessionKey });
  const messages = createAuthorizationMessages(sessionKey);
  const control = createControl(config, { source, upstream, problems });
  const pipeline = createPipeline<Exchange>({
    ...deciding,
    credentials,
    oneTimeCodes: createOneTimeCodes(),
    resourceTags: upstream.tags,
    ...(s3.objects && { buckets: s3.objects }),
    services: SERVICES,
    respond: respondWith(SERVICES, {
      personalize: upstream.send,
      sts: (call) => answerStsCall(call, { directory: source.current(), credentials, messages }),
      iam: async (call) => answerIamCall({ ...call, directory: source.current(), log }),
      s3: s3.respond,
      cloudwatch: cloudwatch.respond,
      'access-analyzer': async (call) => answerAccessAnalyzerCall(call.route.operation, call),
    }),
    onFailure,
  });
  const hasFiles = typeof options.principals !== 'object';
  const admin = openAdmin({
    ...{ config, control, metrics, log, messages, upstream, clock, hasFiles },
    directory: deciding.directory,
  });
  const app = createApp(pipeline, {
    admin: admin.router,
    landing: landingPage,
    trustedProxies: config.listen.trustedProxies,
    limits: config.limits,
    cors: { origins: config.cors, paths: browserPaths() },
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
