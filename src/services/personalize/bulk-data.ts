import { createRequire } from 'node:module';
import { err, ok, type Result } from '../../lib/result.ts';
import type { DatasetSchema, Field } from './dataset-schema.ts';

const require = createRequire(import.meta.url);

/** One object of the place that an import job reads. */
export interface BulkFile {
  readonly key: string;
  readonly body: Uint8Array;
}

/** A line of a file: values by the schema's field names; what is empty is not there. */
export type BulkRow = Readonly<Record<string, string | number | boolean>>;

/**
 * The rows of CSV files by their dataset's schema, or why the job fails, in the words of AWS's page on errors where it has
 * some. A column that the schema does not know is left out, as AWS does.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/data-prep-formatting.html
 */
export function bulkRows(
  files: readonly BulkFile[],
  schema: DatasetSchema,
): Result<readonly BulkRow[], string> {
  const rows: BulkRow[] = [];
  for (const file of files) {
    const read = rowsOf(file, schema);
    if (!read.ok) return read;
    // One by one: a spread of a long list is a long list of arguments.
    for (const row of read.value) rows.push(row);
  }
  return ok(rows);
}

function rowsOf({ key, body }: BulkFile, { fields }: DatasetSchema): Result<readonly BulkRow[], string> {
  // Loaded with the first import: it would cost every start.
  const { parse }: typeof import('csv-parse/sync') = require('csv-parse/sync');
  let header: readonly string[] = [];
  let records: readonly Readonly<Record<string, string>>[];
  try {
    const columns = (names: string[]): string[] => {
      header = names;
      return names;
    };
    records = parse(Buffer.from(body), { bom: true, columns, skip_empty_lines: true });
  } catch (cause) {
    return err(`${key} is no CSV file: ${cause instanceof Error ? cause.message : cause}`);
  }
  const missing = [...fields].filter(([name, field]) => !isOptional(field) && !header.includes(name));
  if (missing.length > 0)
    return err(`Input csv is missing the following columns: [${missing.map(([name]) => name).join(', ')}].`);
  return ok(records.map((record) => rowOf(record, fields)));
}

const isOptional = ({ types }: Field): boolean => types.includes('null');

const rowOf = (record: Readonly<Record<string, string>>, fields: DatasetSchema['fields']): BulkRow =>
  Object.fromEntries(
    [...fields].flatMap(([name, field]) => {
      const text = record[name];
      return text === undefined || text === '' ? [] : [[name, typed(text, field)]];
    }),
  );

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'float', 'double']);

function typed(text: string, { types }: Field): string | number | boolean {
  if (types.includes('boolean') && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const number = types.some((type) => NUMBERS.has(type)) ? Number(text) : Number.NaN;
  return Number.isNaN(number) ? text : number;
}
