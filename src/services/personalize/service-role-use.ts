import { type Arn, arnOf, type ResourceArn } from '../../lib/identifiers.ts';
import { type Attributes, textAt } from './resource-attributes.ts';

/** What Amazon Personalize does with a role that it is given. */
export interface ServiceRoleUse {
  readonly roleArn: Arn;
  readonly accesses: readonly ServiceAccess[];
}

/** One action on one resource, by the session of the role. */
export interface ServiceAccess {
  readonly action: string;
  readonly resource: ResourceArn;
  /** The beginning of the keys that are listed; `s3:prefix` of ListBucket. */
  readonly prefix?: string;
}

interface Row {
  /** Where the request names the role. */
  readonly role: string;
  /** Where it names data to read, data to write, and keys; each may be left out of a request. */
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly keys?: readonly string[];
  /** Actions on the objects that are written and on their bucket. */
  readonly writing?: readonly ServiceAction[];
}

type ServiceAction = 's3:GetObject' | 's3:PutObject' | 's3:ListBucket';

const READING: readonly ServiceAction[] = ['s3:GetObject', 's3:ListBucket'];
const KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'kms:DescribeKey',
  'kms:CreateGrant',
  'kms:ListGrants',
];

const IMPORT: Row = { role: 'roleArn', reads: ['dataSource.dataLocation'] };
const BATCH: Row = {
  role: 'roleArn',
  reads: ['jobInput.s3DataSource.path'],
  writes: ['jobOutput.s3DataDestination.path'],
  writing: ['s3:PutObject'],
  keys: ['jobInput.s3DataSource.kmsKeyArn', 'jobOutput.s3DataDestination.kmsKeyArn'],
};
const ATTRIBUTION: Row = {
  role: 'metricsOutputConfig.roleArn',
  writes: ['metricsOutputConfig.s3DataDestination.path'],
  writing: ['s3:PutObject'],
  keys: ['metricsOutputConfig.s3DataDestination.kmsKeyArn'],
};

/**
 * The eight operations that pass a role, and what AWS documents that the role must be allowed.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html
 * @see https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-key-access.html
 */
export const SERVICE_ROLES: Readonly<Record<string, Row>> = {
  CreateBatchInferenceJob: BATCH,
  CreateBatchSegmentJob: BATCH,
  CreateDataDeletionJob: IMPORT,
  CreateDatasetExportJob: {
    role: 'roleArn',
    writes: ['jobOutput.s3DataDestination.path'],
    writing: ['s3:PutObject', 's3:ListBucket'],
    keys: ['jobOutput.s3DataDestination.kmsKeyArn'],
  },
  CreateDatasetGroup: { role: 'roleArn', keys: ['kmsKeyArn'] },
  CreateDatasetImportJob: IMPORT,
  CreateMetricAttribution: ATTRIBUTION,
  UpdateMetricAttribution: ATTRIBUTION,
};

/** What the role of a request is for; `undefined` where the request passes none. */
export function serviceRoleUse(
  operation: string,
  input: Attributes,
  partition: string,
): ServiceRoleUse | undefined {
  const row = SERVICE_ROLES[operation];
  const roleArn = row && textAt(input, row.role);
  if (row === undefined || roleArn === undefined) return undefined;
  const locations = (paths: readonly string[] = []) => paths.flatMap((path) => textAt(input, path) ?? []);
  return {
    roleArn: arnOf(roleArn),
    accesses: [
      ...locations(row.reads).flatMap((location) => onLocation(location, READING, partition)),
      ...locations(row.writes).flatMap((location) =>
        onLocation(asFolder(location), row.writing ?? [], partition),
      ),
      ...new Set(locations(row.keys)),
    ].flatMap((access) =>
      typeof access === 'string'
        ? KEY_ACTIONS.map((action) => ({ action, resource: arnOf(access) }))
        : [access],
    ),
  };
}

/** Results are written below a path. */
const asFolder = (location: string): string => (location.endsWith('/') ? location : `${location}/`);

/** `s3://bucket/key` is one object; what ends with a slash, and a whole bucket, is every object below. */
function onLocation(
  location: string,
  actions: readonly ServiceAction[],
  partition: string,
): readonly ServiceAccess[] {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(location) ?? [];
  // A text that is no location names nothing that a policy could allow.
  if (bucket === undefined) return actions.map((action) => ({ action, resource: arnOf(location) }));
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const objects = key === '' || key.endsWith('/') ? `${key}*` : key;
  return actions.map((action) =>
    action === 's3:ListBucket'
      ? { action, resource: arnOf(bucketArn), prefix: key }
      : { action, resource: arnOf(`${bucketArn}/${objects}`) },
  );
}
