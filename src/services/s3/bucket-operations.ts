import { printPolicy } from '../../policy/print.ts';
import { xmlElement } from '../../wire/xml.ts';
import {
  isoMillis,
  noSuchBucket,
  refuse,
  respondWith,
  S3_NAMESPACE,
  type S3Call,
  type S3Dependencies,
  type S3Handler,
  type S3Response,
  text,
  xmlResponse,
} from './call.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const listBuckets: S3Handler = async (call, { store }) => {
  const prefix = text(call, 'prefix');
  const buckets = (await store.buckets())
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, createdAt }) =>
      xmlElement('Bucket', [xmlElement('Name', name), xmlElement('CreationDate', isoMillis(createdAt))]),
    );
  const owner = xmlElement('Owner', [xmlElement('ID', 'personalize-authz-proxy')]);
  return xmlResponse(
    call,
    xmlElement('ListAllMyBucketsResult', [owner, xmlElement('Buckets', buckets)], S3_NAMESPACE),
  );
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: S3Handler = async (call, { store, region }) => {
  const found = await store.hasBucket(text(call, 'Bucket'));
  return found ? respondWith(call, 200, { 'x-amz-bucket-region': region }) : noSuchBucket(call);
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const createBucket: S3Handler = async (call, { store, region }) => {
  const bucket = text(call, 'Bucket');
  const location = text(call, 'LocationConstraint');
  if (location !== '' && location !== region)
    return refuse(
      'IllegalLocationConstraintException',
      `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  await store.createBucket(bucket);
  return respondWith(call, 200, { location: `/${bucket}` });
};

/** What is uploaded in parts and not finished does not keep a bucket. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export const deleteBucket: S3Handler = async (call, { store, uploads }) => {
  const bucket = text(call, 'Bucket');
  if (!(await store.hasBucket(bucket))) return noSuchBucket(call);
  if (!(await store.removeBucket(bucket)))
    return refuse('BucketNotEmpty', 'The bucket you tried to delete is not empty', { BucketName: bucket });
  for (const [id, upload] of uploads) if (upload.bucket === bucket) uploads.delete(id);
  return respondWith(call, 204);
};

/** No bucket here has versions. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export const getBucketVersioning: S3Handler = async (call, { store }) =>
  (await store.hasBucket(text(call, 'Bucket')))
    ? xmlResponse(call, xmlElement('VersioningConfiguration', [], S3_NAMESPACE))
    : noSuchBucket(call);

/** The first region has no name here. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export const getBucketLocation: S3Handler = async (call, { store, region }) => {
  const found = await store.hasBucket(text(call, 'Bucket'));
  if (!found) return noSuchBucket(call);
  const constraint = region === 'us-east-1' ? '' : region;
  return xmlResponse(call, xmlElement('LocationConstraint', constraint, S3_NAMESPACE));
};

type PolicyOperation = (call: S3Call, deps: Pick<S3Dependencies, 'bucketPolicy'>) => Promise<S3Response>;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
const getBucketPolicy: PolicyOperation = async (call, { bucketPolicy }) => {
  const bucket = text(call, 'Bucket');
  const found = bucketPolicy(bucket);
  return found
    ? respondWith(call, 200, { 'content-type': 'application/json' }, printPolicy(found.policy))
    : refuse('NoSuchBucketPolicy', 'The bucket policy does not exist', { BucketName: bucket });
};

/** The folder holds the policies: what would change one names its file. */
const unchanged =
  (action: string): PolicyOperation =>
  async (call) =>
    refuse(
      'MethodNotAllowed',
      `personalize-authz-proxy does not change the policies of buckets (s3:${action}): edit policies/buckets/${text(call, 'Bucket')}.json instead; the change counts within a second.`,
    );

/** Answered out of the folder wherever the objects are, since it is the folder's policy that is evaluated. */
export const BUCKET_POLICY_OPERATIONS: ReadonlyMap<string, PolicyOperation> = new Map([
  ['GetBucketPolicy', getBucketPolicy],
  ['PutBucketPolicy', unchanged('PutBucketPolicy')],
  ['DeleteBucketPolicy', unchanged('DeleteBucketPolicy')],
]);
