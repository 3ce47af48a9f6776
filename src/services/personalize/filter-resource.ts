import { type AwsError, awsError } from '../../lib/errors.ts';
import type { CallContext } from './call.ts';
import { datasetArn } from './catalog.ts';
import { type DatasetSchema, type DatasetType, parseSchema } from './dataset-schema.ts';
import { parseFilter } from './filter-expression.ts';
import {
  fieldsOf,
  filterDiagnostic,
  MOST_FIELDS_OF_GROUP,
  unfilterableField,
  usesCurrentItem,
} from './filter-rules.ts';
import type { Referenced } from './references.ts';
import { invalidInput } from './refusals.ts';
import type { CreateInput } from './resource-attributes.ts';
import type { OverridesOf } from './resource-overrides.ts';
import { attributesAt } from './resource-table.ts';

/** Rules of filters: of the grammar, of AWS's guidelines, and of the schemas of the group's datasets. */
export const FILTER: OverridesOf<'Filter'> = {
  check: ({ input, call }) => diagnosticOf(input, call),
  // So that the fields of a group are counted without reading every expression again.
  derive: ({ input }) => ({ filterFields: fieldsIn(input) }),
};

function diagnosticOf(input: CreateInput<'Filter'>, call: CallContext): AwsError | undefined {
  const filter = parseFilter(input.filterExpression);
  const unread = typeof filter === 'string' ? filter : filterDiagnostic(filter);
  if (typeof filter === 'string' || unread !== undefined) return invalidInput(unread ?? '');
  const group = input.datasetGroupArn;
  const fields = fieldsOf(filter);
  const unfilterable = unfilterableField(fields, (type) => schemaOf(group, type, call));
  if (unfilterable !== undefined) return invalidInput(unfilterable);
  const ofGroup = new Set(fields);
  for (const other of call.table.of('Filter', group))
    for (const field of other.attributes.filterFields ?? []) ofGroup.add(field);
  return ofGroup.size > MOST_FIELDS_OF_GROUP
    ? awsError(
        'LimitExceededException',
        `The filters of ${group} would use ${ofGroup.size} distinct fields; ${MOST_FIELDS_OF_GROUP} are possible.`,
      )
    : undefined;
}

function fieldsIn(input: CreateInput<'Filter'>): readonly string[] {
  const filter = parseFilter(input.filterExpression);
  return typeof filter === 'string' ? [] : fieldsOf(filter);
}

function schemaOf(
  groupArn: string,
  type: DatasetType,
  { table, now }: CallContext,
): DatasetSchema | undefined {
  const dataset = table.findOf('Dataset', datasetArn(groupArn, type));
  const stored = dataset && table.findOf('Schema', attributesAt(dataset, now).schemaArn);
  const schema = stored && parseSchema(stored.attributes.schema);
  return typeof schema === 'string' ? undefined : schema;
}

/** What keeps a filter from being used with a recipe: only one for related items has a current item. */
export function currentItemDiagnostic(
  filter: Pick<Referenced<'Filter'>, 'arn' | 'filterExpression'>,
  recipe: { readonly name: string; readonly type: string } | undefined,
): AwsError | undefined {
  const parsed = parseFilter(filter.filterExpression);
  if (typeof parsed === 'string' || !usesCurrentItem(parsed) || recipe?.type === 'RELATED_ITEMS')
    return undefined;
  return invalidInput(
    `The filter ${filter.arn} uses CurrentItem, which the recipe ${recipe?.name ?? 'of AutoML'} does not have.`,
  );
}
