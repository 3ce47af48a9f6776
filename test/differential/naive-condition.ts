/**
 * Conditions, variables and wildcards of the reference evaluator, written to be compared with the AWS pages.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import type { Context, Statement } from './line.ts';

/** The inputs of a condition besides its own elements. */
interface Circumstances {
  readonly context: Context;
  readonly variables: boolean;
  readonly effect: Statement['Effect'];
}

export function conditionHolds(
  operator: string,
  key: string,
  values: readonly string[],
  { context, variables, effect }: Circumstances,
): boolean {
  const [, set, written = '', ifExists] = /^(?:(\w+):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const found = lookUp(context, key);
  if (written === 'Null') {
    const absent = found === undefined || (Array.isArray(found) && found.length === 0);
    return set ? set === 'ForAllValues' : values.some((value) => (value.toLowerCase() === 'true') === absent);
  }
  const negated = written.includes('Not');
  const nothing = found === undefined || (set !== undefined && Array.isArray(found) && found.length === 0);
  // Without the key a negated operator is true, as are ForAllValues and IfExists.
  if (nothing) return Boolean(ifExists) || set === 'ForAllValues' || (!set && negated && values.length > 0);
  if (!set && typeof found !== 'string') return false; // A multi-valued key requires a set operator.
  if (values.length === 0) return false;
  const matches = (value: string): boolean => {
    for (const wanted of values) {
      const result = compare(written.replace('Not', ''), value, wanted, context, variables);
      if (result === 'wrong value') return false;
      if (result === 'malformed pattern') return effect === 'Deny';
      if (result) return !negated;
    }
    return negated;
  };
  const members = typeof found === 'string' ? [found] : (found ?? []);
  return set === 'ForAllValues' ? members.every(matches) : members.some(matches);
}

/** Compares one value of the request with one of the policy; returns a string if they cannot be compared. */
function compare(
  operator: string,
  found: string,
  wanted: string,
  context: Context,
  variables: boolean,
): boolean | 'wrong value' | 'malformed pattern' {
  const text = fill(wanted, context, { wildcards: false, variables });
  const pattern = fill(wanted, context, { wildcards: true, variables });
  switch (operator) {
    case 'StringEquals':
      return found === text;
    case 'StringEqualsIgnoreCase':
      return text !== undefined && smallLetters(found) === smallLetters(text);
    case 'StringLike':
      return covers(pattern, found);
    case 'Bool':
      return text !== undefined && /^true$/i.test(found) === /^true$/i.test(text);
    case 'BinaryEquals':
      return found === wanted && Buffer.from(found, 'base64').toString('base64') === found;
    case 'IpAddress':
      return inRange(found, wanted);
    case 'ArnEquals':
    case 'ArnLike':
      return arnCovers(pattern, found);
    default:
      return ordered(operator, found, wanted);
  }
}

/** Letters outside of the Basic Multilingual Plane (two UTF-16 code units) keep their case. */
const smallLetters = (text: string): string => {
  const small = [...text.toLowerCase()];
  const large = [...text].filter((character) => character.length === 2);
  return small.map((character) => (character.length === 2 ? large.shift() : character)).join('');
};

/** A value that is not a number or date is equal to nothing, and neither less nor greater. */
function ordered(operator: string, found: string, wanted: string): boolean {
  const sign = operator.startsWith('Numeric') ? numbersApart(found, wanted) : moment(found) - moment(wanted);
  if (sign === undefined || Number.isNaN(sign)) return false;
  if (operator.endsWith('LessThan')) return sign < 0;
  if (operator.endsWith('LessThanEquals')) return sign <= 0;
  if (operator.endsWith('GreaterThan')) return sign > 0;
  return operator.endsWith('GreaterThanEquals') ? sign >= 0 : sign === 0;
}

/** The sign of the difference of two numbers of any length, computed in units of 10^-40. */
function numbersApart(one: string, other: string): number | undefined {
  const [left, right] = [one, other].map((text) => {
    const [, sign = '', whole = '', , part = '', , power = '0'] =
      /^([-+]?)(\d*)(\.(\d*))?([eE]([-+]?\d+))?$/.exec(text) ?? [];
    if (whole + part === '') return undefined;
    const units = BigInt(whole + part) * 10n ** BigInt(40 - part.length + Number(power));
    return sign === '-' ? -units : units;
  });
  if (left === undefined || right === undefined) return undefined;
  return left < right ? -1 : Number(left > right);
}

const number = (text: string): number => (/^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

/** Seconds since 1970, or a date; four digits are a year. */
const moment = (text: string): number => {
  if (!/^\d{4}(-|$)/.test(text)) return number(text) * 1000;
  const day = Date.parse(text.slice(0, 10));
  // A day that does not exist in its month is not a date.
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10))
    ? Date.parse(inFull(text))
    : Number.NaN;
};

/** AWS accepts lower case, an hour of one digit, a zone of hours only; a time without a zone is UTC. */
const inFull = (text: string): string =>
  text
    .toUpperCase()
    .replace(/T(\d):/, 'T0$1:')
    .replace(/(T.*[+-]\d\d)$/, '$1:00')
    .replace(/(T[\d:.]+)$/, '$1Z');

/** Addresses as strings of bits: an address is in a range if it starts with the range's prefix. */
function inRange(found: string, wanted: string): boolean | 'wrong value' {
  const address = bitsOf(mappedAsIpv4(found));
  if (address === undefined) return 'wrong value';
  const [network = '', length, ...more] = wanted.split('/');
  const bits = bitsOf(network);
  if (!bits || more.length > 0 || (length !== undefined && !/^[+]?[0-9]+$/.test(length))) return false;
  const prefix = Number(length ?? bits.length);
  if (prefix > bits.length || address.length !== bits.length) return false;
  // AWS masks the bits after the prefix of an IPv4 range; an IPv6 range with such bits contains nothing.
  if (bits.length === 128 && bits.slice(prefix).includes('1')) return false;
  return address.slice(0, prefix) === bits.slice(0, prefix);
}

/** `::ffff:192.0.2.1` and `::ffff:c000:201` are IPv4. */
function mappedAsIpv4(text: string): string {
  const [, dotted] = /^::ffff:([\d.]+)$/i.exec(text) ?? [];
  const bits = dotted ? undefined : bitsOf(text);
  if (bits?.length !== 128 || !bits.startsWith('0'.repeat(80) + '1'.repeat(16))) return dotted ?? text;
  return [96, 104, 112, 120].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join('.');
}

function bitsOf(text: string): string | undefined {
  const binary = (digits: number, radix: number, places: number) => (part: string) =>
    Number.parseInt(part || '0', radix)
      .toString(2)
      .padStart(places, '0')
      .slice(-digits);
  if (!text.includes(':')) {
    const octets = text.split('.');
    const whole = octets.length === 4 && octets.every((octet) => /^\d+$/.test(octet) && Number(octet) < 256);
    return whole ? octets.map(binary(8, 10, 8)).join('') : undefined;
  }
  const halves = text.split('::').map((half) => {
    const ended = half.replace(/:+$/, '');
    return ended === '' ? [] : ended.split(':');
  });
  const groups = halves.flat();
  const gap = 8 - groups.length;
  if (halves.length > 2 || (halves.length === 1 ? gap !== 0 : gap < 1)) return undefined;
  if (!groups.every((group) => /^[\da-f]{0,4}$/i.test(group))) return undefined;
  const [head = [], tail = []] = halves;
  return [...head, ...Array<string>(gap).fill('0'), ...tail].map(binary(16, 16, 16)).join('');
}

/** Compares each of the six parts of an ARN separately; `*` alone matches every ARN. */
function arnCovers(
  pattern: string | undefined,
  found: string,
): boolean | 'wrong value' | 'malformed pattern' {
  const actual = /^(arn):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(found)?.slice(1);
  if (actual === undefined) return 'wrong value';
  if (pattern === undefined) return false;
  if (pattern === ANY) return true;
  const wanted = /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(pattern)?.slice(1);
  if (wanted === undefined || !covers(wanted[0], 'arn')) return 'malformed pattern';
  return wanted.every((part, index) => covers(part, actual[index] ?? ''));
}

/** Key names are case-insensitive. */
const lookUp = (context: Context, key: string): string | readonly string[] | undefined =>
  Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];

/** Placeholders for `*` and `?` of the policy itself, because variable values may contain these characters too. */
const ANY = '\uE000';
const ONE = '\uE001';

/** A string of a policy with its variables replaced; `undefined` if one has no single value and no default. */
export function fill(
  text: string,
  context: Context,
  { wildcards, variables }: { wildcards: boolean; variables: boolean },
): string | undefined {
  let unresolved = false;
  const filled = text.replace(variables ? /\$\{([^}]+)\}|[*?]/g : /[*?]/g, (token, inner?: string) => {
    if (!inner || !variables) return !wildcards ? token : token === '*' ? ANY : ONE;
    if (['*', '?', '$'].includes(inner)) return inner;
    const [, key = '', fallback] = /^([^,]*?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner) ?? [];
    const value = lookUp(context, key.trim()) ?? fallback;
    if (typeof value !== 'string') unresolved = true;
    return String(value);
  });
  return unresolved ? undefined : filled;
}

/** Whether an expanded pattern matches the string, one character at a time. */
export function covers(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return false;
  if (pattern === '') return text === '';
  const rest = pattern.slice(1);
  if (pattern[0] === ANY) return covers(rest, text) || (text !== '' && covers(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === ONE || pattern[0] === text[0]) && covers(rest, text.slice(1));
}
