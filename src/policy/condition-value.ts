import { parseDate } from '../lib/date-text.ts';
import { parseDecimal } from '../lib/decimal.ts';
import type { ConditionOperator, Policy } from './ast.ts';
import { isMappedRange, parseIpRange } from './ip-range.ts';

/**
 * Who reads a document: `stored` is IAM (and Organizations, and S3), which refuses most values that its operators cannot
 * compare; `session` is STS, which takes nearly all of them and then finds that they match nothing.
 */
export type PolicyReader = 'stored' | 'session';

/** What the values of a document may be. */
export interface ValueRules {
  readonly version: Policy['version'];
  readonly reader: PolicyReader;
}

/** What is wrong with a value that AWS accepts. */
export interface ValueAdvice {
  readonly rule: 'arn-value' | 'boolean-value' | 'unmatched-value';
  readonly message: string;
}

/** What the values of a family of operators may be. */
interface ValueType {
  readonly operators: RegExp;
  readonly expected: string;
  /** What is stored. STS takes the rest of it too, but for `BinaryEquals`. */
  readonly accepts: (text: string) => boolean;
  /** Whether some value of a request can match. */
  readonly matches?: (text: string) => boolean;
  /** Policy variables may be in the value, which is then only known when a request comes. */
  readonly variables?: true;
  /** STS refuses what is not accepted, as IAM does. */
  readonly strictInSessions?: true;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const TRUE_OR_FALSE = /^(?:true|false)$/i;
const ARN_PARTS = 6;

/** Whether it is base64 as an encoder writes it: no other spelling of the same bytes is ever equal to it. */
export const isCanonicalBase64 = (text: string): boolean => BASE64.test(text) && btoa(atob(text)) === text;

/** An ARN, or a beginning of one: AWS refuses `not-an-arn`. `*` alone stands for every ARN. */
const beginsAsArn = (text: string): boolean => text === '*' || /^(?:arn|[^:*?]*[*?][^:]*):/.test(text);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const VALUE_TYPES: readonly ValueType[] = [
  { operators: /^String/, expected: 'a text', accepts: () => true, variables: true },
  { operators: /^Arn/, expected: 'an ARN', accepts: beginsAsArn, variables: true },
  { operators: /^(?:Bool|Null)/, expected: 'true or false', accepts: () => true, variables: true },
  { operators: /^Numeric/, expected: 'a number', accepts: (text) => parseDecimal(text) !== undefined },
  {
    operators: /^Date/,
    expected: 'a date like 2026-11-24T12:00:00Z, or seconds since 1970',
    accepts: (text) => parseDate(text) !== undefined,
  },
  {
    operators: /^Binary/,
    expected: 'base64',
    accepts: (text) => BASE64.test(text),
    matches: isCanonicalBase64,
    strictInSessions: true,
  },
  {
    operators: /IpAddress$/,
    expected:
      'an IP address or a CIDR range like 203.0.113.0/24, of IPv6 without bits behind its prefix and without a dotted part',
    accepts: (text) => parseIpRange(text) !== undefined,
    matches: (text) => {
      const range = parseIpRange(text);
      return range !== undefined && !isMappedRange(range);
    },
  },
];

const typeOf = (operator: ConditionOperator): ValueType | undefined =>
  VALUE_TYPES.find(({ operators }) => operators.test(operator));

/** What AWS refuses in a value of an operator, or `undefined`. */
export function valueFault(
  operator: ConditionOperator,
  text: string,
  { version, reader }: ValueRules,
): string | undefined {
  const type = typeOf(operator);
  if (type === undefined || type.accepts(text)) return undefined;
  if (reader === 'session' && !type.strictInSessions) return undefined;
  const variable = version === '2012-10-17' && text.includes('${');
  if (variable && type.variables) return undefined;
  const hint = variable ? ' (policy variables work with String, Arn and Bool operators only)' : '';
  return `"${text}" is not a value for ${operator}; expected ${type.expected}${hint}`;
}

/** What a value that AWS accepts does against expectation, or `undefined`. */
export function valueAdvice(
  operator: ConditionOperator,
  text: string,
  version: Policy['version'],
): ValueAdvice | undefined {
  const variable = version === '2012-10-17' && text.includes('${');
  if (operator.startsWith('Arn')) return variable ? undefined : arnAdvice(operator, text);
  if (operator === 'Null' || operator === 'Bool') return booleanAdvice(operator, text, variable);
  const { accepts, matches = accepts } = typeOf(operator) ?? { accepts: () => true };
  if (matches(text)) return undefined;
  return { rule: 'unmatched-value', message: `${operator} never finds a value that equals "${text}"` };
}

/** Whether a pattern has the six parts of an ARN, whatever its policy variables bring; `*` alone stands for them. */
export const isWholeArnPattern = (text: string): boolean =>
  text === '*' || (beginsAsArn(text) && text.replace(/\$\{[^}]*\}/g, '').split(':').length >= ARN_PARTS);

function arnAdvice(operator: ConditionOperator, text: string): ValueAdvice | undefined {
  if (isWholeArnPattern(text)) return undefined;
  const message = `"${text}" has not the six parts of an ARN, which ${operator} compares one by one: it matches every ARN in a Deny and none in an Allow`;
  return { rule: 'arn-value', message };
}

function booleanAdvice(operator: 'Bool' | 'Null', text: string, variable: boolean): ValueAdvice | undefined {
  if (TRUE_OR_FALSE.test(text) || (variable && operator === 'Bool')) return undefined;
  return { rule: 'boolean-value', message: `${operator} reads "${text}" as false: only "true" is true` };
}
