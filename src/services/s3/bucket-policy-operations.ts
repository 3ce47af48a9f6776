import { printPolicy } from '../../policy/print.ts';
import { answer, refuse, type S3Call, type S3Dependencies, type S3Response, text } from './call.ts';

type PolicyOperation = (call: S3Call, deps: Pick<S3Dependencies, 'bucketPolicy'>) => Promise<S3Response>;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
const getBucketPolicy: PolicyOperation = async (call, { bucketPolicy }) => {
  const bucket = text(call, 'Bucket');
  const found = bucketPolicy(bucket);
  return found
    ? answer(call, 200, { 'content-type': 'application/json' }, printPolicy(found.policy))
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
