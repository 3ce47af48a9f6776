import { accessDenied } from '../../calls/access-denied.ts';
import type { Decided } from '../../calls/service.ts';
import { authorize } from '../../directory/authorize.ts';
import type { Directory } from '../../directory/directory.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import { arnOf } from '../../lib/identifiers.ts';
import type { Result } from '../../lib/result.ts';
import { s3Service } from './service.ts';

/** The member that names the bucket which is read from. */
const READS: ReadonlyMap<string, string> = new Map([
  ['GetObject', 'bucketArn'],
  ['HeadObject', 'bucketArn'],
  ['GetObjectTagging', 'bucketArn'],
  ['CopyObject', 'sourceBucketArn'],
  ['UploadPartCopy', 'sourceBucketArn'],
]);

/** Of 404 responses, those that are about something else than the object. */
const OTHERS = /<Code>NoSuch(?:Bucket|Upload)</;

/**
 * A caller who may read objects and may not list the bucket does not learn that one is missing: S3 responds as if listing it had been
 * denied. `undefined` where the response stays as it is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function hiddenBehindDenial(
  { route, input, caller, checks }: Decided,
  responded: Result<HttpResponse, AwsError>,
  directory: Directory,
): AwsError | undefined {
  const bucketArn = input[READS.get(route.operation.name) ?? ''];
  const [asked] = checks;
  if (typeof bucketArn !== 'string' || !asked || !isMissingObject(responded)) return undefined;
  const question = { ...asked, action: 's3:ListBucket', resource: arnOf(bucketArn) };
  const decision = authorize(question, caller, directory);
  return decision.decision === 'allowed' ? undefined : accessDenied({ question, decision }, [s3Service]);
}

function isMissingObject(responded: Result<HttpResponse, AwsError>): boolean {
  if (!responded.ok) return responded.error.code === 'NoSuchKey';
  const { status, body } = responded.value;
  return status === 404 && !OTHERS.test(Buffer.from(body).toString('latin1'));
}
