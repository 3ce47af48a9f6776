import { isBucketName } from '../../lib/bucket-name.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';

/** The object that a copy is made of. */
export type CopySource = readonly [bucket: string, key: string];

const HEADER = 'x-amz-copy-source';
const PRINTABLE = /^[ -~]*$/;

/**
 * Reads `bucket/key`, with or without a slash before it, percent-encoded. Versions and access points are not implemented,
 * and characters outside ASCII are refused: there is no saying in which encoding they are.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function readCopySource(text: string): Result<CopySource, AwsError> {
  const [, escapedBucket, escapedKey] = /^\/?([^/?:]+)\/([^?]+)$/.exec(text) ?? [];
  if (escapedBucket === undefined || escapedKey === undefined) return err(NOT_IMPLEMENTED);
  if (!PRINTABLE.test(text)) return err(badCopySource('it must be percent-encoded'));
  try {
    const bucket = decodeURIComponent(escapedBucket);
    if (!isBucketName(bucket))
      return err(awsError('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: bucket }));
    return ok([bucket, decodeURIComponent(escapedKey)]);
  } catch {
    return err(badCopySource('it has a broken escape'));
  }
}

export const badCopySource = (reason: string): AwsError =>
  awsError('InvalidArgument', `Invalid copy source: ${reason}.`, { ArgumentName: HEADER });

const NOT_IMPLEMENTED = awsError(
  'NotImplemented',
  'A copy source is bucket/key: versions and access points are not implemented.',
);
