import type { EmbeddedService } from '../../calls/embedded.ts';
import type { Decided } from '../../calls/service.ts';
import type { ResourceTags } from '../../context-keys/resource-tags.ts';
import type { AwsError, Diagnostic } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import type { Result } from '../../lib/result.ts';
import type { Exchange } from '../../upstreams/upstream.ts';
import type { RecordedKind, RecordedPut } from './event-operations.ts';

/** A resource of the stub, for people. */
export interface StubResource {
  readonly arn: string;
  /** `DatasetGroup`, `Campaign`, … */
  readonly type: string;
  readonly name: string;
  /** The ARN of what it belongs to. */
  readonly parent?: string;
  /** As AWS spells it; absent for schemas. */
  readonly status?: string;
  readonly failureReason?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a test may see of a stub in this process, and do to it. */
export interface StubControl {
  /** What was put by the events API, oldest first. */
  recorded(kind: RecordedKind): readonly RecordedPut[];
  /** Every resource as it is now, in the order of creation within each type. */
  resources(): readonly StubResource[];
  /** Deletes everything and starts with the seed, read again. All its diagnostics; with one, nothing is deleted. */
  reset(): Promise<readonly Diagnostic[]>;
  /** Why the last edit of the fixtures was not applied, and why the store cannot be used; empty where neither is so. */
  problems(): readonly Diagnostic[];
}

/** A Personalize API: the stub in this process, or one elsewhere. */
export interface PersonalizeUpstream extends AsyncDisposable {
  /** As the banner names it. */
  readonly description: string;
  send(call: Decided, exchange: Exchange): Promise<Result<HttpResponse, AwsError>>;
  /** Answers the calls that other processes pass on to the embedded stub; absent where that is not in this process. */
  readonly embedded?: EmbeddedService;
  /** The tags that its resources have now. */
  readonly tags: ResourceTags;
  /** Of the embedded stub; absent where Personalize is elsewhere. */
  readonly stub?: StubControl;
  close(): Promise<void>;
}
