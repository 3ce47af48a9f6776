import { isBucketName } from '../../lib/bucket-name.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import type { HttpRequest } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import { splitParameters, splitTarget } from '../../wire/query-parameters.ts';
import type { S3Operation, S3Subject } from './operation.ts';
import { S3_OPERATIONS, s3Model } from './operations.ts';
import { hasOldSignature, isHoisted, readS3Target, type S3Target, s3Headers } from './target.ts';

/** With which AWS SDKs for JavaScript name their operation. */
const OPERATION_NAME = 'x-id';
const MOST_KEY_BYTES = 1024;

/**
 * The operation of S3 that a request asks for, by method, address and query. What no operation allows is refused and not
 * passed over: a parameter or header that is ignored here could mean something to an upstream.
 */
export function routeS3(request: HttpRequest): Result<Operation, AwsError> {
  if (hasOldSignature(request))
    return refuse(
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  const target = readS3Target(request);
  if (target === undefined) return refuse('InvalidURI', "Couldn't parse the specified URI.");
  const { bucket, key } = target;
  if (bucket === undefined && key !== undefined)
    return refuse('InvalidURI', "Couldn't parse the specified URI: it begins with two slashes.");
  if (bucket !== undefined && !isBucketName(bucket))
    return refuse('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: bucket });
  if (key !== undefined && Buffer.byteLength(key) > MOST_KEY_BYTES)
    return refuse('KeyTooLongError', 'Your key is too long');
  const repeated = [...target.parameters].find(([, values]) => values.length > 1);
  if (repeated) return refuse('InvalidArgument', `The parameter ${repeated[0]} is given twice.`);
  const header = repeatedHeader(request);
  if (header !== undefined) return refuse('InvalidArgument', `The header ${header} is given twice.`);
  return find(request, target);
}

/** Headers that ask for something, or that policies look at: of two values another reader could take the other. */
const SINGLE = /^(?:x-amz-(?!meta-|trailer$|checksum-|sdk-checksum-)|if-(?:none-)?match$)/;

function repeatedHeader({ headers, target }: HttpRequest): string | undefined {
  const seen = new Set<string>();
  const hoisted = [...splitParameters(splitTarget(target).query)].filter(([name]) => isHoisted(name));
  for (const [name] of [...headers, ...hoisted]) {
    const lower = name.toLowerCase();
    if (!SINGLE.test(lower)) continue;
    if (seen.has(lower)) return lower;
    seen.add(lower);
  }
  return undefined;
}

function find(request: HttpRequest, target: S3Target): Result<Operation, AwsError> {
  const copies = s3Headers(request).has('x-amz-copy-source');
  const asked = [...target.parameters.keys()].filter((name) => name !== OPERATION_NAME && !isHoisted(name));
  const subject = subjectOf(target);
  const onSubject = S3_OPERATIONS.filter(({ method, on }) => method === request.method && on === subject);
  if (onSubject.length === 0)
    return refuse('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      Method: request.method,
      ResourceType: subject.toUpperCase(),
    });
  const row = onSubject.find((each) => (each.copies ?? false) === copies && isAsked(each, asked));
  const operation = row && s3Model().operations.get(row.name);
  if (operation) return ok(operation);
  const unknown = copies ? [...asked, 'x-amz-copy-source'] : asked;
  return refuse(
    'NotImplemented',
    `A header you provided implies functionality that is not implemented: ${request.method} with ${unknown.join(', ')}`,
  );
}

function isAsked({ discriminators = [], parameters = [] }: S3Operation, asked: readonly string[]): boolean {
  return (
    discriminators.every((name) => asked.includes(name)) &&
    asked.every((name) => discriminators.includes(name) || parameters.includes(name))
  );
}

function subjectOf({ bucket, key }: S3Target): S3Subject {
  if (bucket === undefined) return 'service';
  return key === undefined ? 'bucket' : 'object';
}

const refuse = (code: string, message: string, details?: AwsError['details']): Result<never, AwsError> =>
  err(awsError(code, message, details));
