import type { Decided, Received, Routed, Service, Stage } from '../calls/service.ts';
import type { CallDependencies } from '../calls/service-rules.ts';
import { type ResourceTags, tagLookup } from '../context-keys/resource-tags.ts';
import type { Directory } from '../directory/directory.ts';
import type { Clock } from '../lib/clock.ts';
import type { Draft } from '../lib/draft.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../lib/http-message.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { Result } from '../lib/result.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { loadCodec } from '../wire/cbor.ts';
import { type Admission, admit } from './admit.ts';
import { type AuthenticateOptions, authenticate, namesKnownKey } from './authenticate.ts';
import { decideChecks } from './decide-checks.ts';
import { decodeCall } from './decode-input.ts';
import { createFinalize } from './finalize.ts';
import { resolveChecks } from './resolve-checks.ts';
import type { Reached, Respond } from './respond.ts';
import { createRouter } from './router.ts';

/** What the pipeline takes from the configuration. `mode` may change while it runs. */
export interface PipelineSettings {
  readonly mode: 'enforce' | 'audit';
  readonly region: string;
  readonly clockSkewMinutes: number;
  readonly undocumentedChecks: 'report' | 'enforce';
}

export interface PipelineOptions<Exchange> extends Omit<CallDependencies, 'directory'> {
  readonly services: readonly Service[];
  readonly settings: () => PipelineSettings;
  /** The last valid state of the folder. */
  readonly directory: () => Directory;
  readonly log: Pick<DecisionLog, 'append'>;
  readonly clock: Clock;
  /** Milliseconds with a fraction, from any start. */
  readonly monotonicClock: () => number;
  readonly newId: () => string;
  readonly resourceTags: ResourceTags;
  /** Responds to an authorized request. `Exchange` is passed on to it unread. */
  readonly respond: (authorized: Decided, exchange: Exchange) => MaybePromise<Result<HttpResponse, AwsError>>;
  readonly onRecord?: (record: DecisionRecord) => void;
  /** An exception that became a denial. */
  readonly onFailure?: (cause: unknown) => void;
}

export interface Pipeline<Exchange> {
  /** From raw bytes to the complete response; recorded before it is returned. Never rejects. */
  run(request: HttpRequest, exchange: Exchange): Promise<HttpResponse>;
  /** How much of a body may be read, by the head of its request. Never rejects. */
  admit(head: HttpRequest): Promise<Admission>;
  /** Responds to and records a request that failed before it could be read, e.g. a body that is too large. */
  refuse(request: HttpRequest, error: AwsError): Promise<HttpResponse>;
}

/**
 * receive -> route -> authenticate -> decode -> resolve checks -> decide -> respond -> record. Each stage is waited for only
 * where it has to wait.
 */
export function createPipeline<Exchange>(options: PipelineOptions<Exchange>): Pipeline<Exchange> {
  const { services } = options;
  const route = createRouter(services);
  const { credentials, oneTimeCodes, buckets } = options;
  const receive = (request: HttpRequest): Received => ({
    request,
    requestId: options.newId(),
    decisionId: options.newId(),
    receivedAt: options.clock(),
  });

  /** Every exception becomes an error with its cause, which is all that the caller gets. An observer that throws cannot change that. */
  const failure = (cause: unknown, effect = 'request denied'): AwsError => {
    try {
      options.onFailure?.(cause);
    } catch {}
    const reason = cause instanceof Error ? cause.message : String(cause);
    return awsError('InternalFailure', `Internal error, ${effect}: ${reason}`);
  };

  /** @param isDecidedByHead the body was not read yet: whether to go on past authentication without it */
  const runStages = async (
    received: Received,
    isDecidedByHead?: (routed: Routed) => boolean,
  ): Promise<Reached> => {
    let stage: Stage = received;
    try {
      const { region, clockSkewMinutes, undocumentedChecks } = options.settings();
      const directory = options.directory();
      const headOnly = isDecidedByHead !== undefined;
      const deps: Draft<AuthenticateOptions> = {
        credentials,
        oneTimeCodes,
        directory,
        region,
        clockSkewMinutes,
        headOnly,
      };
      if (buckets) deps.buckets = buckets;
      const found = route(received.request);
      const codec = loadCodec(found.ok ? found.value.protocol : found.error.target.protocol);
      if (codec) await codec;
      if (!found.ok) return { stage, ...found.error };
      const routed: Routed = { ...received, route: found.value };
      stage = routed;
      const { service, operation } = routed.route;
      const unsupported = service.unsupported?.(operation);
      if (unsupported && operation.unsigned) return { stage, error: unsupported };
      const authentication = authenticate(routed, deps);
      const authenticated = authentication instanceof Promise ? await authentication : authentication;
      if (!authenticated.ok) return { stage, error: unsignedError(authenticated.error, unsupported) };
      stage = authenticated.value;
      if (isDecidedByHead && !isDecidedByHead(routed)) return { stage };
      const decoding = decodeCall(authenticated.value, deps);
      const decoded = decoding instanceof Promise ? await decoding : decoding;
      if (!decoded.ok) return { stage, error: decoded.error };
      stage = decoded.value;
      const tags = tagLookup(options.resourceTags);
      const resolved = resolveChecks(decoded.value, { directory, region, tags, services });
      if (!resolved.ok) return { stage, error: resolved.error };
      const { checks, undocumented } = resolved.value;
      const checked = { ...decoded.value, checks, undocumented };
      const decided = decideChecks(checked, directory, undocumentedChecks);
      const reading = tags.settled();
      if (reading === undefined) return { stage: decided };
      await reading;
      return { stage: decideChecks(checked, directory, undocumentedChecks) };
    } catch (cause) {
      return { stage, error: failure(cause) };
    }
  };

  const finalize = createFinalize({ ...options, failure });

  const refuse: Pipeline<Exchange>['refuse'] = async (request, error) => {
    const received = receive(request);
    const found = route(request);
    await loadCodec(found.ok ? found.value.protocol : found.error.target.protocol);
    if (found.ok) return finalize({ stage: { ...received, route: found.value }, error }, 0, never);
    const { protocol, encoding } = found.error.target;
    return finalize({ stage: received, error, target: { protocol, encoding } }, 0, never);
  };

  return {
    refuse,
    admit: (head) => {
      const { mode, ...settings } = options.settings();
      return admit(head, {
        enforces: mode === 'enforce',
        reachByHead: (isUpload) => runStages(receive(head), isUpload),
        namesKnownKey: () =>
          namesKnownKey(receive(head), { ...options, ...settings, directory: options.directory() }),
        conclude: async (reached) => finalize(reached, 0, never),
        refuse: (error) => refuse(head, error),
      });
    },
    run(request, exchange) {
      const start = options.monotonicClock();
      return runStages(receive(request)).then((reached) => {
        const micros = Math.round((options.monotonicClock() - start) * 1000);
        return finalize(reached, micros, (authorized) => options.respond(authorized, exchange));
      });
    },
  };
}

/** The error of an unsigned call: an unsupported operation takes precedence over the missing signature. */
const unsignedError = (error: AwsError, unsupported: AwsError | undefined): AwsError =>
  error.code === 'MissingAuthenticationTokenException' ? (unsupported ?? error) : error;

const never: Respond = () => Promise.reject(new Error('a refused request has no responder'));
