import type { AwsError } from '../../lib/errors.ts';
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
import type { Draft, ResourceOverrides } from './resource-overrides.ts';
import type { Attributes } from './resource-table.ts';

/** Rules of the resources that hold data. */
export const SCHEMA: ResourceOverrides = {
  check({ input }) {
    const schema = parseSchema(input.schema as string);
    if (typeof schema === 'string') return invalidInput(schema);
    const type = datasetType(schema.name);
    const diagnostic = type && schemaDiagnostic(schema, type, input.domain as Domain | undefined);
    return diagnostic === undefined ? undefined : invalidInput(diagnostic);
  },
};

export const DATASET_GROUP: ResourceOverrides = {
  check: ({ input }) =>
    (input.roleArn === undefined) === (input.kmsKeyArn === undefined)
      ? undefined
      : invalidInput('roleArn and kmsKeyArn must be given together.'),
};

export const DATASET: ResourceOverrides = {
  arnId: ({ input, resources }) => `${resources.datasetGroupArn?.name}/${typeOf(input)}`,
  check({ input, resources }) {
    const type = typeOf(input);
    if (type === undefined) return invalidInput(`${input.datasetType} is not a dataset type.`);
    const domain = resources.datasetGroupArn?.domain as Domain | undefined;
    if (domain !== undefined && (type === 'ACTIONS' || type === 'ACTION_INTERACTIONS'))
      return invalidInput(`A Domain dataset group cannot have a dataset of type ${type}.`);
    return schemaMisfit(resources.schemaArn, type, domain);
  },
  derive: ({ input, call }) => {
    const type = typeOf(input);
    // AWS gives this dataset a tracker of its own: PutActionInteractions names it.
    return { datasetType: type, ...(type === 'ACTION_INTERACTIONS' && { trackingId: call.newId() }) };
  },
  change(current, { input, resources, call }) {
    const group = call.table.find(current.datasetGroupArn as string)?.attributes;
    const diagnostic = schemaMisfit(
      resources.schemaArn,
      current.datasetType as DatasetType,
      group?.domain as Domain | undefined,
    );
    return diagnostic === undefined
      ? { ok: true, value: { schemaArn: input.schemaArn } }
      : { ok: false, error: diagnostic };
  },
};

export const DATASET_IMPORT_JOB: ResourceOverrides = {
  check: ({ input }) =>
    (input.dataSource as { readonly dataLocation?: string }).dataLocation === undefined
      ? invalidInput('dataSource must have a dataLocation.')
      : undefined,
  derive: ({ input }) => ({ importMode: input.importMode ?? 'FULL' }),
  work: importBulk,
};

export const DATASET_EXPORT_JOB: ResourceOverrides = {
  derive: ({ input }) => ({ ingestionMode: input.ingestionMode ?? 'PUT' }),
};

export const DATA_DELETION_JOB: ResourceOverrides = {
  view: ({ transition }, { now }) => (statusAt(transition, now) === 'ACTIVE' ? { numDeleted: 0 } : {}),
};

export const EVENT_TRACKER: ResourceOverrides = {
  /** Every recorded ARN of a tracker ends in eight hex digits, whatever its name. */
  arnId: ({ call }) => shortId(`${ownerOf(call.scope)}:event-tracker/`, call),
  check({ input, call }) {
    const sameName = [...call.table.of('EventTracker', input.name as string)];
    const named = sameName.find(({ owner }) => owner === ownerOf(call.scope));
    if (named) return alreadyExists(named.arn);
    const group = input.datasetGroupArn as string;
    const tracker = call.table.first('EventTracker', group);
    return tracker && inUseBy(group, `${tracker.arn}, and a dataset group can have one event tracker only`);
  },
  derive: ({ call }) => ({ accountId: call.scope.account, trackingId: call.newId() }),
};

const typeOf = (input: Draft['input']): DatasetType | undefined => datasetType(input.datasetType as string);

function schemaMisfit(
  schema: Attributes | undefined,
  type: DatasetType,
  domain: Domain | undefined,
): AwsError | undefined {
  if (schema?.domain !== domain)
    return invalidInput('The domain of the schema must be the domain of the dataset group.');
  const parsed = parseSchema(schema?.schema as string);
  const diagnostic = typeof parsed === 'string' ? parsed : schemaDiagnostic(parsed, type, domain);
  return diagnostic === undefined ? undefined : invalidInput(diagnostic);
}
