import type { Authenticated } from '../../calls/service.ts';
import type { Directory } from '../../directory/directory.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { emptyObject, type InputValue } from '../../wire/input-value.ts';
import { splitParameters } from '../../wire/query-parameters.ts';
import { badCopySource, type CopySource, readCopySource } from './copy-source.ts';
import { isS3Parameter } from './operations.ts';
import { type ListedPart, readDelete, readLocation, readParts } from './read-xml.ts';
import { secondReading } from './second-reading.ts';
import { isHoisted, readS3Target, s3Headers } from './target.ts';

/** Headers that grant access to an object: all of them need s3:PutObjectAcl. */
const GRANT = /^x-amz-(?:acl|grant-.*)$/;
const MOST_DELETED = 1000;

/**
 * What a request to S3 means, by members: `Bucket` and `Key` of its address, its query's parameters and its headers by
 * their names, what its body lists, and the ARNs that it works on.
 *
 * @param isForwarded whether another S3 will read the request after this: what that could read otherwise is refused
 */
export async function s3Input(
  { request, route, content }: Authenticated,
  { partition, account }: Directory,
  isForwarded: boolean,
): Promise<Result<InputValue, AwsError>> {
  const second = isForwarded && secondReading(request.target);
  if (second)
    return err(awsError('InvalidURI', `Not forwarded: an upstream could read ${second} otherwise.`));
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
  const copied = headers.get('x-amz-copy-source');
  if (copied !== undefined) {
    const source = copySource(copied, isForwarded);
    if (!source.ok) return source;
    const [from] = source.value;
    Object.assign(input, {
      Source: source.value,
      sourceArn: arn(...source.value),
      sourceBucketArn: arn(from),
    });
  }
  const { name } = route.operation;
  const listed: Partial<BodyMembers[keyof BodyMembers]> | undefined = hasBody(name)
    ? await BODIES[name](content ?? request.body)
    : {};
  if (listed === undefined) return err(MALFORMED_XML);
  Object.assign(input, listed);
  if ('keys' in listed && listed.keys && bucket !== undefined)
    input.objectArns = listed.keys.map((each) => arn(bucket, each));
  return ok(input);
}

/** What a copy has. */
export interface CopyMembers {
  readonly Source: CopySource;
}

/** What is read of the bodies of operations. */
export interface BodyMembers {
  readonly DeleteObjects: { readonly keys: readonly string[]; readonly quiet: boolean };
  readonly CompleteMultipartUpload: { readonly parts: readonly ListedPart[] };
  readonly CreateBucket: { readonly LocationConstraint: string };
}

/** Also of those that are forwarded: they have one reading, too. `undefined` where a body is malformed. */
const BODIES: {
  readonly [Name in keyof BodyMembers]: (body: Uint8Array) => Promise<BodyMembers[Name] | undefined>;
} = {
  DeleteObjects: async (body) => {
    const listed = await readDelete(body);
    return listed === undefined || listed.keys.length > MOST_DELETED ? undefined : listed;
  },
  CompleteMultipartUpload: async (body) => {
    const parts = await readParts(body);
    return parts && { parts };
  },
  CreateBucket: async (body) => {
    const location = await readLocation(body);
    return location === undefined ? undefined : { LocationConstraint: location };
  },
};

const hasBody = (operation: string): operation is keyof BodyMembers => Object.hasOwn(BODIES, operation);

function copySource(text: string, isForwarded: boolean): Result<CopySource, AwsError> {
  const second = isForwarded && secondReading(`/${text.replace(/^\//, '')}`);
  return second
    ? err(badCopySource(`it is not forwarded, since an upstream could read ${second} otherwise`))
    : readCopySource(text);
}

/** Policies see one value of a tag, and ignore the case of its key. */
function hasTagTwice(tagging = ''): boolean {
  const keys = [...splitParameters(tagging)].map(([key]) => key.toLowerCase());
  return new Set(keys).size < keys.length;
}

const TAG_TWICE = awsError('InvalidTag', 'Cannot provide multiple Tags with the same key');

const MALFORMED_XML = awsError(
  'MalformedXML',
  'The XML you provided was not well-formed or did not validate against our published schema',
);
