import type { EmbeddedElsewhere } from '../calls/embedded.ts';
import type { Config } from '../config/read-config.ts';
import type { DirectorySource } from '../directory/watch-files.ts';
import { createPipeline } from '../pipeline/run.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { newId } from '../records/new-id.ts';
import { openCloudwatch } from '../services/cloudwatch/responder.ts';
import { importFilesIn } from '../services/personalize/import-files.ts';
import { openUpstream } from '../services/personalize/open-upstream.ts';
import { createServiceRoleJudge } from '../services/personalize/service-role.ts';
import { openS3 } from '../services/s3/responder.ts';
import { SERVICES } from '../services/services.ts';
import { createAuthorizationMessages } from '../sessions/authorization-messages.ts';
import { createOneTimeCodes } from '../sessions/one-time-code.ts';
import { createCredentialIssuer } from '../sessions/temporary-credentials.ts';
import type { RequestState } from '../state/shared-state.ts';
import type { Exchange } from '../upstreams/upstream.ts';
import { openSessionKey } from './open-session-key.ts';
import { messageOf, noticeOfFixtures, orStartError, type ProxyOptions } from './proxy-options.ts';
import { respondWith } from './responders.ts';

/** The wall clock: signatures are compared with it, so it follows the system's corrections. */
export const systemClock = (): number => Date.now();

interface CoreParts {
  readonly options: ProxyOptions;
  readonly config: Config;
  readonly source: DirectorySource;
  readonly state: RequestState;
  readonly onRecord: (record: DecisionRecord) => void;
  /** Has the embedded services where this process has not. */
  readonly elsewhere?: EmbeddedElsewhere;
  /** Takes what has to be closed. */
  readonly opened: AsyncDisposableStack;
}

/** What decides about requests and answers them. */
export type Core = Awaited<ReturnType<typeof openCore>>;

/** Opens everything that a request needs but the server that it comes through. @throws StartError */
export async function openCore({ options, config, source, state, onRecord, elsewhere, opened }: CoreParts) {
  const { clock = systemClock, onNotice = () => {} } = options;
  const { log } = state;
  const settings = {
    ...config,
    get mode() {
      return state.mode;
    },
  };
  /** What decides and records, for requests and for the service roles that they pass. */
  const deciding = {
    settings: () => settings,
    directory: () => source.current(),
    log,
    clock,
    monotonicClock: () => performance.now(),
    newId,
    onRecord,
  };
  const s3 = opened.use(await openS3(config, { ...deciding, ...(elsewhere && { elsewhere }) }));
  const cloudwatch = opened.use(await openCloudwatch(config, { clock, ...(elsewhere && { elsewhere }) }));
  const deps = {
    clock,
    newId,
    onFixtures: noticeOfFixtures(onNotice),
    checkServiceRole: createServiceRoleJudge(deciding),
    ...(s3.objects && { readFiles: importFilesIn(s3.objects) }),
  };
  const upstream = opened.use(orStartError(await openUpstream(config, deps, elsewhere)));
  const sessionKey = openSessionKey(options, config, onNotice);
  const credentials = createCredentialIssuer({ sessionKey });
  const messages = createAuthorizationMessages(sessionKey);
  const pipeline = createPipeline<Exchange>({
    ...deciding,
    credentials,
    oneTimeCodes: createOneTimeCodes(state.claimCode),
    resourceTags: upstream.tags,
    ...(s3.buckets && { buckets: s3.buckets }),
    services: SERVICES,
    respond: respondWith(SERVICES, {
      personalize: upstream.send,
      // Loaded for the first call: most applications call Personalize only.
      sts: async (call) => {
        const { handleStsCall } = await import('../services/sts/handle-call.ts');
        return handleStsCall(call, { directory: source.current(), credentials, messages });
      },
      iam: async (call) => {
        const { handleIamCall, readsDecisions } = await import('../services/iam/handle-call.ts');
        const decisions = readsDecisions(call.route.operation.name) ? await state.recorded() : NO_DECISIONS;
        return handleIamCall({ ...call, directory: source.current(), log: decisions });
      },
      s3: s3.respond,
      cloudwatch: cloudwatch.respond,
      'access-analyzer': async (call) => {
        const { handleAccessAnalyzerCall } = await import('../services/access-analyzer/handle-call.ts');
        return handleAccessAnalyzerCall(call.route.operation, call);
      },
    }),
    onFailure: (cause) => onNotice({ kind: 'failure', message: messageOf(cause), isOfRequest: true }),
  });
  const embedded = {
    personalize: upstream.embedded,
    s3: s3.embedded,
    cloudwatch: cloudwatch.embedded,
  };
  const { buckets } = s3;
  return {
    config,
    source,
    deciding,
    upstream,
    sessionKey,
    credentials,
    messages,
    pipeline,
    embedded,
    buckets,
  };
}

const NO_DECISIONS = { list: (): readonly DecisionRecord[] => [] };
