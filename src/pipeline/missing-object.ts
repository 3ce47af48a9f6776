import type { Directory } from '../directory/directory.ts';
import { policiesFor } from '../directory/policies-for.ts';
import { decide } from '../engine/decide.ts';
import type { AwsError } from '../lib/errors.ts';
import type { HttpAnswer } from '../lib/http-message.ts';
import { accessDenied } from './denial.ts';
import type { Decided } from './stages.ts';

const READS: ReadonlySet<string> = new Set(['GetObject', 'HeadObject']);

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
  const { bucketArn } = input;
  const [asked] = checks;
  if (status !== 404 || !READS.has(route.operation.name) || typeof bucketArn !== 'string' || !asked)
    return undefined;
  if (Buffer.from(body).includes('<Code>NoSuchBucket<')) return undefined;
  const question = { ...asked, action: 's3:ListBucket', resource: bucketArn };
  const decision = decide(question, policiesFor(question, caller, directory));
  return decision.decision === 'allowed' ? undefined : accessDenied({ question, decision });
}
