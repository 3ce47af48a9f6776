import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import type { Result } from '../lib/result.ts';
import type { RequestDate } from './request-date.ts';
import type { RequestTarget } from './request-target.ts';

/** The parts of a signature as the request spells them: all there, none judged yet. */
export interface Claim {
  readonly form: 'header' | 'query';
  readonly algorithm: string;
  /** `keyid/date/region/service/term` */
  readonly credential: string;
  /** Names with `;` between them. */
  readonly signedHeaders: string;
  readonly signature: string;
  readonly dateText: string;
  /** `undefined` where `dateText` is no date. */
  readonly date: RequestDate | undefined;
  /** `X-Amz-Expires` of a presigned request. */
  readonly expires?: string;
  readonly sessionToken?: string;
}

/** One of the two places where a request can carry a signature. */
export type ClaimReader = (request: HttpRequest, target: RequestTarget) => Result<Claim, AwsError>;
