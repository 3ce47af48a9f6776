import { type ResourceTags, tagLookup } from '../context-keys/resource-tags.ts';
import type { Directory } from '../directory/directory.ts';
import type { Clock } from '../lib/clock.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpAnswer, HttpRequest } from '../lib/http-message.ts';
import { err, type Result } from '../lib/result.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import type { OneTimeCodes } from '../sessions/one-time-code.ts';
import type { CredentialIssuer } from '../sessions/temporary-credentials.ts';
import { loadCodec } from '../wire/cbor.ts';
import { encodeError, sentCode } from '../wire/encode-error.ts';
import { route } from '../wire/route.ts';
import { type Admission, admit } from './admit.ts';
import { authenticate, type Buckets, namesKnownKey } from './authenticate.ts';
import { decideAll } from './decide-all.ts';
import { type Delivery, end, type Reached, targetOf } from './deliver-or-deny.ts';
import { name } from './name.ts';
import { decisionRecord } from './record.ts';
import { requestParameters } from './request-parameters.ts';
import type { Decided, Received, Routed } from './stages.ts';
import { understand } from './understand.ts';
import { unservedOperation, unsignedRefusal } from './unserved-operation.ts';

/** What the pipeline is told by the configuration. `mode` may change while it runs. */
export interface PipelineSettings {
  readonly mode: 'enforce' | 'audit';
  readonly region: string;
  readonly clockSkewMinutes: number;
  readonly undocumentedChecks: 'report' | 'enforce';
}

export interface PipelineOptions<Exchange> {
  readonly settings: () => PipelineSettings;
  /** The last good state of the folder. */
  readonly directory: () => Directory;
  /** Who issues temporary credentials, and knows them again. */
  readonly credentials: CredentialIssuer;
  readonly oneTimeCodes: OneTimeCodes;
  readonly log: DecisionLog;
  readonly clock: Clock;
  /** Milliseconds with a fraction, from any start. */
  readonly stopwatch: () => number;
  readonly newId: () => string;
  readonly resourceTags: ResourceTags;
  /** The buckets of the embedded S3; absent where S3 is at an address, and its calls are forwarded. */
  readonly buckets?: Buckets;
  readonly deliver: Deliver<Exchange>;
  readonly onRecord?: (record: DecisionRecord) => void;
  /** An exception that became a denial. */
  readonly onFailure?: (cause: unknown) => void;
}

/**
 * Answers an authorized request: an upstream, or a service of this process. `Exchange` is whatever it needs besides;
 * the pipeline only hands it on.
 */
export type Deliver<Exchange> = (
  authorized: Decided,
  exchange: Exchange,
) => Promise<Result<HttpAnswer, AwsError>>;

export interface Pipeline<Exchange> {
  /** From raw bytes to the complete answer; recorded before it is returned. Never rejects. */
  run(request: HttpRequest, exchange: Exchange): Promise<HttpAnswer>;
  /** How much of a body may be read, by the head of its request. Never rejects. */
  admit(head: HttpRequest): Promise<Admission>;
  /** Answers and records a request that failed before it could be read, e.g. a body that is too large. */
  refuse(request: HttpRequest, error: AwsError): Promise<HttpAnswer>;
}

/** receive -> route -> authenticate -> understand -> name -> decide -> deliver or deny -> record -> answer. */
export function createPipeline<Exchange>(options: PipelineOptions<Exchange>): Pipeline<Exchange> {
  const receive = (request: HttpRequest): Received => ({
    request,
    requestId: options.newId(),
    decisionId: options.newId(),
    receivedAt: options.clock(),
  });

  /** Whatever throws is a refusal with its cause, never a pass. Who watches can not change that: they are told, at most. */
  const failure = (cause: unknown): AwsError => {
    try {
      options.onFailure?.(cause);
    } catch {}
    const reason = cause instanceof Error ? cause.message : String(cause);
    return awsError('InternalFailure', `The proxy failed, so it denies: ${reason}`);
  };

  /** @param isDecidedByHead the body was not read yet: whether to go on past authentication without it */
  const reach = async (
    received: Received,
    isDecidedByHead?: (routed: Routed) => boolean,
  ): Promise<Reached> => {
    let stage: Reached['stage'] = received;
    try {
      const { resourceTags, credentials, oneTimeCodes, buckets } = options;
      const settings = options.settings();
      const { region, undocumentedChecks } = settings;
      const routed = route(received.request, received.requestId);
      await loadCodec(routed.ok ? routed.value.protocol : routed.error.protocol);
      if (!routed.ok) return { stage, ...routed.error };
      const directory = options.directory();
      const found = { ...received, route: routed.value };
      stage = found;
      const unserved = unservedOperation(found.route);
      if (unserved && found.route.operation.unsigned) return { stage, error: unserved };
      const authenticated = await authenticate(found, {
        ...settings,
        ...{ directory, credentials, headOnly: isDecidedByHead !== undefined },
        ...(buckets && { buckets }),
      });
      if (!authenticated.ok) return { stage, error: unsignedRefusal(authenticated.error, unserved) };
      stage = authenticated.value;
      if (isDecidedByHead && !isDecidedByHead(found)) return { stage };
      const understood = await understand(authenticated.value, {
        directory,
        oneTimeCodes,
        forwardsS3: buckets === undefined,
      });
      if (!understood.ok) return { stage, error: understood.error };
      const tags = tagLookup(resourceTags);
      const named = name(understood.value, { directory, region, tags });
      if (!named.ok) return { stage, error: named.error };
      const decided = decideAll(named.value, directory, undocumentedChecks);
      const reading = tags.settled();
      if (reading === undefined) return { stage: decided };
      await reading;
      return { stage: decideAll(named.value, directory, undocumentedChecks) };
    } catch (cause) {
      return { stage, error: failure(cause) };
    }
  };

  /** An answer that can not be recorded is not given; the error to answer with instead. */
  const keep = async (record: DecisionRecord, stage: Reached['stage']): Promise<AwsError | undefined> => {
    try {
      await options.log.append(record, requestParameters(stage));
    } catch (cause) {
      return failure(cause);
    }
    try {
      options.onRecord?.(record);
    } catch (cause) {
      failure(cause);
    }
    return undefined;
  };

  const conclude = async (reached: Reached, micros: number, deliver: Delivery): Promise<HttpAnswer> => {
    const { stage } = reached;
    const target = targetOf(reached);
    const { mode } = options.settings();
    const { outcome, answer, error } = await end(reached, mode, async (authorized) => {
      try {
        return await deliver(authorized);
      } catch (cause) {
        return err(failure(cause));
      }
    });
    const record = decisionRecord(stage, {
      mode,
      outcome,
      durationMicros: micros,
      ...(error && {
        error: { code: sentCode(error.code, target), message: error.message, status: answer.status },
      }),
    });
    const unrecorded = await keep(record, stage);
    const final = unrecorded ? encodeError(unrecorded, target, stage.requestId) : answer;
    return {
      ...final,
      headers: {
        'x-amzn-requestid': stage.requestId,
        ...final.headers,
        'x-authz-decision': stage.decisionId,
      },
    };
  };

  const refuse: Pipeline<Exchange>['refuse'] = async (request, error) => {
    const received = receive(request);
    const routed = route(request, received.requestId);
    await loadCodec(routed.ok ? routed.value.protocol : routed.error.protocol);
    if (routed.ok) return conclude({ stage: { ...received, route: routed.value }, error }, 0, never);
    return conclude({ stage: received, error, protocol: routed.error.protocol }, 0, never);
  };

  return {
    refuse,
    admit: (head) => {
      const { settings, directory, credentials } = options;
      const { mode, ...rest } = settings();
      return admit<Reached>(head, {
        enforces: mode === 'enforce',
        reachByHead: (isUpload) => reach(receive(head), isUpload),
        namesKnownKey: () => namesKnownKey(receive(head), { ...rest, directory: directory(), credentials }),
        conclude: (reached) => conclude(reached, 0, never),
        refuse: (error) => refuse(head, error),
      });
    },
    async run(request, exchange) {
      const start = options.stopwatch();
      const received = receive(request);
      const reached = await reach(received);
      const micros = Math.round((options.stopwatch() - start) * 1000);
      return conclude(reached, micros, (authorized) => options.deliver(authorized, exchange));
    },
  };
}

const never: Delivery = () => Promise.reject(new Error('a refused request is not delivered'));
