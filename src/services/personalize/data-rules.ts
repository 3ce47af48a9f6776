import type { AwsError } from '../../lib/errors.ts';
import { err, ok } from '../../lib/result.ts';
import { importBulk } from './bulk-import.ts';
import { ownerOf, shortId } from './call.ts';
import {
  type DatasetType,
  type Domain,
  datasetType,
  parseSchema,
  schemaDiagnostic,
} from './dataset-schema.ts';
import { statusAt } from './lifecycle.ts';
import { alreadyExists, inUseBy, invalidInput } from './refusals.ts';
import type { ResourceAttributes } from './resource-attributes.ts';
import type { Change, OverridesOf } from './resource-overrides.ts';

/** Rules of the resources that hold data. */
export const SCHEMA: OverridesOf<'Schema'> = {
  check({ input }) {
    const schema = parseSchema(input.schema);
    if (typeof schema === 'string') return invalidInput(schema);
    const type = datasetType(schema.name);
    const diagnostic = type && schemaDiagnostic(schema, type, input.domain);
    return diagnostic === undefined ? undefined : invalidInput(diagnostic);
  },
};

export const DATASET_GROUP: OverridesOf<'DatasetGroup'> = {
  check: ({ input }) =>
    (input.roleArn === undefined) === (input.kmsKeyArn === undefined)
      ? undefined
      : invalidInput('roleArn and kmsKeyArn must be given together.'),
};

export const DATASET: OverridesOf<'Dataset'> = {
  arnId: ({ input, resources }) => `${resources.datasetGroupArn.name}/${datasetType(input.datasetType)}`,
  check({ input, resources }) {
    const type = datasetType(input.datasetType);
    if (type === undefined) return invalidInput(`${input.datasetType} is not a dataset type.`);
    const { domain } = resources.datasetGroupArn;
    if (domain !== undefined && (type === 'ACTIONS' || type === 'ACTION_INTERACTIONS'))
      return invalidInput(`A Domain dataset group cannot have a dataset of type ${type}.`);
    return schemaMisfit(resources.schemaArn, type, domain);
  },
  derive: ({ input, call }) => {
    const type = datasetType(input.datasetType);
    if (type === undefined) throw new Error(`${input.datasetType} is not a dataset type`);
    // AWS gives this dataset a tracker of its own: PutActionInteractions names it.
    return { datasetType: type, ...(type === 'ACTION_INTERACTIONS' && { trackingId: call.newId() }) };
  },
};

export const changeDataset: Change<'Dataset'> = (current, { input, resources, call }) => {
  const group = call.table.findOf('DatasetGroup', current.datasetGroupArn)?.attributes;
  const diagnostic = schemaMisfit(resources.schemaArn, current.datasetType, group?.domain);
  return diagnostic === undefined ? ok({ schemaArn: input.schemaArn }) : err(diagnostic);
};

export const DATASET_IMPORT_JOB: OverridesOf<'DatasetImportJob'> = {
  check: ({ input }) =>
    input.dataSource.dataLocation === undefined
      ? invalidInput('dataSource must have a dataLocation.')
      : undefined,
  derive: ({ input }) => ({ importMode: input.importMode ?? 'FULL' }),
  work: importBulk,
};

export const DATASET_EXPORT_JOB: OverridesOf<'DatasetExportJob'> = {
  derive: ({ input }) => ({ ingestionMode: input.ingestionMode ?? 'PUT' }),
};

export const DATA_DELETION_JOB: OverridesOf<'DataDeletionJob'> = {
  view: ({ transition }, { now }) => (statusAt(transition, now) === 'ACTIVE' ? { numDeleted: 0 } : {}),
};

export const EVENT_TRACKER: OverridesOf<'EventTracker'> = {
  /** Every recorded ARN of a tracker ends in eight hex digits, whatever its name. */
  arnId: ({ call }) => shortId(`${ownerOf(call.scope)}:event-tracker/`, call),
  check({ input, call }) {
    const sameName = [...call.table.of('EventTracker', input.name)];
    const named = sameName.find(({ owner }) => owner === ownerOf(call.scope));
    if (named) return alreadyExists(named.arn);
    const group = input.datasetGroupArn;
    const tracker = call.table.first('EventTracker', group);
    return tracker && inUseBy(group, `${tracker.arn}, and a dataset group can have one event tracker only`);
  },
  derive: ({ call }) => ({ accountId: call.scope.account, trackingId: call.newId() }),
};

function schemaMisfit(
  { schema, domain: ofSchema }: ResourceAttributes['Schema'],
  type: DatasetType,
  domain: Domain | undefined,
): AwsError | undefined {
  if (ofSchema !== domain)
    return invalidInput('The domain of the schema must be the domain of the dataset group.');
  const parsed = parseSchema(schema);
  const diagnostic = typeof parsed === 'string' ? parsed : schemaDiagnostic(parsed, type, domain);
  return diagnostic === undefined ? undefined : invalidInput(diagnostic);
}
