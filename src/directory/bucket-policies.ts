import type { NamedPolicy } from '../engine/policy-set.ts';
import { isBucketName } from '../lib/bucket-name.ts';
import type { Fault } from '../lib/errors.ts';
import type { PolicyLibrary } from './policy-library.ts';

/** Files of `policies/buckets/` are the policies of S3 buckets: `buckets/shop-data.json` of the bucket shop-data. */
const PREFIX = 'buckets/';

export const bucketPolicyNames = (library: PolicyLibrary): readonly string[] =>
  library.customer.map(({ name }) => name).filter((name) => name.startsWith(PREFIX));

export const bucketOf = (policyName: string): string => policyName.slice(PREFIX.length);

/** The bucket of an S3 ARN, `arn:aws:s3:::shop-data/in/users.json`; `undefined` for every other resource. */
export const bucketInArn = (arn: string): string | undefined =>
  /^arn:[^:]*:s3:[^:]*:[^:]*:([^/]+)/.exec(arn)?.[1];

/** What keeps a file from being the policy of the bucket that it is named for, beside the form of its statements. */
export function checkBucketPolicies(library: PolicyLibrary): readonly Fault[] {
  return bucketPolicyNames(library).flatMap((name) => {
    const found = library.resolve(name, 'bucketPolicy');
    return found.ok && found.value ? faultsOf(found.value, bucketOf(name)) : [];
  });
}

function faultsOf({ name, file, policy }: NamedPolicy, bucket: string): readonly Fault[] {
  const place = file === undefined ? {} : { file };
  const label = file === undefined ? `policy "${name}": ` : '';
  if (!isBucketName(bucket)) {
    const message = `${label}"${bucket}" can not be the name of a bucket: 3 to 63 small letters, digits, dots and hyphens`;
    return [{ severity: 'error', rule: 'bucket-name', message, ...place }];
  }
  const resources = policy.statements.flatMap(({ resource }) => resource?.patterns ?? []);
  return resources
    .filter(({ text }) => isOfAnother(text, bucket))
    .map(({ text, position }) => ({
      severity: 'error',
      rule: 'bucket-resource',
      message: `${label}"${text}" is not in the bucket ${bucket}: S3 takes a policy about its own bucket only`,
      ...place,
      ...position,
    }));
}

/** Where the bucket is written with a wildcard or a variable, it can be this one. */
function isOfAnother(pattern: string, bucket: string): boolean {
  const named = bucketInArn(pattern);
  return named !== undefined && !/[*?$]/.test(named) && named !== bucket;
}
