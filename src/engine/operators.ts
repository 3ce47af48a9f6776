import { type Address, type Cidr, inCidr, parseAddress, parseCidr } from '../lib/cidr.ts';
import { parseDate } from '../lib/date-text.ts';
import type { ConditionOperator } from '../policy/ast.ts';
import { arnTest } from './arn-matching.ts';
import { equalityTest, patternTest, type TextTest } from './text-matching.ts';
import { type Part, parseParts } from './variables.ts';

/** One row of the operator table. */
export interface Operator {
  /** Negated operators are true where the key is missing. */
  readonly negated: boolean;
  /**
   * The test of one value of the request against all values of the policy: one of them must match or, under a negated
   * operator, none of them may. `variables` tells whether the policy's version knows policy variables.
   */
  readonly compile: (values: readonly string[], variables: boolean) => TextTest;
}

const NEGATED = true;
const BOOLEAN = /^(?:true|false)$/i;
const NO_ADDRESS = 'no address';

/** Callers come from few addresses, and reading one costs as much as a whole decision: what was read is remembered. */
const addresses = new Map<string, Address | typeof NO_ADDRESS>();
const MOST_ADDRESSES = 1000;

/**
 * Every operator but `Null`, which asks for a key and not for its value.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: Readonly<Record<Exclude<ConditionOperator, 'Null'>, Operator>> = {
  StringEquals: text(exactly),
  StringNotEquals: text(exactly, NEGATED),
  StringEqualsIgnoreCase: text(ignoringCase),
  StringNotEqualsIgnoreCase: text(ignoringCase, NEGATED),
  StringLike: text(patternTest),
  StringNotLike: text(patternTest, NEGATED),

  NumericEquals: typed(parseNumber, parseNumber, (found, wanted) => found === wanted),
  NumericNotEquals: typed(parseNumber, parseNumber, (found, wanted) => found === wanted, NEGATED),
  NumericLessThan: typed(parseNumber, parseNumber, (found, wanted) => found < wanted),
  NumericLessThanEquals: typed(parseNumber, parseNumber, (found, wanted) => found <= wanted),
  NumericGreaterThan: typed(parseNumber, parseNumber, (found, wanted) => found > wanted),
  NumericGreaterThanEquals: typed(parseNumber, parseNumber, (found, wanted) => found >= wanted),

  DateEquals: typed(parseDate, parseDate, (found, wanted) => found === wanted),
  DateNotEquals: typed(parseDate, parseDate, (found, wanted) => found === wanted, NEGATED),
  DateLessThan: typed(parseDate, parseDate, (found, wanted) => found < wanted),
  DateLessThanEquals: typed(parseDate, parseDate, (found, wanted) => found <= wanted),
  DateGreaterThan: typed(parseDate, parseDate, (found, wanted) => found > wanted),
  DateGreaterThanEquals: typed(parseDate, parseDate, (found, wanted) => found >= wanted),

  Bool: text(booleanTest),
  BinaryEquals: typed(parseBase64, parseBase64, (found, wanted) => found === wanted),

  IpAddress: typed(addressOrNone, parseCidr, inRange),
  NotIpAddress: typed(addressOrNone, parseCidr, inRange, NEGATED),

  ArnEquals: text(arnTest),
  ArnLike: text(arnTest),
  ArnNotEquals: text(arnTest, NEGATED),
  ArnNotLike: text(arnTest, NEGATED),
};

/** An operator on texts: its values may hold policy variables. */
function text(testOf: (parts: readonly Part[]) => TextTest, negated = false): Operator {
  const compile: Operator['compile'] = (values, variables) => {
    const tests = values.map((value) => testOf(parseParts(value, variables)));
    const [only] = tests;
    if (tests.length === 1 && only !== undefined && !negated) return only;
    return (found, context) => tests.some((test) => test(found, context)) !== negated;
  };
  return { negated, compile };
}

/**
 * An operator on values of a type. A value of the request that is not of the type matches neither the operator nor its
 * negation; one of the policy matches nothing (the parser refuses it).
 */
function typed<Found, Wanted>(
  readFound: (text: string) => Found | undefined,
  readWanted: (text: string) => Wanted | undefined,
  holds: (found: Found, wanted: Wanted) => boolean,
  negated = false,
): Operator {
  const compile: Operator['compile'] = (values) => {
    const wanted = values.map(readWanted).filter((value) => value !== undefined);
    return (text) => {
      const found = readFound(text);
      return found !== undefined && wanted.some((value) => holds(found, value)) !== negated;
    };
  };
  return { negated, compile };
}

function exactly(parts: readonly Part[]): TextTest {
  return equalityTest(parts, (text) => text);
}

function ignoringCase(parts: readonly Part[]): TextTest {
  return equalityTest(parts, (text) => text.toLowerCase());
}

function booleanTest(parts: readonly Part[]): TextTest {
  const equal = ignoringCase(parts);
  return (text, context) => BOOLEAN.test(text) && equal(text, context);
}

function parseNumber(text: string): number | undefined {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

function parseBase64(text: string): string | undefined {
  const bytes = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(text);
  return bytes ? atob(text) : undefined;
}

function inRange(address: Address | typeof NO_ADDRESS, range: Cidr): boolean {
  return address !== NO_ADDRESS && inCidr(address, range);
}

/** What cannot be read as an address lies in no range: a deny outside of a range then holds. */
function addressOrNone(text: string): Address | typeof NO_ADDRESS {
  const known = addresses.get(text);
  if (known !== undefined) return known;
  const address = parseAddress(text) ?? NO_ADDRESS;
  if (addresses.size >= MOST_ADDRESSES) addresses.clear();
  addresses.set(text, address);
  return address;
}
