/** W3C's profile of ISO 8601: year, month, day, or a time to the minute, second or fraction with a required zone. */
const W3C_DATE =
  /^\d{4}(?:-\d{2}(?:-\d{2}(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?)?)?$/;
/**
 * What AWS accepts in addition: single digits, lower case, a time of hours only, a zone of hours only, no zone at
 * all.
 */
const LENIENT_DATE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(\.\d{1,9})?)?)?(Z|[+-]\d{2}(?::\d{2})?)?$/i;
const EPOCH_SECONDS = /^[+-]?\d+(?:\.\d+)?$/;

/** Days of the shortest month: only later days need a check against the month. */
const DAYS_OF_EVERY_MONTH = 28;

/**
 * Parses a date in a policy or a context key, an ISO 8601 date or epoch seconds, into milliseconds since the epoch;
 * `undefined` if invalid. Four digits are a year; a time without a zone is UTC.
 * @see https://www.w3.org/TR/NOTE-datetime
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function parseDate(text: string): number | undefined {
  if (text === latest.text) return latest.millis;
  const date = W3C_DATE.test(text) ? text : spelledOut(text);
  if (date === undefined) return EPOCH_SECONDS.test(text) ? Number(text) * 1000 : undefined;
  if (!W3C_DATE.test(date)) return undefined;
  const millis = Date.parse(date);
  return Number.isNaN(millis) || !dayExists(date) ? undefined : millis;
}

/**
 * A time in ISO 8601, UTC, with milliseconds. Requests of one millisecond have the same time, and every condition on it
 * parses what was written here last: both are done once.
 */
export function formatTime(millis: number): string {
  if (millis === latest.millis) return latest.text;
  const text = new Date(millis).toISOString();
  // A year of more than four digits is no date of a policy.
  if (W3C_DATE.test(text)) latest = { text, millis };
  return text;
}

let latest = { text: '1970-01-01T00:00:00.000Z', millis: 0 };

/** Normalizes a lenient date to the W3C format. */
function spelledOut(text: string): string | undefined {
  const parts = LENIENT_DATE.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute = '0', second = '0', fraction = '', zone = 'Z'] = parts;
  const [MM, DD, hh, mm, ss] = [month, day, hour, minute, second].map((part = '') => part.padStart(2, '0'));
  const offset = zone.length === 3 ? `${zone}:00` : zone.toUpperCase();
  return `${year}-${MM}-${DD}T${hh}:${mm}:${ss}${fraction}${offset}`;
}

/** `Date.parse` reads 30 February as 1 March. */
function dayExists(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= DAYS_OF_EVERY_MONTH) return true;
  const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
