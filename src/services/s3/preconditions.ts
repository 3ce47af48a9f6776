import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { refuse, type S3Call, text } from './call.ts';
import type { ObjectSummary } from './object-store.ts';

type Verdict = Result<undefined, AwsError>;

const PASSED: Verdict = ok(undefined);

const failed = (condition: string): Verdict =>
  refuse('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

const NOT_MODIFIED: Verdict = refuse('NotModified', 'Not Modified');

const names = (list: string, etag: string): boolean =>
  list.split(',').some((tag) => tag.trim() === '*' || tag.trim().replaceAll('"', '') === etag);

const seconds = (millis: number): number => Math.floor(millis / 1000);

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function checkRead(call: S3Call, { etag, modifiedAt }: ObjectSummary): Verdict {
  const match = text(call, 'if-match');
  const noneMatch = text(call, 'if-none-match');
  const modifiedSince = Date.parse(text(call, 'if-modified-since'));
  const unmodifiedSince = Date.parse(text(call, 'if-unmodified-since'));
  if (match !== '' && !names(match, etag)) return failed('If-Match');
  if (match === '' && seconds(modifiedAt) > seconds(unmodifiedSince)) return failed('If-Unmodified-Since');
  if (noneMatch !== '') return names(noneMatch, etag) ? NOT_MODIFIED : PASSED;
  return seconds(modifiedAt) <= seconds(modifiedSince) ? NOT_MODIFIED : PASSED;
}

/** Of the object that a copy is made of. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export function checkSource(call: S3Call, { etag, modifiedAt }: ObjectSummary): Verdict {
  const given = (condition: string): string => text(call, `x-amz-copy-source-${condition.toLowerCase()}`);
  const failedSource = (condition: string): Verdict => failed(`x-amz-copy-source-${condition}`);
  const match = given('If-Match');
  const noneMatch = given('If-None-Match');
  if (match !== '' && !names(match, etag)) return failedSource('If-Match');
  if (match === '' && seconds(modifiedAt) > seconds(Date.parse(given('If-Unmodified-Since'))))
    return failedSource('If-Unmodified-Since');
  if (noneMatch !== '') return names(noneMatch, etag) ? failedSource('If-None-Match') : PASSED;
  return seconds(modifiedAt) <= seconds(Date.parse(given('If-Modified-Since')))
    ? failedSource('If-Modified-Since')
    : PASSED;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function checkWrite(call: S3Call, existing: ObjectSummary | undefined): Verdict {
  const match = text(call, 'if-match');
  if (text(call, 'if-none-match') !== '' && existing) return failed('If-None-Match');
  if (match === '') return PASSED;
  if (existing === undefined)
    return refuse('NoSuchKey', 'The specified key does not exist.', { Key: text(call, 'Key') });
  return names(match, existing.etag) ? PASSED : failed('If-Match');
}
