import type { Owner } from '../account.ts';

/** How attributes of a resource follow from its name, long before it is applied. */
interface ResourceForm {
  /** The attribute that holds the name. */
  readonly name: string;
  /** With `{partition}`, `{region}`, `{account}`, `{path}` and `{name}`. */
  readonly arn: string;
  /** Whether `id` is the ARN rather than the name. */
  readonly idIsArn?: true;
}

const iam = (kind: string): ResourceForm => ({
  name: 'name',
  arn: `arn:{partition}:iam::{account}:${kind}{path}{name}`,
});
const regional = (resource: string): ResourceForm => ({
  name: 'name',
  arn: `arn:{partition}:${resource.replace(':', ':{region}:{account}:')}`,
});

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs */
export const RESOURCE_FORMS: Readonly<Record<string, ResourceForm>> = {
  aws_iam_user: iam('user'),
  aws_iam_group: iam('group'),
  aws_iam_role: iam('role'),
  aws_iam_policy: { ...iam('policy'), idIsArn: true },
  aws_s3_bucket: { name: 'bucket', arn: 'arn:{partition}:s3:::{name}' },
  aws_dynamodb_table: regional('dynamodb:table/{name}'),
  aws_kinesis_stream: { ...regional('kinesis:stream/{name}'), idIsArn: true },
  aws_sns_topic: { ...regional('sns:{name}'), idIsArn: true },
  aws_sqs_queue: regional('sqs:{name}'),
};

/** `undefined` where the region is needed and not known. */
export function arnOfForm(
  form: ResourceForm,
  { account, partition, region }: Owner,
  { path, name }: { readonly path: string; readonly name: string },
): string | undefined {
  if (form.arn.includes('{region}') && region === undefined) return undefined;
  const parts: Readonly<Record<string, string>> = { account, partition, region: region ?? '', path, name };
  return form.arn.replaceAll(/\{(\w+)\}/g, (whole, part: string) => parts[part] ?? whole);
}
