import type { ContextValue } from '../../engine/request.ts';
import { parseParts } from '../../engine/variables.ts';
import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { ConditionOperator, Policy } from '../../policy/ast.ts';
import { valueDiagnostic } from '../../policy/condition-value.ts';
import type { SimulateInput } from './input-policies.ts';
import { invalidInput } from './refusals.ts';

interface ValueType {
  /** An operator that takes such values. */
  readonly operator: ConditionOperator;
  /** What IAM expects, in its words; absent where it takes every text. */
  readonly expected?: string;
}

const TYPES: Readonly<Record<string, ValueType>> = {
  string: { operator: 'StringEquals' },
  numeric: { operator: 'NumericEquals', expected: 'numeric format' },
  boolean: { operator: 'Bool' },
  ip: { operator: 'IpAddress', expected: 'IP address' },
  binary: { operator: 'BinaryEquals', expected: 'base-64 encoded binary format' },
  date: { operator: 'DateEquals', expected: 'DateTime format' },
};

/** Context values are no documents: nothing in them is a variable. */
const AS_STORED = { version: '2008-10-17', reader: 'stored' } as const;

/** `ContextEntries` as the engine takes them: keys in lower case, one text, or a list for the types that end in `List`. */
export function contextEntries(
  entries: SimulateInput['ContextEntries'] = [],
): Result<ReadonlyMap<string, ContextValue>, AwsError> {
  const context = new Map<string, ContextValue>();
  for (const { ContextKeyName: name, ContextKeyValues: values = [], ContextKeyType: type } of entries) {
    if (name === undefined || name === '') return invalidInput('ContextKeyName cannot be null or empty.');
    const isTwice = context.has(name.toLowerCase());
    const diagnostic = isTwice ? `Duplicate context key: ${name}.` : entryDiagnostic(name, values, type);
    if (diagnostic !== undefined) return invalidInput(diagnostic);
    const [single = ''] = values;
    context.set(name.toLowerCase(), type?.endsWith('List') ? values : single);
  }
  return ok(context);
}

/** In the words of IAM's simulator. */
function entryDiagnostic(
  name: string,
  values: readonly string[],
  type: string | undefined,
): string | undefined {
  const found = type === undefined ? undefined : TYPES[type.replace(/List$/, '')];
  if (type === undefined || found === undefined)
    return `Context key ${name} has invalid type ${type ?? null}.`;
  if (values.length === 0) return `Context values for context key ${name} cannot be null or empty.`;
  if (!type.endsWith('List') && values.length !== 1)
    return `Context key ${type} expected a single value, but received ${values.length}.`;
  const { operator, expected } = found;
  const isWrong = values.some((value) => valueDiagnostic(operator, value, AS_STORED) !== undefined);
  return expected !== undefined && isWrong
    ? `Invalid context value for key ${name}: expected ${expected}.`
    : undefined;
}

/** The context keys that policies ask for, in conditions and as policy variables; each once, sorted, as first spelled. */
export function contextKeys(policies: readonly Policy[]): readonly string[] {
  const names = new Map<string, string>();
  for (const name of policies.flatMap(keysIn))
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()].sort();
}

function keysIn({ version, statements }: Policy): readonly string[] {
  const variables = version === '2012-10-17';
  return statements.flatMap(({ resource, conditions }) => {
    const texts = [...(resource?.patterns ?? []), ...conditions.flatMap(({ values }) => values)];
    const inTexts = texts
      .flatMap(({ text }) => parseParts(text, variables))
      .flatMap((part) => (part.kind === 'variable' ? [part.name] : []));
    return [...conditions.map(({ key }) => key.text), ...inTexts];
  });
}
