import type { Directory } from '../directory/directory.ts';
import { policiesFor } from '../directory/policies-for.ts';
import { decide } from '../engine/decide.ts';
import type { AwsError } from '../lib/errors.ts';
import type { HttpAnswer } from '../lib/http-message.ts';
import { accessDenied } from './denial.ts';
import type { Decided } from './stages.ts';

/** The member that names the bucket which is read from. */
const READS: ReadonlyMap<string, string> = new Map([
  ['GetObject', 'bucketArn'],
  ['HeadObject', 'bucketArn'],
  ['GetObjectTagging', 'bucketArn'],
  ['CopyObject', 'sourceBucketArn'],
  ['UploadPartCopy', 'sourceBucketArn'],
]);

/** Of 404 answers, those that are about something else than the object. */
const OTHERS = /<Code>NoSuch(?:Bucket|Upload)</;

/**
 * Who may read objects and may not list the bucket is not told that one is missing: S3 answers as if listing it had been
 * denied. `undefined` where the answer may be given as it is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function hiddenBehindDenial(
  { route, input, caller, checks }: Decided,
  { status, body }: HttpAnswer,
  directory: Directory,
): AwsError | undefined {
  const bucketArn = input[READS.get(route.operation.name) ?? ''];
  const [asked] = checks;
  if (status !== 404 || typeof bucketArn !== 'string' || !asked) return undefined;
  if (OTHERS.test(Buffer.from(body).toString('latin1'))) return undefined;
  const question = { ...asked, action: 's3:ListBucket', resource: bucketArn };
  const decision = decide(question, policiesFor(question, caller, directory));
  return decision.decision === 'allowed' ? undefined : accessDenied({ question, decision });
}
