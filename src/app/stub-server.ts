import { randomUUID } from 'node:crypto';
import { closeOnce } from '../lib/close-once.ts';
import { type AppOptions, createApp } from '../server/app.ts';
import { type ListeningServer, listen } from '../server/listen.ts';
import { openStub } from '../services/personalize/open-stub.ts';
import { systemClock } from './open-core.ts';
import { loadConfig, noticeOfFixtures, orStartError, type ProxyOptions } from './proxy-options.ts';
import { stubRequestHandler } from './stub-request-handler.ts';

/**
 * Starts the Personalize stub alone, behind a port of its own: nothing is authenticated or authorized.
 * @throws StartError where the configuration is invalid; ListenError if the port is not available.
 */
export async function startStub(options: ProxyOptions = {}): Promise<ListeningServer> {
  const { clock = systemClock, onNotice = () => {} } = options;
  const config = loadConfig(options);
  await using opened = new AsyncDisposableStack();
  const { stub, control } = opened.use(
    orStartError(
      await openStub(config, { clock, newId: randomUUID, onFixtures: noticeOfFixtures(onNotice) }),
    ),
  );
  const openPages: AppOptions['openPages'] = async (calls) => {
    const { stubAdminRouter } = await import('../admin/admin-router.ts');
    const { stubRouter } = await import('../admin/stub-routes.ts');
    const { createPages } = await import('../server/pages.ts');
    const admin = stubAdminRouter([config.listen.host, ...config.listen.adminHosts], control.problems, [
      stubRouter({ description: 'the stub', stub: control }),
    ]);
    return createPages({ admin, calls });
  };
  const app = createApp(stubRequestHandler(stub, config, randomUUID), { openPages, limits: config.limits });
  const server = opened.use(await listen(app, config.listen));
  const resources = opened.move();
  const close = closeOnce(resources);
  return { ...server, close, [Symbol.asyncDispose]: close };
}
