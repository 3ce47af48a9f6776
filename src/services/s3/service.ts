import { withoutResource } from '../../calls/access-denied.ts';
import type { Authenticated, Routed, Service } from '../../calls/service.ts';
import type { Addressing, CallDependencies, Payload } from '../../calls/service-rules.ts';
import { anonymousCaller } from '../../directory/find-caller.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { header } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isUnsigned } from '../../sigv4/credential.ts';
import { OWNED_BY_ACCOUNT } from '../resource-rules.ts';
import { hasS3ContextKey, s3ContextKeys } from './context-keys.ts';
import { S3_ERROR_ENCODING } from './errors.ts';
import { s3Input } from './input.ts';
import { isS3Parameter, s3Authorization, s3Model } from './operations.ts';
import { claimedPayload, provePayload } from './payload.ts';
import { routeS3 } from './route.ts';
import { checkS3Scope, S3_SIGNATURE_RULES } from './signature-rules.ts';
import { addressesS3, claimsS3, readS3Target } from './target.ts';

/**
 * A bucket may be called `events`: a request that is signed for S3, and is no call of another operation's path, is S3's. So is
 * a request that is signed for no service at the address of a bucket.
 */
const addressing: Addressing = {
  protocol: 'restXml',
  claims: (request, hasPath) =>
    claimsS3(header(request, 'authorization') ?? '', request.target) ||
    (!hasPath && addressesS3(request, isS3Parameter)),
  route: routeS3,
};

/** Its checksums are those of the object that becomes whole, not of the request's body. */
const NO_BODY_CHECKSUMS: ReadonlySet<string> = new Set(['CompleteMultipartUpload']);

const payload: Payload = {
  claimed: claimedPayload,
  prove: (request, claimed, { name }, signer) =>
    provePayload(request, { claimed, checksums: !NO_BODY_CHECKSUMS.has(name) }, signer),
};

/** A call without a signature may do what the bucket's own policy allows to everyone; any other call needs one. */
function authenticateAnonymous(
  call: Routed,
  deps: CallDependencies & { readonly headOnly: boolean },
): Promise<Result<Authenticated, AwsError>> | undefined {
  return isUnsigned(call.request) ? authenticateUnsigned(call, deps) : undefined;
}

async function authenticateUnsigned(
  call: Routed,
  { directory, buckets, headOnly }: CallDependencies & { readonly headOnly: boolean },
): Promise<Result<Authenticated, AwsError>> {
  const { request, route } = call;
  const claimed = claimedPayload(request, 'unsigned');
  if (!claimed.ok) return claimed;
  const bucket = readS3Target(request)?.bucket;
  const isMissing =
    bucket !== undefined &&
    route.operation.name !== 'CreateBucket' &&
    !directory.bucketPolicies.has(bucket) &&
    (await buckets?.hasBucket(bucket)) === false;
  if (isMissing)
    return err(awsError('NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket }));
  const caller = anonymousCaller(directory);
  if (headOnly) return ok({ ...call, caller });
  const checksums = !NO_BODY_CHECKSUMS.has(route.operation.name);
  const content = await provePayload(request, { claimed: claimed.value, checksums });
  return content.ok ? ok({ ...call, caller, content: content.value }) : content;
}

/** Checked on `arn:aws:s3:::*`, which captured denials do not print. */
const LIST_BUCKETS = 's3:ListAllMyBuckets';

/** S3, as far as data for Personalize needs it. */
export const s3Service: Service = {
  name: 's3',
  title: 'S3',
  endpoints: () => [{ model: s3Model(), protocols: ['restXml'] }],
  addressing,
  signature: () => S3_SIGNATURE_RULES,
  scopeError: ({ form, scope, requestDate }, region) =>
    checkS3Scope({ form, scope, day: requestDate.text.slice(0, 8) }, region),
  payload,
  authenticateUnsigned: authenticateAnonymous,
  decodeInput: (call, { directory, buckets }) => s3Input(call, directory, buckets === undefined),
  validationCode: 'ValidationError',
  ambiguityCode: 'InvalidRequest',
  authorization: s3Authorization,
  contextKeys: s3ContextKeys,
  hasContextKey: hasS3ContextKey,
  // Object keys hold any character, and the ARNs of buckets name no account.
  resources: { ...OWNED_BY_ACCOUNT, keysAreFree: true, ownedByCaller: true },
  denialMessage: (request, decision) =>
    withoutResource(request, decision, request.action === LIST_BUCKETS || request.resource === '*').replace(
      ` on resource: ${request.resource}`,
      () => ` on resource: "${request.resource}"`,
    ),
  errors: S3_ERROR_ENCODING,
  uploads: new Set(['PutObject', 'UploadPart']),
};
