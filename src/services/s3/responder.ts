import { type EmbeddedElsewhere, type EmbeddedService, embeddedCall } from '../../calls/embedded.ts';
import type { Decided } from '../../calls/service.ts';
import type { Buckets } from '../../calls/service-rules.ts';
import type { Directory } from '../../directory/directory.ts';
import type { Clock } from '../../lib/clock.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/http-message.ts';
import { err, type Result } from '../../lib/result.ts';
import { asItCame, httpUpstreamAt } from '../../upstreams/at-address.ts';
import type { Address, Exchange } from '../../upstreams/upstream.ts';
import { BUCKET_POLICY_OPERATIONS } from './bucket-operations.ts';
import { handleS3Call } from './handle-call.ts';
import { hiddenBehindDenial } from './missing-object.ts';
import type { MultipartUploads } from './multipart-uploads.ts';
import { openObjectFolder } from './object-folder.ts';
import type { ObjectStore } from './object-store.ts';
import { hasBucketInHost, readS3Target } from './target.ts';

export interface S3Settings {
  readonly region: string;
  /** `embedded`, or an address. */
  readonly upstreams: { readonly s3: string };
  readonly objects: { readonly folder: string | null };
}

export interface S3Dependencies {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly directory: () => Directory;
  readonly settings: () => { readonly mode: 'enforce' | 'audit' };
  /** Has the objects of the embedded S3 where this process has not. */
  readonly elsewhere?: EmbeddedElsewhere;
}

/** What responds to S3: objects in a folder, or another S3. */
export interface S3Responder extends AsyncDisposable {
  /** The objects of the embedded S3; absent where they are not in this process. */
  readonly objects?: ObjectStore;
  /** The same for the calls that other processes pass on. */
  readonly embedded?: EmbeddedService;
  /** Which buckets exist; absent where S3 is at an address. */
  readonly buckets?: Buckets;
  respond(call: Decided, exchange: Exchange): Promise<Result<HttpResponse, AwsError>>;
}

type Respond = S3Responder['respond'];

/** Opens the S3 that the configuration names. */
export async function openS3(settings: S3Settings, deps: S3Dependencies): Promise<S3Responder> {
  const { s3: address } = settings.upstreams;
  const { elsewhere } = deps;
  if (address === 'embedded' && elsewhere) {
    return {
      buckets: elsewhere,
      respond: hidingMissingObjects((call) => elsewhere.respond(embeddedCall(call)), deps),
      [Symbol.asyncDispose]: async () => {},
    };
  }
  if (address === 'embedded') {
    const objects = openObjectFolder({ folder: settings.objects.folder, clock: deps.clock });
    const service = embedded(objects, settings, deps);
    return {
      objects,
      buckets: objects,
      embedded: service,
      respond: hidingMissingObjects((call) => service(embeddedCall(call)), deps),
      [Symbol.asyncDispose]: () => objects[Symbol.asyncDispose](),
    };
  }
  const upstream = await httpUpstreamAt(address, inPathStyle);
  return {
    respond: hidingMissingObjects(forwarded(upstream.send, deps), deps),
    [Symbol.asyncDispose]: () => upstream.close(),
  };
}

function hidingMissingObjects(respond: Respond, { settings, directory }: S3Dependencies): Respond {
  return async (call, exchange) => {
    const responded = await respond(call, exchange);
    const denial = settings().mode === 'enforce' && hiddenBehindDenial(call, responded, directory());
    return denial ? err(denial) : responded;
  };
}

function embedded(store: ObjectStore, { region }: S3Settings, deps: S3Dependencies): EmbeddedService {
  const { clock, newId } = deps;
  const uploads: MultipartUploads = new Map();
  const handlerDeps = { store, uploads, region, clock, newId, bucketPolicy: bucketPolicyOf(deps) };
  return ({ route, requestId, input, content }) =>
    handleS3Call(route.operation.name, { input, content, requestId }, handlerDeps);
}

/** Bucket policies are answered from the folder, and everything else by another S3. */
function forwarded(send: Respond, deps: S3Dependencies): Respond {
  const bucketPolicy = bucketPolicyOf(deps);
  return async (call, exchange) => {
    const { route, requestId, input } = call;
    const operation = BUCKET_POLICY_OPERATIONS.get(route.operation.name);
    return operation
      ? operation({ input, content: new Uint8Array(), requestId }, { bucketPolicy })
      : send(call, exchange);
  };
}

const bucketPolicyOf =
  ({ directory }: S3Dependencies) =>
  (bucket: string) =>
    directory().bucketPolicies.get(bucket);

/** A bucket in the host goes into the path: an upstream cannot take it for another there. */
function inPathStyle(request: HttpRequest): Address {
  const bucket = hasBucketInHost(request) ? readS3Target(request)?.bucket : undefined;
  return bucket === undefined ? asItCame(request) : { path: `/${bucket}${request.target}` };
}
