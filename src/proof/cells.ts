import { parseAddress, parseCidr } from '../lib/cidr.ts';
import { parseDate } from '../lib/date-text.ts';
import type { ConditionOperator } from '../policy/ast.ts';

/** Texts of a context key, one at least for each set of values that no constant of the policies tells apart. */
export type CellsOf = (constants: readonly string[]) => readonly string[];

/** What no operator on numbers, dates, addresses or bytes can read. */
export const UNREADABLE = 'not-a-value';

/**
 * Operators on typed values: their conditions tell only finitely many sets of values apart, the cells between and at their
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

/** Each number, one between each two, one below and one above all. */
function between(numbers: readonly number[]): readonly number[] {
  const sorted = [...new Set(numbers)].sort((one, other) => one - other);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  return [
    ...sorted,
    ...sorted.slice(1).map((next, index) => ((sorted[index] ?? next) + next) / 2),
    least - 1,
    most + 1,
  ];
}

function numbers(constants: readonly string[]): readonly string[] {
  return [...between(constants.map(Number)).map(String), UNREADABLE];
}

function dates(constants: readonly string[]): readonly string[] {
  const millis = constants.map((text) => parseDate(text)).filter((date) => date !== undefined);
  return [...between(millis).map(dateText), UNREADABLE];
}

/** ISO 8601 where it can say the instant; epoch seconds otherwise. */
function dateText(millis: number): string {
  const date = new Date(millis);
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('.000Z', 'Z');
  return parseDate(text) === millis ? text : String(millis / 1000);
}

/**
 * The ranges of a policy are nested or apart. What is in some of them and in no other is made of intervals, each of which
 * begins where a range begins or behind the end of one, or at the lowest address.
 */
function addresses(constants: readonly string[]): readonly string[] {
  const starts = constants.flatMap((text) => {
    const range = parseCidr(text);
    if (range === undefined) return [];
    const bytes = range.network.toByteArray();
    const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const size = 1n << BigInt(bytes.length * 8 - range.prefixLength);
    const start = first - (first % size);
    const inFamily = (start + size) >> BigInt(bytes.length * 8) === 0n;
    return [start, ...(inFamily ? [start + size] : [])].map((address) => addressText(address, bytes.length));
  });
  return [...new Set([...starts, '192.0.2.1', '0.0.0.0', '2001:db8:ffff::1', '::', UNREADABLE])];
}

function addressText(address: bigint, length: number): string {
  if (length === 4) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (address >> BigInt(112 - 16 * index)) & 0xffffn);
  return parseAddress(groups.map((group) => group.toString(16)).join(':'))?.toString() ?? '::';
}

/** Equal bytes may be spelled differently; no operator sees it. */
function bytes(constants: readonly string[]): readonly string[] {
  return [...constants, 'AAECAwQFBgcICQ==', '%'];
}
