import { createMetrics } from '../admin/metrics.ts';
import type { SessionOptions } from '../commands/env/credentials-for.ts';
import { closeOnce } from '../lib/close-once.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { type CredentialsOf, credentialsOf, orThrow, type SessionProvider } from './client-config.ts';
import { openCore, systemClock } from './open-core.ts';
import { openFront, type Workers } from './open-front.ts';
import { openState } from './open-state.ts';
import { OwnPages } from './own-pages.ts';
import { createControl } from './proxy-control.ts';
import { loadConfig, messageOf, openDirectory, type ProxyOptions } from './proxy-options.ts';
import type { RunningProxy } from './running-proxy.ts';

const SESSION_KEY_ADVICE =
  'Replicas that share their state must share the key of sessions, or each rejects the sessions of the others: set AUTHZ_SESSION_KEY, or session.file on a volume that all have.';

export interface StartOptions {
  /** Whether this process may start others: as many workers as the configuration names. */
  readonly mayFork?: boolean;
}

/**
 * Starts a proxy and resolves when it listens.
 * @throws StartError where the configuration, principals or policies are invalid; ListenError if the port is not available.
 */
export async function startProxy(
  options: ProxyOptions = {},
  { mayFork = false }: StartOptions = {},
): Promise<RunningProxy> {
  const { clock = systemClock, onNotice = () => {} } = options;
  const config = loadConfig(options);
  await using opened = new AsyncDisposableStack();
  const onFailure = (cause: unknown): void => onNotice({ kind: 'failure', message: messageOf(cause) });

  const problems = (): readonly Diagnostic[] => [
    ...source.problems(),
    ...(core.upstream.stub?.problems() ?? []),
    ...state.problems(),
    ...(workers?.problems() ?? []),
  ];
  let workers: Workers | undefined;
  const metrics = createMetrics(() => problems().length);
  const source = opened.use(await openDirectory(options, config, onNotice, metrics.observeReload));
  const onChange = (message: string): void => onNotice({ kind: 'advice', message });
  const state = opened.use(await openState(config, { clock, onFailure, onChange }));
  const onRecord = (record: DecisionRecord): void => {
    metrics.observe(record);
    onNotice({ kind: 'decision', record });
  };
  if (config.state !== 'memory' && config.session.key === 'file')
    onNotice({ kind: 'advice', message: SESSION_KEY_ADVICE });
  const core = await openCore({ options, config, source, state, onRecord, opened });
  const { upstream, deciding, credentials } = core;
  const control = createControl({ source, upstream, state, problems, workers: () => workers });
  const hasFiles = typeof options.principals !== 'object';
  const pages = new OwnPages({ ...core, ...deciding, control, metrics, state, hasFiles });
  const parts = { openPages: pages.open, hasFiles, opened };
  if (mayFork && config.workers > 1) {
    const { openWorkers } = await import('./workers/primary.ts');
    workers = await openWorkers({ ...parts, core, state, onRecord, onNotice });
  }
  const front = workers?.front ?? (await openFront(core, parts));
  // Disposed first: a server closes only once no response is under way.
  opened.use(pages);

  const close = closeOnce(opened.move());
  return {
    ...front,
    config,
    upstream: upstream.description,
    get mode() {
      return state.mode;
    },
    get directory() {
      return source.current();
    },
    get decisions() {
      return state.decisions.list();
    },
    ...control,
    clientConfig: <Name extends string>(principal: Name, session?: SessionOptions) => ({
      endpoint: front.url,
      region: config.region,
      credentials: credentialsOf(
        () => ({ directory: source.current(), credentials, now: clock() }),
        principal,
        session,
      ) as CredentialsOf<Name> & SessionProvider,
    }),
    authorize: async (...question) => {
      const { authorizeCall } = await import('../commands/simulate/authorize-call.ts');
      return orThrow(await authorizeCall({ ...config, ...deciding, tags: upstream.tags }, ...question));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
