import { parseDate } from '../lib/date-text.ts';
import { type Decimal, parseDecimal } from '../lib/decimal.ts';
import type { ConditionOperator } from '../policy/ast.ts';
import { parseIpRange } from '../policy/ip-range.ts';

/** Texts of a context key, one at least for each set of values that no constant of the policies distinguishes. */
export type CellsOf = (constants: readonly string[]) => readonly string[];

/** What no operator on numbers, dates, addresses or bytes can read. */
export const UNREADABLE = 'not-a-value';

/**
 * Operators on typed values: their conditions distinguish only finitely many sets of values, the cells between and at their
 * constants. Each cell has a value here, so a conjunction is satisfiable exactly if one of the values satisfies it.
 */
export const CELLS: readonly { readonly operators: RegExp; readonly cellsOf: CellsOf }[] = [
  { operators: /^Numeric/, cellsOf: numbers },
  { operators: /^Date/, cellsOf: dates },
  { operators: /IpAddress$/, cellsOf: addresses },
  { operators: /^Binary/, cellsOf: bytes },
];

export const cellsFor = (operator: ConditionOperator): CellsOf | undefined =>
  CELLS.find(({ operators }) => operators.test(operator))?.cellsOf;

/**
 * Each constant, a number right behind it on the side away from zero, zero, and the numbers next to it: behind a constant
 * and before the next one all numbers have the same answers.
 */
function numbers(constants: readonly string[]): readonly string[] {
  const known = constants
    .map(parseDecimal)
    .filter((decimal): decimal is Decimal => decimal !== undefined && decimal.sign !== 0);
  const longest = Math.max(0, ...known.map(({ digits }) => digits.length));
  const least = Math.min(0, ...known.map(({ exponent }) => exponent));
  const behind = known.map((decimal) => ({ ...decimal, digits: `${decimal.digits}${'0'.repeat(longest)}1` }));
  const nearZero = ([1, -1] as const).map((sign) => ({ sign, digits: '1', exponent: least - 1 }));
  return [...constants, '0', ...[...behind, ...nearZero].map(decimalText), UNREADABLE];
}

/** Longer powers of ten are written as such. */
const MOST_DIGITS = 20;

function decimalText({ sign, digits, exponent }: Decimal): string {
  const minus = sign < 0 ? '-' : '';
  if (exponent < 1 || exponent > MOST_DIGITS) return `${minus}0.${digits}e${exponent}`;
  const padded = digits.padEnd(exponent, '0');
  return `${minus}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

function dates(constants: readonly string[]): readonly string[] {
  const known = constants.map((text) => parseDate(text)).filter((date) => date !== undefined);
  const sorted = [...new Set(known)].sort((one, other) => one - other);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const between = sorted.slice(1).map((next, index) => ((sorted[index] ?? next) + next) / 2);
  return [...[...sorted, ...between, first - 1, last + 1].map(dateText), UNREADABLE];
}

/** ISO 8601 where it can say the instant; epoch seconds otherwise. */
function dateText(millis: number): string {
  const date = new Date(millis);
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('.000Z', 'Z');
  return parseDate(text) === millis ? text : String(millis / 1000);
}

/** The first address behind those that are IPv4 written as IPv6: they are never in a range of IPv6. */
const BEHIND_MAPPED = '0:0:0:0:1:0:0:0';

/**
 * The ranges of a policy are nested or apart. What is in some of them and in no other is made of intervals, each of which
 * begins where a range begins or behind the end of one, at the lowest address, or behind the mapped ones.
 */
function addresses(constants: readonly string[]): readonly string[] {
  const starts = constants.flatMap((text) => {
    const range = parseIpRange(text);
    if (range === undefined) return [];
    const bits = BigInt(range.network.length * GROUP_BITS);
    const address = range.network.reduce((sum, group) => (sum << BigInt(GROUP_BITS)) | BigInt(group), 0n);
    const size = 1n << (bits - BigInt(range.prefixLength));
    const start = address - (address % size);
    const isLast = (start + size) >> bits > 0n;
    return [start, ...(isLast ? [] : [start + size])].map((one) => addressText(one, range.network.length));
  });
  return [...new Set([...starts, '0.0.0.0', '::', BEHIND_MAPPED, UNREADABLE])];
}

const GROUP_BITS = 16;

function addressText(address: bigint, groups: number): string {
  if (groups === 2) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
  const parts = Array.from(
    { length: groups },
    (_, index) => (address >> BigInt(GROUP_BITS * (groups - 1 - index))) & 0xffffn,
  );
  return parts.map((part) => part.toString(16)).join(':');
}

/** Bytes are equal where their texts are. */
function bytes(constants: readonly string[]): readonly string[] {
  return [...constants, 'AAECAwQFBgcICQ==', '%'];
}
