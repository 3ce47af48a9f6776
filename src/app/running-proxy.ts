import type { Health, Mode } from '../admin/health.ts';
import type { SessionOptions } from '../commands/env/credentials-for.ts';
import type {
  AuthorizeOptions,
  CallAuthorization,
  CallToAuthorize,
} from '../commands/simulate/authorize-call.ts';
import type { Config } from '../config/read-config.ts';
import type { Directory } from '../directory/directory.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import type { ClientConfig, CredentialsOf, SessionProvider } from './client-config.ts';
import type { TlsListener } from './tls-listener.ts';

export interface RunningProxy extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:7377`. */
  readonly url: string;
  /** Absent where `tls.mode` is off. */
  readonly tls?: Pick<TlsListener, 'url' | 'caFile'>;
  readonly config: Config;
  /** As the banner names it. */
  readonly upstream: string;
  readonly mode: Mode;
  /** The last valid state of the folder. */
  readonly directory: Directory;
  /** Those in memory, oldest first. */
  readonly decisions: readonly DecisionRecord[];
  health(): Health;
  /** Counts for the next request; where the state is shared, once the promise resolves, and within a second elsewhere. */
  setMode(mode: Mode): void | Promise<void>;
  /** Reads principals and policies anew; the diagnostics that kept it from counting, or none. */
  reload(): Promise<readonly Diagnostic[]>;
  /**
   * Endpoint, region and credentials: the first active key of a user, `alice` or `user/alice`, or sessions of a role.
   * @throws for an unknown name, and for a user without a key
   */
  clientConfig<Name extends string>(principal: Name): ClientConfig<CredentialsOf<Name>>;
  /** The same with sessions that are narrowed, tagged, or made with a second factor; a user can have them too. */
  clientConfig(principal: string, session: SessionOptions): ClientConfig<SessionProvider>;
  /**
   * Whether a principal may make a call, a command of the AWS SDK v3, which is not made.
   * @throws for an unknown principal or operation, and for an input that does not name its resources
   */
  authorize(principal: string, call: CallToAuthorize, options?: AuthorizeOptions): Promise<CallAuthorization>;
  /** Lets requests under way finish, then closes everything. */
  close(): Promise<void>;
}
