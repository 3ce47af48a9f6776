/** W3C's profile of ISO 8601: year, month, day, or a time to the minute, second or fraction, which then names its zone. */
const W3C_DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;
const EPOCH_SECONDS = /^-?\d+(?:\.\d+)?$/;

/**
 * Milliseconds since the epoch of a date as policies and context keys write it, a W3C date or epoch seconds; `undefined`
 * where it is neither. Four digits are a year.
 * @see https://www.w3.org/TR/NOTE-datetime
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function parseDate(text: string): number | undefined {
  const match = W3C_DATE.exec(text);
  if (match === null) return EPOCH_SECONDS.test(text) ? Number(text) * 1000 : undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A day that the month does not have rolls over.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const fraction = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000);
  const offset = zoneMinutes(match[8] ?? 'Z');
  return offset === undefined
    ? undefined
    : date.setUTCHours(hour, minute, second, fraction) - offset * 60_000;
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
