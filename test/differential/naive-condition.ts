/**
 * The twin's conditions, variables and wildcards, to be read beside the AWS pages.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { BlockList, isIP } from 'node:net';
import type { Context } from './line.ts';

export function conditionHolds(
  operator: string,
  key: string,
  values: readonly string[],
  context: Context,
  variables: boolean,
): boolean {
  const [, set, written = '', ifExists] = /^(?:(\w+):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const found = lookUp(context, key);
  if (written === 'Null') {
    const absent = found === undefined || (Array.isArray(found) && found.length === 0);
    return set ? set === 'ForAllValues' : values.some((value) => (value.toLowerCase() === 'true') === absent);
  }
  const negated = written.includes('Not');
  const nothing = found === undefined || (set !== undefined && found.length === 0);
  // Without the key a negated operator holds, as do ForAllValues and IfExists; an empty text is an empty set.
  if (nothing) return Boolean(ifExists) || set === 'ForAllValues' || (!set && negated && values.length > 0);
  if (!set && typeof found !== 'string') return false; // A key of several values asks for a set operator.
  if (values.length === 0) return false;
  const matches = (value: string): boolean => {
    const results = values.map((wanted) =>
      compare(written.replace('Not', ''), value, wanted, context, variables),
    );
    return results.includes('no type') ? false : results.includes(true) !== negated;
  };
  const members = typeof found === 'string' ? [found] : found;
  return set === 'ForAllValues' ? members.every(matches) : members.some(matches);
}

/** One value of the request against one of the policy; `'no type'` for a value that is none of the operator's. */
function compare(
  operator: string,
  found: string,
  wanted: string,
  context: Context,
  variables: boolean,
): boolean | 'no type' {
  const text = fill(wanted, context, { wildcards: false, variables });
  const pattern = fill(wanted, context, { wildcards: true, variables });
  switch (operator) {
    case 'StringEquals':
      return found === text;
    case 'StringEqualsIgnoreCase':
      return found.toLowerCase() === text?.toLowerCase();
    case 'StringLike':
      return covers(pattern, found);
    case 'Bool':
      return /^(true|false)$/i.test(found) && found.toLowerCase() === text?.toLowerCase();
    case 'BinaryEquals':
      return isBase64(found) && Buffer.from(found, 'base64').equals(Buffer.from(wanted, 'base64'));
    case 'IpAddress':
      return inRange(found, wanted);
    case 'ArnEquals':
    case 'ArnLike':
      return arnCovers(pattern, found);
    default:
      return ordered(operator, found, wanted);
  }
}

function ordered(operator: string, found: string, wanted: string): boolean | 'no type' {
  const numbers = operator.startsWith('Numeric');
  const [left, right] = [found, wanted].map((text) => (numbers ? number(text) : moment(text)));
  if (left === undefined || right === undefined || Number.isNaN(left)) return 'no type';
  if (operator.endsWith('LessThan')) return left < right;
  if (operator.endsWith('LessThanEquals')) return left <= right;
  if (operator.endsWith('GreaterThan')) return left > right;
  return operator.endsWith('GreaterThanEquals') ? left >= right : left === right;
}

const number = (text: string): number => (/^[-+]?[\d.]+$/.test(text) ? Number(text) : Number.NaN);

/** Seconds since 1970, or a date; four digits are a year. */
const moment = (text: string): number => {
  if (!/^\d{4}(-|$)/.test(text)) return number(text) * 1000;
  const day = Date.parse(text.slice(0, 10));
  // A day that its month does not have is no date.
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10))
    ? Date.parse(inFull(text))
    : Number.NaN;
};

/** AWS takes small letters, an hour of one digit, a zone of hours only; and a time without a zone is UTC. */
const inFull = (text: string): string =>
  text
    .toUpperCase()
    .replace(/T(\d):/, 'T0$1:')
    .replace(/(T.*[+-]\d\d)$/, '$1:00')
    .replace(/(T[\d:.]+)$/, '$1Z');

const isBase64 = (text: string): boolean =>
  /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;

function inRange(found: string, wanted: string): boolean {
  const [network = '', bits] = wanted.split('/');
  if (isIP(found) === 0 || isIP(found) !== isIP(network)) return false;
  const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(network, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
  return range.check(found, family);
}

/** Each of the six parts of an ARN on its own; a star alone stands for all of them. */
function arnCovers(pattern: string | undefined, found: string): boolean {
  if (pattern === ANY) return arnCovers(Array(6).fill(ANY).join(':'), found);
  const [wanted, actual] = [pattern ?? '', found].map((text) => {
    const parts = text.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')].slice(0, Math.min(6, parts.length));
  }) as [string[], string[]];
  return (
    wanted.length === 6 && actual.length === 6 && wanted.every((part, i) => covers(part, actual[i] ?? ''))
  );
}

/** The names of keys ignore case. */
const lookUp = (context: Context, key: string): string | readonly string[] | undefined =>
  Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];

/** Stand for `*` and `?` of the policy's own text, once variables are replaced by text that may hold them too. */
const ANY = '\uE000';
const ONE = '\uE001';

/** A text of a policy with its variables replaced; `undefined` when one of them has no single value and no default. */
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

/** Does a filled pattern cover the text? One character at a time. */
export function covers(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return false;
  if (pattern === '') return text === '';
  const rest = pattern.slice(1);
  if (pattern[0] === ANY) return covers(rest, text) || (text !== '' && covers(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === ONE || pattern[0] === text[0]) && covers(rest, text.slice(1));
}
