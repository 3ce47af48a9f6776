import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A dataset's columns, by its Avro schema. */
export interface DatasetSchema {
  /** The record's name: `Interactions`. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
}

export interface Field {
  /** Avro types; more than one where the schema has a union: `["null", "string"]`. */
  readonly types: readonly string[];
  readonly categorical: boolean;
  readonly textual: boolean;
}

export const DATASET_TYPES = ['INTERACTIONS', 'USERS', 'ITEMS', 'ACTIONS', 'ACTION_INTERACTIONS'] as const;
export type DatasetType = (typeof DATASET_TYPES)[number];

export type Domain = 'ECOMMERCE' | 'VIDEO_ON_DEMAND';

/** @see https://docs.aws.amazon.com/personalize/latest/dg/how-it-works-dataset-schema.html */
const FIELD_TYPES: ReadonlySet<string> = new Set([
  'string',
  'float',
  'double',
  'int',
  'long',
  'boolean',
  'null',
]);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

interface Requirement {
  /** Field -> its type. */
  readonly required: Readonly<Record<string, string>>;
  /** Whether at least one field is needed that is neither required nor reserved. */
  readonly metadata: boolean;
}

/**
 * Fields that a schema must have, by dataset type.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/custom-datasets-and-schemas.html
 */
const REQUIREMENTS: Readonly<Record<DatasetType, Requirement>> = {
  INTERACTIONS: { required: { USER_ID: 'string', ITEM_ID: 'string', TIMESTAMP: 'long' }, metadata: false },
  USERS: { required: { USER_ID: 'string' }, metadata: true },
  ITEMS: { required: { ITEM_ID: 'string' }, metadata: true },
  ACTIONS: { required: { ACTION_ID: 'string' }, metadata: true },
  ACTION_INTERACTIONS: {
    required: { USER_ID: 'string', ACTION_ID: 'string', EVENT_TYPE: 'string', TIMESTAMP: 'long' },
    metadata: false,
  },
};

/**
 * What a domain asks for beside.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/ECOMMERCE-datasets-and-schemas.html
 * @see https://docs.aws.amazon.com/personalize/latest/dg/VIDEO-ON-DEMAND-datasets-and-schemas.html
 */
const DOMAIN_REQUIREMENTS: Readonly<
  Record<Domain, Partial<Record<DatasetType, Readonly<Record<string, string>>>>>
> = {
  ECOMMERCE: {
    INTERACTIONS: { EVENT_TYPE: 'string' },
    ITEMS: { PRICE: 'float', CATEGORY_L1: 'string' },
  },
  VIDEO_ON_DEMAND: {
    INTERACTIONS: { EVENT_TYPE: 'string' },
    ITEMS: { CREATION_TIMESTAMP: 'long', GENRES: 'string' },
  },
};

/** Actions metadata may be one of these alone: they are what AWS uses actions by. */
const RESERVED: ReadonlySet<string> = new Set(['CREATION_TIMESTAMP']);

/** `Action_Interactions` or `ActionInteractions` -> `ACTION_INTERACTIONS`; `undefined` if there is no such type. */
export function datasetType(name: string): DatasetType | undefined {
  const letters = name.replaceAll('_', '').toUpperCase();
  return DATASET_TYPES.find((type) => type.replaceAll('_', '') === letters);
}

/** Reads an Avro schema; a string is its diagnostic. */
export function parseSchema(text: string): DatasetSchema | string {
  const record = parseJson(text);
  if (!isObject(record)) return 'The schema is not a JSON object in Avro format.';
  const { type, name, fields } = record;
  if (type !== 'record') return 'The schema must be of type record.';
  if (typeof name !== 'string' || !NAME.test(name)) return 'The schema must have a valid name.';
  if (!Array.isArray(fields) || fields.length === 0) return 'The schema must have fields.';
  const parsed = new Map<string, Field>();
  const given: readonly unknown[] = fields;
  for (const field of given) {
    if (!isObject(field) || typeof field.name !== 'string' || !NAME.test(field.name))
      return 'Every field of the schema must have a valid name.';
    if (parsed.has(field.name)) return `The field ${field.name} is in the schema more than once.`;
    const types = fieldTypes(field.type);
    if (types === undefined) return `The field ${field.name} has a type that is not supported.`;
    parsed.set(field.name, {
      types,
      categorical: field.categorical === true,
      textual: field.textual === true,
    });
  }
  const diagnostic = avroDiagnostic(record);
  return diagnostic === undefined
    ? { name, fields: parsed }
    : `The schema is not valid in Avro: ${diagnostic}.`;
}

/** What keeps a schema from being used for a dataset of that type, in a group of that domain. */
export function schemaDiagnostic(
  schema: DatasetSchema,
  type: DatasetType,
  domain?: Domain,
): string | undefined {
  const { required, metadata } = REQUIREMENTS[type];
  const wanted = { ...required, ...(domain && DOMAIN_REQUIREMENTS[domain][type]) };
  for (const [name, fieldType] of Object.entries(wanted)) {
    const field = schema.fields.get(name);
    if (field === undefined) return `The schema of a dataset of type ${type} must have the field ${name}.`;
    if (!field.types.includes(fieldType)) return `The field ${name} must be of type ${fieldType}.`;
  }
  const extra = [...schema.fields.keys()].filter((name) => !(name in wanted) && !RESERVED.has(name));
  const needsMetadata = metadata && Object.keys(wanted).length === Object.keys(required).length;
  return needsMetadata && extra.length === 0
    ? `The schema of a dataset of type ${type} must have at least one metadata field.`
    : undefined;
}

function fieldTypes(type: unknown): readonly string[] | undefined {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (!types.every(isFieldType)) return undefined;
  return types.length > 0 && !(types.length === 1 && types[0] === 'null') ? types : undefined;
}

const isFieldType = (type: unknown): type is string => typeof type === 'string' && FIELD_TYPES.has(type);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What the Avro specification forbids in a schema; `undefined` where it is one. The reader is loaded with the first
 * schema: it would cost every start.
 */
function avroDiagnostic(schema: object): string | undefined {
  const { Type }: typeof import('avsc') = require('avsc');
  try {
    // Whether it is a schema is what is asked here.
    Type.forSchema(schema as Parameters<typeof Type.forSchema>[0]);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
