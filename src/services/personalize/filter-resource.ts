import { type AwsError, awsError } from '../../lib/errors.ts';
import type { Call } from './call.ts';
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
import { invalidInput } from './refusals.ts';
import type { ResourceOverrides } from './resource-overrides.ts';
import { type Attributes, attributesAt } from './resource-table.ts';

/** Rules of filters: what the grammar, AWS's guidelines and the schemas of the group's datasets say of the expression. */
export const FILTER: ResourceOverrides = {
  check: ({ input, call }) => diagnosticOf(input, call),
  // So that the fields of a group are counted without reading every expression again.
  derive: ({ input }) => ({ filterFields: fieldsIn(input) }),
};

function diagnosticOf(input: Attributes, call: Call): AwsError | undefined {
  const filter = parseFilter(input.filterExpression as string);
  const unread = typeof filter === 'string' ? filter : filterDiagnostic(filter);
  if (typeof filter === 'string' || unread !== undefined) return invalidInput(unread ?? '');
  const group = input.datasetGroupArn as string;
  const fields = fieldsOf(filter);
  const unfilterable = unfilterableField(fields, (type) => schemaOf(group, type, call));
  if (unfilterable !== undefined) return invalidInput(unfilterable);
  const ofGroup = new Set(fields);
  for (const other of call.table.of('Filter', group))
    for (const field of (other.attributes.filterFields as readonly string[] | undefined) ?? [])
      ofGroup.add(field);
  return ofGroup.size > MOST_FIELDS_OF_GROUP
    ? awsError(
        'LimitExceededException',
        `The filters of ${group} would use ${ofGroup.size} distinct fields; ${MOST_FIELDS_OF_GROUP} are possible.`,
      )
    : undefined;
}

function fieldsIn(input: Attributes): readonly string[] {
  const filter = parseFilter(input.filterExpression as string);
  return typeof filter === 'string' ? [] : fieldsOf(filter);
}

function schemaOf(groupArn: string, type: DatasetType, { table, now }: Call): DatasetSchema | undefined {
  const dataset = table.find(datasetArn(groupArn, type));
  const schemaArn = dataset && attributesAt(dataset, now).schemaArn;
  const text = typeof schemaArn === 'string' ? table.find(schemaArn)?.attributes.schema : undefined;
  const schema = typeof text === 'string' ? parseSchema(text) : undefined;
  return typeof schema === 'string' ? undefined : schema;
}

/** What keeps a filter from being used with a recipe: only one for related items has a current item. */
export function currentItemDiagnostic(
  filter: Attributes & { readonly arn: string },
  recipe: { readonly name: string; readonly type: string } | undefined,
): AwsError | undefined {
  const parsed = parseFilter(filter.filterExpression as string);
  if (typeof parsed === 'string' || !usesCurrentItem(parsed) || recipe?.type === 'RELATED_ITEMS')
    return undefined;
  return invalidInput(
    `The filter ${filter.arn} uses CurrentItem, which the recipe ${recipe?.name ?? 'of AutoML'} does not have.`,
  );
}
