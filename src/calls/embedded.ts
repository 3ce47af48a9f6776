import type { AwsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import type { Result } from '../lib/result.ts';
import type { Decided } from './service.ts';

/** What an embedded service answers an authorized call from. */
export interface EmbeddedCall extends Pick<Decided, 'route' | 'input' | 'requestId'> {
  /** The body without its transfer framing. */
  readonly content: Uint8Array;
}

/** An embedded service: the stub, the objects of S3, the metrics of CloudWatch. */
export type EmbeddedService = (call: EmbeddedCall) => Promise<Result<HttpResponse, AwsError>>;

/** The embedded services of another process, which has their state. */
export interface EmbeddedElsewhere {
  readonly respond: EmbeddedService;
  hasBucket(bucket: string): Promise<boolean>;
  /** The tags that a resource of the stub has now. */
  tagsOf(arn: string): Promise<Readonly<Record<string, string>> | undefined>;
}

/** A call as an embedded service takes it. */
export const embeddedCall = ({ route, input, requestId, content, request }: Decided): EmbeddedCall => ({
  route,
  input,
  requestId,
  content: content ?? request.body,
});
