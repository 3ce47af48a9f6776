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

/** All values of a header in the order received; `name` is lower-case. */
export const headerValues = (request: Pick<HttpRequest, 'headers'>, name: string): string[] =>
  request.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);

/** The first value of a header; `name` is lower-case. */
export const header = (request: Pick<HttpRequest, 'headers'>, name: string): string | undefined =>
  request.headers.find(([key]) => key.toLowerCase() === name)?.[1];
