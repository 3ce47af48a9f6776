/** When a request says that it was made. */
export interface RequestDate {
  /** Milliseconds since the epoch. */
  readonly millis: number;
  /** `20150830T123600Z`, as it stands in the string to sign. */
  readonly text: string;
}

const BASIC_FORMAT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** GMT, in the three ways that HTTP and mail libraries spell it: botocore signs a `Date` header that ends in `-0000`. */
const HTTP_ZONE = / (?:GMT|[+-]0000)$/;

/** A time in ISO 8601's basic format, to the second; `undefined` where it is none, or is in no calendar. */
export function parseBasicDate(text: string): RequestDate | undefined {
  const millis = Date.parse(text.replace(BASIC_FORMAT, '$1-$2-$3T$4:$5:$6Z'));
  return formatBasicDate(millis) === text ? { millis, text } : undefined;
}

/** The date of a `Date` header, which may be written as HTTP writes dates: `Sun, 30 Aug 2015 12:36:00 GMT`. */
export function parseHttpDate(text: string): RequestDate | undefined {
  const zoned = text.replace(HTTP_ZONE, ' GMT');
  const millis = Date.parse(zoned);
  if (Number.isNaN(millis) || new Date(millis).toUTCString() !== zoned) return parseBasicDate(text);
  return { millis, text: formatBasicDate(millis) };
}

/** `20150830T123600Z`; the empty text for what is no time. */
export const formatBasicDate = (millis: number): string =>
  Number.isNaN(millis) ? '' : new Date(millis).toISOString().replace(/[-:]|\.\d{3}/g, '');
