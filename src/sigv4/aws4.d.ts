/** The parts of aws4 that `verify.ts` uses: the package brings no types. */
declare module 'aws4' {
  interface Request {
    method: string;
    path?: string;
    headers: Record<string, string>;
    body?: Uint8Array;
    service: string;
    region: string;
  }

  interface Credentials {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  }

  class RequestSigner {
    request: { method: string; headers: Record<string, string> };
    /** `s3` would change how the path is encoded. */
    service: string;
    /** Where it is set, aws4 does not read the request's own path. */
    parsedPath: { path: string; query: null };
    /** Where it is set, aws4 does not choose which headers to sign. Sorted by name. */
    filteredHeaders: readonly (readonly [name: string, value: string])[];
    canonicalString(): string;
  }

  const aws4: {
    RequestSigner: typeof RequestSigner;
    /** Adds the date, the token and the Authorization header to the request's headers. */
    sign(request: Request, credentials: Credentials): Request;
  };
  export = aws4;
}
