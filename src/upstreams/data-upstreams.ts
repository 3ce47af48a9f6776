import type { Directory } from '../directory/directory.ts';
import type { Clock } from '../lib/clock.ts';
import type { AwsError } from '../lib/errors.ts';
import { type HttpAnswer, type HttpRequest, header } from '../lib/http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { hiddenBehindDenial } from '../pipeline/missing-object.ts';
import type { Decided } from '../pipeline/stages.ts';
import { answerCloudwatchCall, createCloudwatchState } from '../services/cloudwatch/answer.ts';
import { answerS3Call } from '../services/s3/answer.ts';
import { BUCKET_POLICY_OPERATIONS } from '../services/s3/bucket-policy-operations.ts';
import type { MultipartUploads } from '../services/s3/multipart-uploads.ts';
import { openObjectFolder } from '../services/s3/object-folder.ts';
import type { ObjectStore } from '../services/s3/object-store.ts';
import { encodeError } from '../wire/encode-error.ts';
import { hasBucketInHost, readS3Target } from '../wire/s3-target.ts';
import type { Address } from './forward.ts';
import type { ForwardedRequest, Upstream } from './upstream.ts';

/** A large object may take a while to write. */
const TIMEOUT_MILLIS = 60_000;

export interface DataSettings {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** `embedded`, or an address. */
  readonly upstreams: { readonly s3: string; readonly cloudwatch: string };
  readonly objects: { readonly folder: string | null };
}

export interface DataSurroundings {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly directory: () => Directory;
  readonly settings: () => { readonly mode: 'enforce' | 'audit' };
}

/** Where S3 and CloudWatch are: in this process, or at addresses. */
export interface DataUpstreams extends AsyncDisposable {
  /** The objects of the embedded S3; absent where S3 is elsewhere. */
  readonly objects?: ObjectStore;
  send(
    authorized: Decided,
    exchange: Omit<ForwardedRequest, 'authorized'>,
  ): Promise<Result<HttpAnswer, AwsError>>;
  close(): Promise<void>;
}

type Send = (
  authorized: Decided,
  exchange: Omit<ForwardedRequest, 'authorized'>,
) => Promise<Result<HttpAnswer, AwsError>>;

export async function openDataUpstreams(
  settings: DataSettings,
  surroundings: DataSurroundings,
): Promise<DataUpstreams> {
  const {
    upstreams,
    objects: { folder },
  } = settings;
  await using opened = new AsyncDisposableStack();
  const objects =
    upstreams.s3 === 'embedded' ? openObjectFolder({ folder, clock: surroundings.clock }) : undefined;
  if (objects) opened.use(objects);
  const sendS3 = objects
    ? embeddedS3(objects, settings, surroundings)
    : forwardedS3(sendTo(opened.use(await upstreamAt(upstreams.s3, inPathStyle))), surroundings);
  const sendCloudwatch =
    upstreams.cloudwatch === 'embedded'
      ? embeddedCloudwatch(settings, surroundings)
      : sendTo(opened.use(await upstreamAt(upstreams.cloudwatch, asItCame)));
  const resources = opened.move();
  const close = (): Promise<void> => resources.disposeAsync();
  return {
    ...(objects && { objects }),
    async send(authorized, exchange) {
      if (authorized.route.service.name === 'cloudwatch') return sendCloudwatch(authorized, exchange);
      const answer = await sendS3(authorized, exchange);
      const isHidden = answer.ok && surroundings.settings().mode === 'enforce';
      const denial = isHidden && hiddenBehindDenial(authorized, answer.value, surroundings.directory());
      return denial ? err(denial) : answer;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function embeddedS3(store: ObjectStore, { region }: DataSettings, surroundings: DataSurroundings): Send {
  const { clock, newId } = surroundings;
  const bucketPolicy = bucketPolicyOf(surroundings);
  const uploads: MultipartUploads = new Map();
  return async ({ route, request, requestId, input, content = request.body }) => {
    const call = { input, content, requestId };
    const deps = { store, uploads, region, clock, newId, bucketPolicy };
    const answer = await answerS3Call(route.operation.name, call, deps);
    return answer.ok ? answer : ok(encodeError(answer.error, route, requestId));
  };
}

function embeddedCloudwatch({ account, region, partition }: DataSettings, { clock }: DataSurroundings): Send {
  const state = createCloudwatchState(clock);
  return async ({ route, requestId, input }) => {
    const answer = answerCloudwatchCall(route, { input, requestId, account, region, partition }, state);
    return answer.ok ? answer : ok(encodeError(answer.error, route, requestId));
  };
}

type OverHttp = Omit<Upstream, 'tags'>;

const sendTo =
  (upstream: OverHttp): Send =>
  (authorized, exchange) =>
    upstream.send({ authorized, ...exchange });

/** What the folder answers comes from the folder, and everything else from another S3. */
function forwardedS3(send: Send, deps: DataSurroundings): Send {
  const bucketPolicy = bucketPolicyOf(deps);
  return async (authorized, exchange) => {
    const { route, requestId, input } = authorized;
    const operation = BUCKET_POLICY_OPERATIONS.get(route.operation.name);
    if (operation === undefined) return send(authorized, exchange);
    const answer = await operation({ input, content: new Uint8Array(), requestId }, { bucketPolicy });
    return answer.ok ? answer : ok(encodeError(answer.error, route, requestId));
  };
}

const bucketPolicyOf =
  ({ directory }: DataSurroundings) =>
  (bucket: string) =>
    directory().bucketPolicies.get(bucket);

async function upstreamAt(address: string, addressOf: (request: HttpRequest) => Address): Promise<OverHttp> {
  const { httpUpstream } = await import('./forward.ts');
  return httpUpstream({
    description: address,
    target: () => address,
    timeoutMillis: TIMEOUT_MILLIS,
    address: addressOf,
  });
}

/** For the host that it was signed for, so that an upstream which knows the same key can verify the same signature. */
function asItCame(request: HttpRequest): Address {
  const host = header(request, 'host');
  return { path: request.target, ...(host !== undefined && { host }) };
}

/** A bucket in the host goes into the path: nobody can take it for another there. */
function inPathStyle(request: HttpRequest): Address {
  const bucket = hasBucketInHost(request) ? readS3Target(request)?.bucket : undefined;
  return bucket === undefined ? asItCame(request) : { path: `/${bucket}${request.target}` };
}
