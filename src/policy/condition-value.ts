import { parseDate } from '../lib/date-text.ts';
import { parseDecimal } from '../lib/decimal.ts';
import type { ConditionOperator, Policy } from './ast.ts';
import { isMappedRange, parseIpRange } from './ip-range.ts';

/**
 * Which API validates a document: `stored` is IAM (and Organizations, and S3), which rejects most values that its
 * operators cannot compare; `session` is STS, which accepts nearly all of them and then evaluates them as not
 * matching.
 */
export type PolicyReader = 'stored' | 'session';

/** The values that a document may have. */
export interface ValueRules {
  readonly version: Policy['version'];
  readonly reader: PolicyReader;
}

/** A warning about a value that AWS accepts. */
export interface ValueAdvice {
  readonly rule: 'arn-value' | 'boolean-value' | 'unmatched-value';
  readonly message: string;
}

/** The values that a family of operators accepts. */
interface ValueType {
  readonly operators: RegExp;
  readonly expected: string;
  /** Values that IAM accepts. STS accepts the others as well, except for `BinaryEquals`. */
  readonly accepts: (text: string) => boolean;
  /** Whether some value of a request can match. */
  readonly matches?: (text: string) => boolean;
  /** The value may contain policy variables; it is then known at evaluation only. */
  readonly variables?: true;
  /** STS rejects the values that IAM rejects. */
  readonly strictInSessions?: true;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const TRUE_OR_FALSE = /^(?:true|false)$/i;
const ARN_PARTS = 6;

/** Whether the string is canonical base64: no other encoding of the same bytes is ever equal to it. */
export const isCanonicalBase64 = (text: string): boolean => BASE64.test(text) && btoa(atob(text)) === text;

/** An ARN, or the start of one: AWS rejects `not-an-arn`. `*` alone matches every ARN. */
const beginsAsArn = (text: string): boolean => text === '*' || /^(?:arn|[^:*?]*[*?][^:]*):/.test(text);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const VALUE_TYPES: readonly ValueType[] = [
  { operators: /^String/, expected: 'a string', accepts: () => true, variables: true },
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
      'an IP address or a CIDR range like 203.0.113.0/24 (for IPv6 without bits after the prefix length and without a dotted part)',
    accepts: (text) => parseIpRange(text) !== undefined,
    matches: (text) => {
      const range = parseIpRange(text);
      return range !== undefined && !isMappedRange(range);
    },
  },
];

const typeOf = (operator: ConditionOperator): ValueType | undefined =>
  VALUE_TYPES.find(({ operators }) => operators.test(operator));

/** Why AWS rejects a value of an operator, or `undefined`. */
export function valueDiagnostic(
  operator: ConditionOperator,
  text: string,
  { version, reader }: ValueRules,
): string | undefined {
  const type = typeOf(operator);
  if (type === undefined || type.accepts(text)) return undefined;
  if (reader === 'session' && !type.strictInSessions) return undefined;
  const variable = version === '2012-10-17' && text.includes('${');
  if (variable && type.variables) return undefined;
  const hint = variable ? ' (only String, Arn and Bool operators support policy variables)' : '';
  return `"${text}" is not a valid value for ${operator}; expected ${type.expected}${hint}`;
}

/** The unexpected effect of a value that AWS accepts, or `undefined`. */
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
  return {
    rule: 'unmatched-value',
    message: `no value of a request is ever equal to "${text}" for ${operator}`,
  };
}

/**
 * Whether a pattern has the six parts of an ARN, whatever the values of its variables; `*` alone counts as complete.
 */
export const isWholeArnPattern = (text: string): boolean =>
  text === '*' || (beginsAsArn(text) && text.replace(/\$\{[^}]*\}/g, '').split(':').length >= ARN_PARTS);

function arnAdvice(operator: ConditionOperator, text: string): ValueAdvice | undefined {
  if (isWholeArnPattern(text)) return undefined;
  const message = `"${text}" does not have the six parts of an ARN, which ${operator} compares one by one: it matches every ARN in a Deny and none in an Allow`;
  return { rule: 'arn-value', message };
}

function booleanAdvice(operator: 'Bool' | 'Null', text: string, variable: boolean): ValueAdvice | undefined {
  if (TRUE_OR_FALSE.test(text) || (variable && operator === 'Bool')) return undefined;
  return { rule: 'boolean-value', message: `${operator} treats "${text}" as false: only "true" is true` };
}
