import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../lib/http-message.ts';
import type { Exchange } from '../upstreams/upstream.ts';

/** How much of a body may be read. */
export interface BodyAdmission {
  readonly maxBytes: number;
  /** Which of the two limits for all connections together the body counts against. */
  readonly authenticated: boolean;
  /** Answers a request whose body is longer. */
  readonly refuse: () => Promise<HttpResponse>;
}

/** How an app answers a request that is no admin call. */
export interface CallHandler {
  /** Looks at the head of a request with a large body before it is read. */
  admit(head: HttpRequest): Promise<BodyAdmission>;
  /** Never rejects: what fails inside is an answer too. */
  run(request: HttpRequest, exchange: Exchange): Promise<HttpResponse>;
  /** For a request whose body could not be had. */
  refuse(request: HttpRequest, error: AwsError): Promise<HttpResponse>;
}
