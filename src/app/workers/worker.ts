import { createSecretKey } from 'node:crypto';
import type { Config } from '../../config/read-config.ts';
import { ListenError, StartError } from '../../lib/start-error.ts';
import { Channel, type Port } from '../../state/channel.ts';
import { workerState } from '../../state/worker-state.ts';
import { openCore } from '../open-core.ts';
import { openFront } from '../open-front.ts';
import { messageOf, type Notice, openDirectory, type ProxyOptions } from '../proxy-options.ts';
import { keepHeapSmall } from '../small-heap.ts';
import { pagesOfPrimary } from './admin-socket.ts';
import { embeddedOfPrimary } from './embedded-calls.ts';
import type { PrimaryMethods, WorkerFailure, WorkerMethods, WorkerSetup } from './protocol.ts';

/** Serves requests until the primary stops this worker or has ended. */
export async function runWorker(): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  let state: ReturnType<typeof workerState> | undefined;
  let reload: () => Promise<unknown> = async () => {};
  const own: WorkerMethods = {
    setMode: (mode) => state?.setMode(mode),
    async reload() {
      await reload();
    },
    stop: () => stopped.resolve(),
  };
  const primary = new Channel<PrimaryMethods>(portToPrimary(), own);
  process.once('disconnect', () => {
    primary.close(new Error('the primary process is gone'));
    stopped.resolve();
  });
  const setup = await primary.ask('setup');
  const config = configOf(setup);
  const options: ProxyOptions = { onNotice: (notice) => void notify(primary, notice) };
  const opened = new AsyncDisposableStack();
  try {
    const logsParameters = config.decisions.file !== null && config.decisions.format === 'cloudtrail';
    state = workerState(primary, { mode: setup.mode, logsParameters });
    const source = opened.use(
      await openDirectory(
        options,
        config,
        () => {},
        () => {},
      ),
    );
    reload = () => source.reload();
    const elsewhere = embeddedOfPrimary(primary);
    const core = await openCore({ options, config, source, state, onRecord: () => {}, elsewhere, opened });
    const openPages = pagesOfPrimary(setup.adminSocket);
    keepHeapSmall();
    await primary.ask('listening', await openFront(core, { openPages, hasFiles: true, opened }));
    await stopped.promise;
  } catch (cause) {
    await primary.ask('failed', failureOf(cause));
  } finally {
    await opened.disposeAsync();
    // What a request that was broken off has left does not keep this process.
    process.exit();
  }
}

/** Requests go on while the primary still answers: what they decide has to be recorded there. */
function portToPrimary(): Port {
  return {
    post: (message) => void process.send?.(message, undefined, undefined, () => {}),
    onMessage: (receive) => void process.on('message', receive),
  };
}

const configOf = ({ config, sessionKey }: WorkerSetup): Config => ({
  ...config,
  session: { key: 'env', secret: createSecretKey(Buffer.from(sessionKey, 'base64')) },
});

/** Edits are announced by the primary, which reads the same files. */
function notify(primary: Channel<PrimaryMethods>, notice: Notice): Promise<void> | undefined {
  if (notice.kind !== 'advice' && notice.kind !== 'failure') return undefined;
  return primary.ask('notify', notice.kind, notice.message).catch(() => {});
}

function failureOf(cause: unknown): WorkerFailure {
  if (cause instanceof ListenError) return { kind: 'listen', message: cause.message };
  if (!(cause instanceof StartError)) return { kind: 'other', message: messageOf(cause) };
  const { message, subject, diagnostics } = cause;
  return { kind: 'start', message, subject, diagnostics };
}
