import { type DatasetSchema, type DatasetType, datasetType } from './dataset-schema.ts';
import type { Comparison, Filter, FilterDataset, FilterStep } from './filter-expression.ts';

/*
 * What AWS's guidelines exclude of the grammar, each with its message.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/filter-expression-guidelines-requirements.html
 */

const INTERACTIONS: ReadonlySet<string> = new Set(['Interactions', 'Action_Interactions']);

/** Whether conditions on the dataset are about what was done, not about what there is. */
export const isOfInteractions = (source: Comparison['source']): boolean => INTERACTIONS.has(source);

const DATASET_TYPES: Readonly<Record<FilterDataset, DatasetType>> = {
  Items: 'ITEMS',
  Users: 'USERS',
  Interactions: 'INTERACTIONS',
  Actions: 'ACTIONS',
  Action_Interactions: 'ACTION_INTERACTIONS',
};

/** Of all expressions of one filter together; older copies of the guidelines have 5. */
const MOST_FIELDS = 10;

/** Of all filters of a dataset group together; older copies have 10. */
export const MOST_FIELDS_OF_GROUP = 20;

/** What keeps a filter from being created, whatever the data; a sentence. */
export function filterDiagnostic(filter: Filter): string | undefined {
  for (const step of filter.expressions) {
    const diagnostic = stepDiagnostic(step);
    if (diagnostic) return diagnostic;
  }
  const fields = fieldsOf(filter).length;
  return fields > MOST_FIELDS
    ? `The filter expression is not valid: it uses ${fields} distinct fields, and a filter can use ${MOST_FIELDS}.`
    : undefined;
}

function stepDiagnostic({ dataset, where }: FilterStep): string | undefined {
  for (const comparison of where.flat()) {
    const why = comparisonDiagnostic(comparison, dataset);
    if (why) return why;
  }
  return undefined;
}

function comparisonDiagnostic(
  { source, field, operator, values }: Comparison,
  dataset: FilterDataset,
): string | undefined {
  const placeholder = values.find(({ kind }) => kind === 'parameter');
  if (operator === 'NOT IN' && placeholder?.kind === 'parameter')
    return `Invalid input symbol: $${placeholder.name}. Placeholders are not allowed with NOT_IN operator.`;
  if (source !== dataset) return invalid(`${dataset} and ${source} cannot be used in one expression`);
  const onEventType = isOfInteractions(source) && field.toUpperCase() === 'EVENT_TYPE';
  if (isOfInteractions(source) && !onEventType)
    return invalid(`${source} can be filtered by EVENT_TYPE only`);
  if (!onEventType && values.some((value) => value.kind === 'literal' && value.value === '*'))
    return invalid('* can be used with an EVENT_TYPE only');
  return undefined;
}

const invalid = (why: string): string => `The filter expression is not valid: ${why}.`;

/** Whether the filter compares with the item of the request, which only recipes for related items have. */
export const usesCurrentItem = ({ expressions }: Filter): boolean =>
  expressions.some(({ where, onlyIf }) =>
    [...where.flat(), ...onlyIf].some(({ values }) => values.some(({ kind }) => kind === 'currentItem')),
  );

/** The fields that a filter uses, once each: `ITEMS.GENRE`. Those of the current item and user are of their datasets. */
export function fieldsOf({ expressions }: Filter): readonly string[] {
  const comparisons = expressions.flatMap(({ where, onlyIf }) => [...where.flat(), ...onlyIf]);
  const fields = comparisons.flatMap(({ source, field, values }) => [
    fieldName(source === 'CurrentUser' ? 'USERS' : DATASET_TYPES[source], field),
    ...values.flatMap((value) => (value.kind === 'currentItem' ? [fieldName('ITEMS', value.field)] : [])),
  ]);
  return [...new Set(fields)];
}

const fieldName = (type: DatasetType, field: string): string => `${type}.${field.toUpperCase()}`;

/**
 * The first field that no filter can use by its type: text that has no structure, and booleans.
 * @param schemaOf the schema of a dataset of the group; `undefined` where the group has none
 */
export function unfilterableField(
  fields: readonly string[],
  schemaOf: (type: DatasetType) => DatasetSchema | undefined,
): string | undefined {
  for (const name of fields) {
    const [dataset = '', wanted] = name.split('.');
    const type = datasetType(dataset);
    const schema = type && schemaOf(type);
    for (const [field, { textual, types }] of schema?.fields ?? []) {
      if (field.toUpperCase() !== wanted) continue;
      if (textual) return invalid(`${name} is a textual field, which filters cannot use`);
      if (types.includes('boolean'))
        return invalid(`${name} is a boolean field, which filters cannot use; make it a string or a number`);
    }
  }
  return undefined;
}
