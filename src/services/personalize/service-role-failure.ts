import { bucketInArn } from '../../directory/bucket-policies.ts';
import type { AuthorizationRequest } from '../../engine/request.ts';

/** What AWS's page on access to S3 says of the policy of a bucket; its message leads there. */
const BUCKET_POLICY_PAGE =
  'https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html#attach-bucket-policy';

const IMPORT_JOB = 'CreateDatasetImportJob';

/**
 * Why the resource failed, as AWS says it where it is known: what the role may not do in S3, and what the
 * policy of a bucket does not let the service do. Of roles and keys no wording of AWS is known.
 */
export function failureReason(
  { operation, input }: { readonly operation: { readonly name: string }; readonly input: object },
  { principal, action, resource }: AuthorizationRequest,
): string {
  if (action === 'sts:AssumeRole') return `Amazon Personalize cannot assume the role ${resource}.`;
  if (action.startsWith('kms:')) return `Insufficient privileges for using the KMS key ${resource}.`;
  if (principal.type === 'Service')
    return `Insufficient privileges for accessing data in S3. Please look at ${BUCKET_POLICY_PAGE} and fix bucket policy on ${bucketInArn(resource)}.`;
  const reason = 'Insufficient privileges for accessing data in Amazon S3.';
  return operation.name === IMPORT_JOB
    ? `Failed to create a data import job for ${datasetTypeIn(input)} dataset. ${reason}`
    : reason;
}

/** `arn:…:dataset/shop/INTERACTIONS` -> `INTERACTIONS` */
const datasetTypeIn = ({ datasetArn }: { readonly datasetArn?: unknown }): string =>
  String(datasetArn ?? '').replace(/^.*\//, '');
