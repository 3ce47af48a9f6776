import type { Directory } from '../directory/directory.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { isS3Parameter } from '../model/s3.ts';
import { emptyObject, type InputValue } from '../wire/input-value.ts';
import { splitParameters } from '../wire/query-parameters.ts';
import { isBucketName, isHoisted, readS3Target, s3Headers } from '../wire/s3-target.ts';
import { readDelete } from '../wire/s3-xml.ts';
import type { Authenticated } from './stages.ts';

/** What says who may have an object: all of it needs s3:PutObjectAcl. */
const GRANT = /^x-amz-(?:acl|grant-.*)$/;
const MOST_DELETED = 1000;

/**
 * What a request to S3 means, by members: `Bucket` and `Key` of its address, its query's parameters and its headers by
 * their names, and the ARNs that it works on.
 */
export async function s3Input(
  { request, route, content }: Authenticated,
  { partition, account }: Directory,
): Promise<Result<InputValue, AwsError>> {
  const { bucket, key, parameters } = readS3Target(request) ?? {
    parameters: new Map<string, readonly string[]>(),
  };
  const arn = (...parts: readonly string[]): string => `arn:${partition}:s3:::${parts.join('/')}`;
  const input = emptyObject();
  const headers = s3Headers(request);
  for (const [name, [value]] of parameters) if (!isHoisted(name)) input[name] = value;
  // A header that is called like a parameter is none: `prefix: public/` would be judged, and the query's prefix listed.
  for (const [name, value] of headers) if (!isS3Parameter(name)) input[name] = value;
  const grants = [...headers].filter(([name]) => GRANT.test(name));
  if (grants.length > 0) input.grants = true;
  if (grants.some(([, value]) => value !== 'private')) input.grantsToOthers = true;
  if (hasTagTwice(headers.get('x-amz-tagging'))) return err(TAG_TWICE);
  if (bucket !== undefined) Object.assign(input, { Bucket: bucket, bucketArn: arn(bucket) });
  if (bucket !== undefined && key !== undefined)
    Object.assign(input, { Key: key, objectArn: arn(bucket, key) });
  const owner = input['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== account) return err(awsError('AccessDenied', 'Access Denied'));
  if (route.operation.name === 'CopyObject') {
    const source = sourceOf(String(input['x-amz-copy-source']));
    if (source === undefined) return err(NO_SOURCE);
    if (!isBucketName(source[0]))
      return err(
        awsError('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: source[0] }),
      );
    Object.assign(input, { Source: source, sourceArn: arn(...source) });
  }
  if (route.operation.name === 'DeleteObjects' && bucket !== undefined) {
    const listed = await readDelete(content ?? request.body);
    if (listed === undefined || listed.keys.length > MOST_DELETED) return err(MALFORMED_XML);
    Object.assign(input, { ...listed, objectArns: listed.keys.map((each) => arn(bucket, each)) });
  }
  return ok(input);
}

/** `bucket/key` with or without a slash before it, escaped; a version of it, or an access point, is none that is here. */
function sourceOf(header: string): readonly [bucket: string, key: string] | undefined {
  const [, bucket, key] = /^\/?([^/?:]+)\/([^?]+)$/.exec(header) ?? [];
  if (bucket === undefined || key === undefined) return undefined;
  try {
    return [decodeURIComponent(bucket), decodeURIComponent(key)];
  } catch {
    return undefined;
  }
}

/** Policies are asked for one value of a tag, and do not tell its case. */
function hasTagTwice(tagging = ''): boolean {
  const keys = [...splitParameters(tagging)].map(([key]) => key.toLowerCase());
  return new Set(keys).size < keys.length;
}

const TAG_TWICE = awsError('InvalidTag', 'Cannot provide multiple Tags with the same key');

const NO_SOURCE = awsError(
  'NotImplemented',
  'A copy source is bucket/key: versions and access points are not implemented.',
);

const MALFORMED_XML = awsError(
  'MalformedXML',
  'The XML you provided was not well-formed or did not validate against our published schema',
);
