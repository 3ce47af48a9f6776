import type { ContextValue } from '../../engine/request.ts';
import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { ConditionOperator } from '../../policy/ast.ts';
import { valueFault } from '../../policy/condition-value.ts';
import type { IamCall } from './call.ts';
import { invalidInput } from './refusals.ts';

/** The type of a context entry -> an operator that takes such values. */
const OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  string: 'StringEquals',
  numeric: 'NumericEquals',
  boolean: 'Bool',
  ip: 'IpAddress',
  binary: 'BinaryEquals',
  date: 'DateEquals',
};

/** Context values are no documents: nothing in them is a variable. */
const AS_STORED = { version: '2008-10-17', reader: 'stored' } as const;

interface Entry {
  readonly ContextKeyName?: string;
  readonly ContextKeyValues?: readonly string[];
  readonly ContextKeyType?: string;
}

/** `ContextEntries` as the engine takes them: keys in lower case, one text, or a list for the types that end in `List`. */
export function contextEntries({
  input,
}: Pick<IamCall, 'input'>): Result<ReadonlyMap<string, ContextValue>, AwsError> {
  const context = new Map<string, ContextValue>();
  for (const entry of (input.ContextEntries ?? []) as readonly Entry[]) {
    const { ContextKeyName: name, ContextKeyValues: values = [], ContextKeyType: type } = entry;
    if (name === undefined || type === undefined)
      return invalidInput('A context entry needs ContextKeyName, ContextKeyValues and ContextKeyType.');
    const fault =
      entryFault(name, values, type) ?? (context.has(name.toLowerCase()) ? 'it is given twice' : '');
    if (fault) return invalidInput(`Invalid context entry ${name}: ${fault}.`);
    const [single = ''] = values;
    context.set(name.toLowerCase(), type.endsWith('List') ? values : single);
  }
  return ok(context);
}

function entryFault(name: string, values: readonly string[], type: string): string | undefined {
  const operator = OPERATORS[type.replace(/List$/, '')];
  if (operator === undefined) return `${type} is no type of context keys`;
  if (!type.endsWith('List') && values.length !== 1) return `${type} takes one value, not ${values.length}`;
  const wrong = values.find((value) => valueFault(operator, value, AS_STORED) !== undefined);
  return wrong === undefined ? undefined : `"${wrong}" of ${name} is no ${type.replace(/List$/, '')}`;
}
