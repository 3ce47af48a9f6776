/** The time that a request claims for itself. */
export interface RequestDate {
  /** Milliseconds since the epoch. */
  readonly millis: number;
  /** `20150830T123600Z`, as in the string to sign. */
  readonly text: string;
}

/** GMT, in the three ways that HTTP and mail libraries spell it: botocore signs a `Date` header that ends in `-0000`. */
const HTTP_ZONE = / (?:GMT|[+-]0000)$/;

/** A time in ISO 8601's basic format, to the second; `undefined` where it is none, or is in no calendar. */
export function parseBasicDate(text: string): RequestDate | undefined {
  if (text === latest?.text) return latest;
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const millis = Date.parse(`${day}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13, 15)}Z`);
  // Written again, it shows what was left unread, and a day that the month does not have.
  if (formatBasicDate(millis) !== text) return undefined;
  latest = { millis, text };
  return latest;
}

/** Requests of one second carry the same date. */
let latest: RequestDate | undefined;

/** The date of a `Date` header, which may be written as HTTP writes dates: `Sun, 30 Aug 2015 12:36:00 GMT`. */
export function parseHttpDate(text: string): RequestDate | undefined {
  const zoned = text.replace(HTTP_ZONE, ' GMT');
  const millis = Date.parse(zoned);
  if (Number.isNaN(millis) || new Date(millis).toUTCString() !== zoned) return parseBasicDate(text);
  return { millis, text: formatBasicDate(millis) };
}

/** `20150830T123600Z`; the empty text for what is no time. */
export function formatBasicDate(millis: number): string {
  if (Number.isNaN(millis)) return '';
  const iso = new Date(millis).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}
