import { parseCidr } from '../lib/cidr.ts';
import { parseDate } from '../lib/date-text.ts';
import type { ConditionOperator } from './ast.ts';

/** What the values of a family of operators may be. */
interface ValueType {
  readonly operators: RegExp;
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
  /** Policy variables may stand in the value, which is then only known when a request comes. */
  readonly variables?: true;
}

const TRUE_OR_FALSE = /^(?:true|false)$/i;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const VALUE_TYPES: readonly ValueType[] = [
  { operators: /^String/, expected: 'a text', accepts: () => true, variables: true },
  { operators: /^Arn/, expected: 'an ARN', accepts: () => true, variables: true },
  { operators: /^Numeric/, expected: 'a number', accepts: (text) => NUMBER.test(text) },
  {
    operators: /^Date/,
    expected: 'a date like 2026-11-24T12:00:00Z, or seconds since 1970',
    accepts: (text) => parseDate(text) !== undefined,
  },
  {
    operators: /^Bool/,
    expected: 'true or false',
    accepts: (text) => TRUE_OR_FALSE.test(text),
    variables: true,
  },
  { operators: /^Null/, expected: 'true or false', accepts: (text) => TRUE_OR_FALSE.test(text) },
  { operators: /^Binary/, expected: 'base64', accepts: (text) => BASE64.test(text) },
  {
    operators: /IpAddress$/,
    expected: 'an IP address or a CIDR range like 203.0.113.0/24',
    accepts: (text) => parseCidr(text) !== undefined,
  },
];

const typeOf = (operator: ConditionOperator): ValueType | undefined =>
  VALUE_TYPES.find(({ operators }) => operators.test(operator));

/**
 * What is wrong with a value of an operator, or `undefined`.
 * @param variables whether `${…}` is a variable: in documents of Version 2012-10-17
 */
export function valueFault(
  operator: ConditionOperator,
  text: string,
  variables: boolean,
): string | undefined {
  const type = typeOf(operator);
  if (type === undefined || type.accepts(text)) return undefined;
  const variable = variables && text.includes('${');
  if (variable && type.variables) return undefined;
  const hint = variable ? ' (policy variables work with String, Arn and Bool operators only)' : '';
  return `"${text}" is not a value for ${operator}; expected ${type.expected}${hint}`;
}

/** What a value does against expectation, or `undefined`: an Arn operator compares the six parts one by one. */
export function valueAdvice(operator: ConditionOperator, text: string): string | undefined {
  if (!operator.startsWith('Arn') || text === '*' || text.includes('${') || text.split(':').length >= 6)
    return undefined;
  return `"${text}" has not the six parts of an ARN, which ${operator} compares one by one`;
}
