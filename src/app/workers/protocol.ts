import type { EmbeddedElsewhere } from '../../calls/embedded.ts';
import type { Config } from '../../config/read-config.ts';
import type { AwsError, Diagnostic } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import type { Result } from '../../lib/result.ts';
import type { Protocol, ServiceName } from '../../model/shape.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import type { StateMethods } from '../../state/worker-state.ts';
import type { InputValue } from '../../wire/input-value.ts';
import type { Front } from '../open-front.ts';

/** What a worker needs to begin; it reads no configuration of its own. */
export interface WorkerSetup {
  readonly config: Omit<Config, 'session'>;
  /** Of the sessions that all workers honor; base64. */
  readonly sessionKey: string;
  readonly mode: DecisionRecord['mode'];
  /** Where the primary answers `/_authz`: a Unix socket. */
  readonly adminSocket: string;
}

/** A call of an embedded service by the names of its route. */
export interface NamedCall {
  readonly service: string;
  readonly model: ServiceName;
  readonly operation: string;
  readonly protocol: Protocol;
  readonly input: InputValue;
  readonly requestId: string;
  readonly content: Uint8Array;
}

/** Why a worker cannot listen. */
export interface WorkerFailure {
  readonly kind: 'start' | 'listen' | 'other';
  readonly message: string;
  readonly subject?: 'configuration' | 'policies';
  readonly diagnostics?: readonly Diagnostic[];
}

/** The methods of the primary that workers call. */
export interface PrimaryMethods extends StateMethods, Pick<EmbeddedElsewhere, 'hasBucket' | 'tagsOf'> {
  setup(): WorkerSetup;
  respond(call: NamedCall): Promise<Result<HttpResponse, AwsError>>;
  /** A notice for the person at the terminal. */
  notify(kind: 'advice' | 'failure', message: string): void;
  listening(front: Front): void;
  failed(failure: WorkerFailure): void;
}

/** The methods of a worker that the primary calls. */
export interface WorkerMethods {
  setMode(mode: DecisionRecord['mode']): void;
  /** Reads principals and policies again. */
  reload(): Promise<void>;
  /** Closes idle connections, finishes current requests, then exits. Follows the message that disconnects the worker. */
  stop(): void;
}
