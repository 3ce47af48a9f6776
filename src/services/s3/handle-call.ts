import {
  BUCKET_POLICY_OPERATIONS,
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from './bucket-operations.ts';
import { refuse, type S3Call, type S3Dependencies, type S3Handler, type S3Response } from './call.ts';
import { copyObject, uploadPartCopy } from './copy-operations.ts';
import { listObjects, listObjectsV2 } from './list-operations.ts';
import { listMultipartUploads, listParts } from './multipart-lists.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
} from './multipart-operations.ts';
import { deleteObject, deleteObjects, getObject, getObjectTagging, putObject } from './object-operations.ts';

/** A handler for every operation of the table; a test holds that. */
export const S3_HANDLERS: ReadonlyMap<string, S3Handler<never>> = new Map<string, S3Handler<never>>([
  ...BUCKET_POLICY_OPERATIONS,
  ...Object.entries({
    ListBuckets: listBuckets,
    HeadBucket: headBucket,
    CreateBucket: createBucket,
    GetBucketLocation: getBucketLocation,
    DeleteBucket: deleteBucket,
    GetBucketVersioning: getBucketVersioning,
    ListMultipartUploads: listMultipartUploads,
    ListParts: listParts,
    GetObjectTagging: getObjectTagging,
    UploadPartCopy: uploadPartCopy,
    ListObjectsV2: listObjectsV2,
    ListObjects: listObjects,
    DeleteObjects: deleteObjects,
    GetObject: getObject,
    // Of a response to HEAD the server sends no body, but its length.
    HeadObject: getObject,
    PutObject: putObject,
    CopyObject: copyObject,
    DeleteObject: deleteObject,
    CreateMultipartUpload: createMultipartUpload,
    UploadPart: uploadPart,
    CompleteMultipartUpload: completeMultipartUpload,
    AbortMultipartUpload: abortMultipartUpload,
  } satisfies Record<string, S3Handler<never>>),
]);

/** Handles a call of S3, from a store of objects. */
export async function handleS3Call(
  operation: string,
  call: S3Call,
  deps: S3Dependencies,
): Promise<S3Response> {
  const handler = S3_HANDLERS.get(operation);
  // `s3Input` has given the input what the operation has of its own.
  return handler
    ? handler({ ...call, input: call.input as never }, deps)
    : refuse('NotImplemented', `${operation} is not implemented.`);
}
