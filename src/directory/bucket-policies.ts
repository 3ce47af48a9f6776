import type { NamedPolicy } from '../engine/policy-set.ts';
import { isBucketName } from '../lib/bucket-name.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { memoizeFor } from '../lib/memoize.ts';
import type { PolicyLibrary } from './policy-library.ts';

/** Files in `policies/buckets/` are the policies of S3 buckets: `buckets/shop-data.json` for the bucket shop-data. */
const PREFIX = 'buckets/';

export const bucketPolicyNames = memoizeFor((library: PolicyLibrary): readonly string[] =>
  library.customer.filter(({ name }) => name.startsWith(PREFIX)).map(({ name }) => name),
);

export const bucketOf = (policyName: string): string => policyName.slice(PREFIX.length);

/** The bucket of an S3 ARN, `arn:aws:s3:::shop-data/in/users.json`; `undefined` for every other resource. */
export const bucketInArn = (arn: string): string | undefined =>
  /^arn:[^:]*:s3:[^:]*:[^:]*:([^/]+)/.exec(arn)?.[1];

/** Reports files that cannot be the policy of the bucket in their name, in addition to invalid statements. */
export function checkBucketPolicies(library: PolicyLibrary): readonly Diagnostic[] {
  return bucketPolicyNames(library).flatMap((name) => {
    const found = library.resolve(name, 'bucketPolicy');
    return found.ok && found.value ? diagnosticsOf(found.value, bucketOf(name)) : [];
  });
}

function diagnosticsOf({ name, file, policy }: NamedPolicy, bucket: string): readonly Diagnostic[] {
  const place = file === undefined ? {} : { file };
  const label = file === undefined ? `policy "${name}": ` : '';
  if (!isBucketName(bucket)) {
    const message = `${label}"${bucket}" is not a valid bucket name: use 3 to 63 lower-case letters, digits, dots and hyphens`;
    return [{ severity: 'error', rule: 'bucket-name', message, ...place }];
  }
  const resources = policy.statements.flatMap(({ resource }) => resource?.patterns ?? []);
  return resources
    .filter(({ text }) => isOfAnother(text, bucket))
    .map(({ text, position }) => ({
      severity: 'error',
      rule: 'bucket-resource',
      message: `${label}"${text}" is not in the bucket ${bucket}: a bucket policy may name its own bucket only`,
      ...place,
      ...position,
    }));
}

/** A bucket with a wildcard or a variable can be this one. */
function isOfAnother(pattern: string, bucket: string): boolean {
  const named = bucketInArn(pattern);
  return named !== undefined && !/[*?$]/.test(named) && named !== bucket;
}
