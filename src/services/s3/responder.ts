import type { Decided } from '../../calls/service.ts';
import type { Directory } from '../../directory/directory.ts';
import type { Clock } from '../../lib/clock.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/http-message.ts';
import { err, type Result } from '../../lib/result.ts';
import { asItCame, httpUpstreamAt } from '../../upstreams/at-address.ts';
import type { Address, Exchange } from '../../upstreams/upstream.ts';
import { answerS3Call } from './answer.ts';
import { BUCKET_POLICY_OPERATIONS } from './bucket-policy-operations.ts';
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
}

/** What responds to S3: objects in a folder, or another S3. */
export interface S3Responder extends AsyncDisposable {
  /** The objects of the embedded S3; absent where S3 is at an address. */
  readonly objects?: ObjectStore;
  respond(call: Decided, exchange: Exchange): Promise<Result<HttpResponse, AwsError>>;
}

type Respond = S3Responder['respond'];

/** Opens the S3 that the configuration names. */
export async function openS3(settings: S3Settings, deps: S3Dependencies): Promise<S3Responder> {
  const { s3: address } = settings.upstreams;
  if (address === 'embedded') {
    const objects = openObjectFolder({ folder: settings.objects.folder, clock: deps.clock });
    return {
      objects,
      respond: hidingMissingObjects(embedded(objects, settings, deps), deps),
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

function embedded(store: ObjectStore, { region }: S3Settings, deps: S3Dependencies): Respond {
  const { clock, newId } = deps;
  const uploads: MultipartUploads = new Map();
  const handlerDeps = { store, uploads, region, clock, newId, bucketPolicy: bucketPolicyOf(deps) };
  return ({ route, request, requestId, input, content = request.body }) =>
    answerS3Call(route.operation.name, { input, content, requestId }, handlerDeps);
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
