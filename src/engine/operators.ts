import { parseDate } from '../lib/date-text.ts';
import { compareDecimals, parseDecimal } from '../lib/decimal.ts';
import type { ConditionOperator } from '../policy/ast.ts';
import { isCanonicalBase64 } from '../policy/condition-value.ts';
import { type IpAddress, type IpRange, isInRange, parseIpRange, parseIpValue } from '../policy/ip-range.ts';
import { arnListTest } from './arn-matching.ts';
import { foldCase } from './fold-case.ts';
import { equalityTest, NEVER, patternTest, type TextTest } from './text-matching.ts';
import { expandText, hasVariable, NO_CONTEXT, type Part, parseParts } from './variables.ts';

/** Options of an operator's test besides its values. */
export interface OperatorOptions {
  /** Whether the policy's version supports policy variables. */
  readonly variables: boolean;
  /** The result of a condition whose ARN pattern is malformed: true in a Deny, false in an Allow. */
  readonly whenMalformed: boolean;
}

/** One row of the operator table. */
export interface Operator {
  /** Negated operators are true if the key is missing. */
  readonly negated: boolean;
  /**
   * Compiles the test of one value of the request against all values of the policy: one of them must match or, with a
   * negated operator, none of them may.
   */
  readonly compile: (values: readonly string[], options: OperatorOptions) => TextTest;
}

const NEGATED = true;
const NO_ADDRESS = 'no address';

/**
 * Cache of parsed addresses: few distinct clients call, and parsing one address costs as much as a whole decision.
 */
const addresses = new Map<string, IpAddress | typeof NO_ADDRESS>();
const MOST_ADDRESSES = 1000;

/**
 * Every operator except `Null`, which tests for a key and not for its value.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: Readonly<Record<Exclude<ConditionOperator, 'Null'>, Operator>> = {
  StringEquals: text(exactly),
  StringNotEquals: text(exactly, NEGATED),
  StringEqualsIgnoreCase: text(ignoringCase),
  StringNotEqualsIgnoreCase: text(ignoringCase, NEGATED),
  StringLike: text(patternTest),
  StringNotLike: text(patternTest, NEGATED),

  NumericEquals: ordered(parseDecimal, compareDecimals, (order) => order === 0),
  NumericNotEquals: ordered(parseDecimal, compareDecimals, (order) => order === 0, NEGATED),
  NumericLessThan: ordered(parseDecimal, compareDecimals, (order) => order < 0),
  NumericLessThanEquals: ordered(parseDecimal, compareDecimals, (order) => order <= 0),
  NumericGreaterThan: ordered(parseDecimal, compareDecimals, (order) => order > 0),
  NumericGreaterThanEquals: ordered(parseDecimal, compareDecimals, (order) => order >= 0),

  DateEquals: ordered(parseDate, compareNumbers, (order) => order === 0),
  DateNotEquals: ordered(parseDate, compareNumbers, (order) => order === 0, NEGATED),
  DateLessThan: ordered(parseDate, compareNumbers, (order) => order < 0),
  DateLessThanEquals: ordered(parseDate, compareNumbers, (order) => order <= 0),
  DateGreaterThan: ordered(parseDate, compareNumbers, (order) => order > 0),
  DateGreaterThanEquals: ordered(parseDate, compareNumbers, (order) => order >= 0),

  Bool: text(booleanTest),
  BinaryEquals: { negated: false, compile: binaryTest },

  IpAddress: { negated: false, compile: (values) => rangeTest(values, false) },
  NotIpAddress: { negated: true, compile: (values) => rangeTest(values, NEGATED) },

  ArnEquals: arn(),
  ArnLike: arn(),
  ArnNotEquals: arn(NEGATED),
  ArnNotLike: arn(NEGATED),
};

/** A string operator: its values may contain policy variables. */
function text(testOf: (parts: readonly Part[]) => TextTest, negated = false): Operator {
  const compile: Operator['compile'] = (values, { variables }) => {
    const tests = values.map((value) => testOf(parseParts(value, variables)));
    const [only] = tests;
    if (tests.length === 1 && only !== undefined && !negated) return only;
    return (found, context) => tests.some((test) => test(found, context)) !== negated;
  };
  return { negated, compile };
}

/**
 * An operator on ordered values (numbers, dates). A request value that does not parse is equal to nothing, and
 * neither less nor greater, so the negated operator matches it. A policy value that does not parse is equal to
 * nothing either.
 */
function ordered<Value>(
  parse: (text: string) => Value | undefined,
  compare: (found: Value, wanted: Value) => number,
  holds: (order: number) => boolean,
  negated = false,
): Operator {
  const compile: Operator['compile'] = (values) => {
    const wanted = values.map(parse).filter((value) => value !== undefined);
    return (text) => {
      const found = parse(text);
      if (found !== undefined) for (const value of wanted) if (holds(compare(found, value))) return !negated;
      return negated;
    };
  };
  return { negated, compile };
}

function compareNumbers(found: number, wanted: number): number {
  return found - wanted;
}

function exactly(parts: readonly Part[]): TextTest {
  return equalityTest(parts, (text) => text);
}

function ignoringCase(parts: readonly Part[]): TextTest {
  return equalityTest(parts, foldCase);
}

/** Every value other than `true` is false, on both sides; a variable without a value is neither. */
function booleanTest(parts: readonly Part[]): TextTest {
  if (!hasVariable(parts)) {
    const wanted = isTrue(expandText(parts, NO_CONTEXT) ?? '');
    return (text) => isTrue(text) === wanted;
  }
  return (text, context) => {
    const wanted = expandText(parts, context);
    return wanted !== undefined && isTrue(wanted) === isTrue(text);
  };
}

function isTrue(text: string): boolean {
  return text.toLowerCase() === 'true';
}

/** Compares only canonical base64: with padding, and without extra bits after the last byte. */
function binaryTest(values: readonly string[]): TextTest {
  const wanted = new Set(values.filter(isCanonicalBase64));
  return wanted.size === 0 ? NEVER : (text) => wanted.has(text);
}

/** A value that is not an address matches neither operator; an invalid range contains no address. */
function rangeTest(values: readonly string[], negated: boolean): TextTest {
  const ranges = values.map(parseIpRange).filter((range): range is IpRange => range !== undefined);
  return (text) => {
    const address = addressOrNone(text);
    if (address === NO_ADDRESS) return false;
    for (const range of ranges) if (isInRange(address, range)) return !negated;
    return negated;
  };
}

function addressOrNone(text: string): IpAddress | typeof NO_ADDRESS {
  const known = addresses.get(text);
  if (known !== undefined) return known;
  const address = parseIpValue(text) ?? NO_ADDRESS;
  if (addresses.size >= MOST_ADDRESSES) addresses.clear();
  addresses.set(text, address);
  return address;
}

function arn(negated = false): Operator {
  const compile: Operator['compile'] = (values, { variables, whenMalformed }) =>
    arnListTest(
      values.map((value) => parseParts(value, variables)),
      { negated, whenMalformed },
    );
  return { negated, compile };
}
