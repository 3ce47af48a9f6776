import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResourceTags } from '../context-keys/resource-tags.ts';
import type { AwsError, Fault } from '../lib/errors.ts';
import type { HttpAnswer } from '../lib/http-message.ts';
import type { Result } from '../lib/result.ts';
import type { Named } from '../pipeline/stages.ts';
import type { RecordedKind, RecordedPut } from '../services/personalize/event-operations.ts';

/** An authorized request on its way to an upstream, and the exchange that it came in. */
export interface ForwardedRequest {
  readonly authorized: Pick<Named, 'request' | 'requestId' | 'route' | 'input' | 'checks' | 'credential'>;
  readonly incoming: IncomingMessage;
  /** Closed when the client goes away: nobody waits for the answer any more. */
  readonly outgoing: ServerResponse;
}

/** What a test may see of a stub in this process, and do to it. */
export interface StubControl {
  /** What was put by the events API, oldest first. */
  recorded(kind: RecordedKind): readonly RecordedPut[];
  /** Forgets everything and begins with the seed, read anew. All its faults; where there is one, nothing is forgotten. */
  reset(): Promise<readonly Fault[]>;
  /** Why the last edit of the fixtures does not count; empty where it does. */
  problems(): readonly Fault[];
}

/** Something that answers authorized requests. An upstream that fails is an error with a 502 or 504, never an exception. */
export interface Upstream extends AsyncDisposable {
  /** As the banner names it. */
  readonly description: string;
  send(forwarded: ForwardedRequest): Promise<Result<HttpAnswer, AwsError>>;
  /** The tags that its resources have now. */
  readonly tags: ResourceTags;
  /** Of the embedded stub; absent where Personalize is elsewhere. */
  readonly stub?: StubControl;
  close(): Promise<void>;
}
