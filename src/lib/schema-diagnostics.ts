import { z } from 'zod';
import { type TextDiagnostic as Diagnostic, type DocumentNode, positionOf } from './document.ts';
import { didYouMean } from './nearest.ts';
import { err, ok, type Result } from './result.ts';

export type Path = readonly PropertyKey[];

/** The display name of the member at a path, and its position: of its value, or of its key. */
export type PlaceOf = (
  path: Path,
  part: 'key' | 'value',
) => { readonly label: string } & Pick<Diagnostic, 'file' | 'line' | 'column'>;

/** The positions of a document; without lines if it was not parsed from a source. */
export const placesIn =
  (document: DocumentNode, file?: string): PlaceOf =>
  (path, part) => ({
    label: formatPath(path),
    ...(file !== undefined && { file }),
    ...positionOf(document, path, part),
  });

/** The value as parsed by the schema, or every error at once, each with its path and position. */
export function checkSchema<T>(
  schema: z.ZodType<T>,
  value: unknown,
  placeOf: PlaceOf,
): Result<T, readonly Diagnostic[]> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return ok(result.data);
  const diagnostics = result.error.issues.flatMap((issue) => diagnosticsOf(issue, schema, placeOf));
  return err(diagnostics.sort(byPlace));
}

/** In source order; entries without a position come last. */
export const byPlace = (a: Diagnostic, b: Diagnostic): number =>
  (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER) ||
  (a.column ?? 0) - (b.column ?? 0);

function diagnosticsOf(issue: z.core.$ZodIssue, schema: z.ZodType, placeOf: PlaceOf): readonly Diagnostic[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) =>
      pathDiagnostic(
        [...issue.path, key],
        'unknown-key',
        `unknown key${didYouMean(key, known)}`,
        placeOf,
        'key',
      ),
    );
  }
  if (issue.code === 'invalid_key') {
    const [reason] = issue.issues;
    return [pathDiagnostic(issue.path, 'invalid-name', reason?.message ?? issue.message, placeOf, 'key')];
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0)
    return [pathDiagnostic(issue.path, 'missing-key', 'is missing', placeOf, 'value')];
  return [pathDiagnostic(issue.path, ruleOf(issue), messageOf(issue), placeOf, 'value')];
}

/** A refinement may set its rule as `params: { rule }`. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return 'wrong-type';
  const rule: unknown = issue.code === 'custom' ? issue.params?.rule : undefined;
  return typeof rule === 'string' ? rule : 'invalid-value';
}

/** A message of our own for errors of type; the schema's message otherwise. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.expected === 'int' && typeof issue.input === 'number')
    return 'must be a whole number';
  if (issue.code === 'invalid_type')
    return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}, not ${typeName(issue.input)}${
      issue.expected === 'string' && typeof issue.input === 'number' ? ' (add quotes)' : ''
    }`;
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const near = typeof issue.input === 'string' ? didYouMean(issue.input, values) : '';
    return `must be ${values.join(' or ')}${near}`;
  }
  return issue.message;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

function typeName(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return TYPE_NAMES[typeof value] ?? typeof value;
}

/** One error whose message starts with the path: `users.alice.groups[0]: …`. */
export function pathDiagnostic(
  path: Path,
  rule: string,
  message: string,
  placeOf: PlaceOf,
  part: 'key' | 'value' = 'value',
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  const { label, ...place } = placeOf(path, part);
  return { severity, rule, message: label ? `${label}: ${message}` : message, ...place };
}

export const formatPath = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text ? `${text}.${String(step)}` : String(step);
  }, '');

/** The keys that an object schema defines at a path; empty if it has no fixed keys there. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  const found = path.reduce<z.ZodType | undefined>((at, step) => at && stepInto(at, step), schema);
  const object = found && unwrap(found);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function stepInto(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  const at = unwrap(schema);
  if (at instanceof z.ZodObject) return at.shape[String(step)];
  if (at instanceof z.ZodArray) return at.element as z.ZodType;
  if (at instanceof z.ZodRecord) return at.valueType as z.ZodType;
  return undefined;
}

/** The schema inside `preprocess`, `optional`, `default` and the like. */
function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe)
    return unwrap((schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return unwrap(schema.unwrap() as z.ZodType);
  return schema;
}
