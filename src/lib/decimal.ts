/** A decimal number of any length, exact: `sign` x 0.`digits` x 10^`exponent`. */
export interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly exponent: number;
  /** Without leading and trailing zeros; empty for zero. */
  readonly digits: string;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const ZERO: Decimal = { sign: 0, exponent: 0, digits: '' };
/** The exponent is limited to 32 bits; beyond that the string is not a number. */
const MAX_POWER = 2 ** 31 - 1;
const DIGIT_ZERO = 48;

/** Parses a number; `undefined` if invalid: `1`, `+1`, `01`, `1.`, `.5`, `1e0` are valid, `NaN` and `0x7` are not. */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  const all = whole + fraction;
  if (sign === undefined || all === '' || Math.abs(Number(power)) > MAX_POWER) return undefined;
  let start = 0;
  let end = all.length;
  while (start < end && all.charCodeAt(start) === DIGIT_ZERO) start += 1;
  while (end > start && all.charCodeAt(end - 1) === DIGIT_ZERO) end -= 1;
  if (start === end) return ZERO;
  return {
    sign: sign === '-' ? -1 : 1,
    exponent: whole.length - start + Number(power),
    digits: all.slice(start, end),
  };
}

/** Negative if `one` is less than `other`, zero if they are equal, positive if it is greater. */
export function compareDecimals(one: Decimal, other: Decimal): number {
  if (one.sign !== other.sign) return one.sign - other.sign;
  if (one.exponent !== other.exponent) return one.sign * (one.exponent - other.exponent);
  if (one.digits === other.digits) return 0;
  return one.digits < other.digits ? -one.sign : one.sign;
}
