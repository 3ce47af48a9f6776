import { BUCKET, on, type S3Operation } from './operation.ts';

/** Get, Put and DeleteBucketPolicy. */
function bucketPolicy(method: 'GET' | 'PUT' | 'DELETE'): S3Operation {
  const name = `${method.charAt(0)}${method.slice(1).toLowerCase()}BucketPolicy`;
  return { name, method, on: 'bucket', discriminators: ['policy'], checks: [on(name, BUCKET)] };
}

/** Operations on a bucket as such, and on its uploads that are not finished. */
export const BUCKET_SETTINGS: readonly S3Operation[] = [
  { name: 'DeleteBucket', method: 'DELETE', on: 'bucket', checks: [on('DeleteBucket', BUCKET)] },
  {
    name: 'GetBucketVersioning',
    method: 'GET',
    on: 'bucket',
    discriminators: ['versioning'],
    checks: [on('GetBucketVersioning', BUCKET)],
  },
  ...(['GET', 'PUT', 'DELETE'] as const).map(bucketPolicy),
  {
    name: 'ListMultipartUploads',
    method: 'GET',
    on: 'bucket',
    discriminators: ['uploads'],
    parameters: ['prefix', 'delimiter', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type'],
    checks: [on('ListBucketMultipartUploads', BUCKET)],
  },
];
