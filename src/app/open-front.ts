import type { Diagnostic } from '../lib/errors.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { type AppOptions, createApp } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import { browserPaths } from '../services/personalize/service-operations.ts';
import type { SharedState } from '../state/shared-state.ts';
import { type Core, systemClock } from './open-core.ts';
import type { Notice } from './proxy-options.ts';
import { listenOverTls, type TlsListener } from './tls-listener.ts';

export interface FrontParts {
  /** Answers `/_authz`. */
  readonly openPages: NonNullable<AppOptions['openPages']>;
  /** Whether principals and policies are files rather than objects. */
  readonly hasFiles: boolean;
  /** Takes what has to be closed. */
  readonly opened: AsyncDisposableStack;
}

/** Where clients reach a proxy. */
export interface Front {
  readonly url: string;
  readonly tls?: Pick<TlsListener, 'url' | 'caFile'>;
}

/** Processes that listen for this one. */
export interface Workers {
  readonly front: Front;
  /** All of them have it once this resolves. */
  setMode(mode: DecisionRecord['mode']): Promise<void>;
  /** All of them have read principals and policies anew once this resolves. */
  reload(): Promise<void>;
  /** Those that are missing. */
  problems(): readonly Diagnostic[];
}

/** What processes that listen for this one need of it. */
export interface WorkerParts extends FrontParts {
  readonly core: Core;
  readonly state: SharedState;
  readonly onRecord: (record: DecisionRecord) => void;
  readonly onNotice: (notice: Notice) => void;
}

/** Listens for requests, over TLS as well if configured. @throws ListenError, StartError */
export async function openFront(
  { config, pipeline }: Core,
  { openPages, hasFiles, opened }: FrontParts,
): Promise<Front> {
  const app = createApp(pipeline, {
    openPages,
    trustedProxies: config.listen.trustedProxies,
    limits: config.limits,
    cors: { origins: config.cors, paths: browserPaths() },
  });
  const server = opened.use(await listen(app, config.listen));
  const tls = opened.use(await listenOverTls(app, config, { hasFiles, now: systemClock() }));
  return { url: server.url, ...(tls && { tls }) };
}
