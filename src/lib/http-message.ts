/**
 * An HTTP request as received: raw path, raw header pairs and raw body, so that the signed bytes can be verified and
 * forwarded.
 */
export interface HttpRequest {
  readonly method: string;
  /** Path and query exactly as received, e.g. `/?Action=GetUser`. */
  readonly target: string;
  /** Name and value pairs in the order received, names in the case received, duplicates kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** The client's address: the peer of the connection, or the address given by a trusted proxy. */
  readonly remoteAddress: string;
  /** Whether the client's connection uses TLS. */
  readonly secure: boolean;
}

/** A complete HTTP response: status, headers (lower-case names) and body. */
export interface HttpResponse {
  readonly status: number;
  /** Several values of one name are sent as separate header lines, as `set-cookie` requires. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array | string;
}

/** Whether a header has this name, which is lower-case. Most names differ in length: they are not folded. */
export const isNamed = (header: string, name: string): boolean =>
  header.length === name.length && (header === name || header.toLowerCase() === name);

/** All values of a header in the order received; `name` is lower-case. */
export function headerValues({ headers }: Pick<HttpRequest, 'headers'>, name: string): readonly string[] {
  let values: string[] | undefined;
  for (const pair of headers) {
    if (!isNamed(pair[0], name)) continue;
    if (values === undefined) values = [pair[1]];
    else values.push(pair[1]);
  }
  return values ?? NONE;
}

const NONE: readonly string[] = [];

/** The value of a header that was sent once; `name` is lower-case. */
export function onlyHeader({ headers }: Pick<HttpRequest, 'headers'>, name: string): string | undefined {
  let found: string | undefined;
  for (const pair of headers) {
    if (!isNamed(pair[0], name)) continue;
    if (found !== undefined) return undefined;
    found = pair[1];
  }
  return found;
}

/** The first value of a header; `name` is lower-case. */
export function header({ headers }: Pick<HttpRequest, 'headers'>, name: string): string | undefined {
  for (const pair of headers) if (isNamed(pair[0], name)) return pair[1];
  return undefined;
}
