import { type AppOptions, createApp } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import { browserPaths } from '../services/personalize/service-operations.ts';
import { type Core, systemClock } from './open-core.ts';
import { listenOverTls } from './tls-listener.ts';

interface FrontParts {
  readonly openPages: NonNullable<AppOptions['openPages']>;
  /** Whether principals and policies are files rather than objects. */
  readonly hasFiles: boolean;
  /** Takes what has to be closed. */
  readonly opened: AsyncDisposableStack;
}

/** Listens for requests, over TLS as well if configured. @throws ListenError, StartError */
export async function openFront({ config, pipeline }: Core, { openPages, hasFiles, opened }: FrontParts) {
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
