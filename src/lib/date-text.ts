/** W3C's profile of ISO 8601: year, month, day, or a time to the minute, second or fraction, which then names its zone. */
const W3C_DATE =
  /^\d{4}(?:-\d{2}(?:-\d{2}(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d))?)?)?$/;
const EPOCH_SECONDS = /^-?\d+(?:\.\d+)?$/;

/** The shortest month: only a later day can be one that its month does not have. */
const DAYS_OF_EVERY_MONTH = 28;

/**
 * Milliseconds since the epoch of a date as policies and context keys write it, a W3C date or epoch seconds; `undefined`
 * where it is neither. Four digits are a year.
 * @see https://www.w3.org/TR/NOTE-datetime
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function parseDate(text: string): number | undefined {
  if (!W3C_DATE.test(text)) return EPOCH_SECONDS.test(text) ? Number(text) * 1000 : undefined;
  const millis = Date.parse(text);
  return Number.isNaN(millis) || !dayExists(text) ? undefined : millis;
}

/** `Date.parse` takes 30 February for 1 March. */
function dayExists(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= DAYS_OF_EVERY_MONTH) return true;
  const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
