import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Config } from '../../config/read-config.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { ListenError, StartError } from '../../lib/start-error.ts';
import { createApp } from '../../server/app.ts';
import { Channel } from '../../state/channel.ts';
import { stateMethods } from '../../state/worker-state.ts';
import type { Front, WorkerParts, Workers } from '../open-front.ts';
import { caFileOf } from '../tls-listener.ts';
import { openAdminSocket } from './admin-socket.ts';
import { answerNamed } from './embedded-calls.ts';
import type { PrimaryMethods, WorkerFailure, WorkerMethods, WorkerSetup } from './protocol.ts';
import { WORKER_VARIABLE } from './worker-variable.ts';

/** Before a worker takes the place of one that could not begin. */
const RETRY_MILLIS = 1_000;
/** Longer than a server waits for requests under way. */
const STOP_MILLIS = 15_000;
/** How often the mode is compared, which another replica can change. */
const MODE_MILLIS = 100;

/** Starts the workers that the configuration names; they run this program with the same arguments. @throws as the first that fails */
export async function openWorkers(parts: WorkerParts): Promise<Workers> {
  const { core, opened, openPages } = parts;
  const { config } = core;
  // Made once, and not by all of them at once.
  await caFileOf(config, Date.now());
  const socket = opened.use(await openAdminSocket(createApp(core.pipeline, { openPages })));
  const plain = await withFixedPorts(config);
  const setup = (): WorkerSetup => ({
    config: plain,
    sessionKey: core.sessionKey().export().toString('base64'),
    mode: parts.state.mode,
    adminSocket: socket.path,
  });
  cluster.setupPrimary({ serialization: 'advanced' });
  const fleet = opened.use(new WorkerFleet(parts, setup));
  const front = await fleet.start(config.workers);
  return {
    front,
    setMode: (mode) => fleet.askAll('setMode', mode),
    reload: () => fleet.askAll('reload'),
    problems: () => fleet.problems(),
  };
}

/** One free port for all workers, also for those that come later: each would choose its own. */
async function withFixedPorts({
  session: _,
  listen,
  tls,
  ...config
}: Config): Promise<WorkerSetup['config']> {
  const fixed = (port: number): Promise<number> | number =>
    // Without one, a worker has reported why.
    port === 0 ? freePort(listen.host).catch(() => 0) : port;
  return {
    ...config,
    listen: { ...listen, port: await fixed(listen.port) },
    tls: tls.mode === 'off' ? tls : { ...tls, port: await fixed(tls.port) },
  };
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Member {
  readonly worker: Worker;
  readonly channel: Channel<WorkerMethods>;
  /** Once it listens or cannot: one that disconnects before would never finish its start. */
  readonly begun: Promise<unknown>;
  readonly ended: Promise<void>;
}

/** The workers of this process, as many as there should be. */
class WorkerFleet implements AsyncDisposable {
  readonly #parts: WorkerParts;
  readonly #setup: () => WorkerSetup;
  readonly #members = new Set<Member>();
  readonly #listening = new Set<Member>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #wanted = 0;
  #isStopping = false;
  /** The mode that the workers have. */
  #mode: WorkerSetup['mode'];

  constructor(parts: WorkerParts, setup: () => WorkerSetup) {
    this.#parts = parts;
    this.#setup = setup;
    this.#mode = parts.state.mode;
    this.#timers.add(setInterval(() => this.#compareMode(), MODE_MILLIS).unref());
  }

  /** Resolves when all listen. @throws as the first that cannot */
  async start(count: number): Promise<Front> {
    this.#wanted = count;
    const fronts = await Promise.all(Array.from({ length: count }, () => this.#begin()));
    return fronts[0] as Front;
  }

  /** One that ends meanwhile is not waited for. */
  async askAll<Name extends keyof WorkerMethods>(
    name: Name,
    ...args: Parameters<WorkerMethods[Name]>
  ): Promise<void> {
    if (name === 'setMode') this.#mode = this.#parts.state.mode;
    await Promise.all(
      [...this.#members].map(({ channel }) => channel.ask<Name>(name, ...(args as never)).catch(() => {})),
    );
  }

  problems(): readonly Diagnostic[] {
    const missing = this.#wanted - this.#listening.size;
    if (missing === 0) return [];
    const message = `${missing} of ${this.#wanted} workers do not run; new ones are being started`;
    return [{ severity: 'error', rule: 'missing-worker', message }];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    const members = [...this.#members];
    const late = setTimeout(() => {
      for (const { worker } of members) worker.process.kill('SIGKILL');
    }, STOP_MILLIS);
    for (const member of members) void member.begun.finally(() => stop(member));
    await Promise.all(members.map(({ ended }) => ended));
    clearTimeout(late);
  }

  #begin(): Promise<Front> {
    const front = Promise.withResolvers<Front>();
    const ended = Promise.withResolvers<void>();
    const worker = cluster.fork({ [WORKER_VARIABLE]: '1' });
    const own: PrimaryMethods = {
      ...this.#methods(),
      listening: (where) => {
        this.#listening.add(member);
        front.resolve(where);
      },
      failed: (failure) => front.reject(errorOf(failure)),
    };
    const port = {
      post: (message: unknown) => void (worker.isConnected() && worker.send(message as object)),
      onMessage: (receive: (message: unknown) => void) => void worker.on('message', receive),
    };
    const member: Member = {
      worker,
      channel: new Channel<WorkerMethods>(port, own),
      begun: front.promise.catch(() => {}),
      ended: ended.promise,
    };
    this.#members.add(member);
    worker.on('error', () => {});
    worker.once('exit', (code, signal) => {
      const cause = new Error(`worker ${worker.process.pid} ended (${signal ?? code})`);
      member.channel.close(cause);
      this.#members.delete(member);
      front.reject(cause);
      ended.resolve();
      if (this.#listening.delete(member) && !this.#isStopping) this.#replace(cause.message);
    });
    return front.promise;
  }

  /** What was recorded of the one that ended is here; what it was about to answer, its clients send again. */
  #replace(reason: string): void {
    this.#parts.onNotice({ kind: 'failure', message: `${reason}; a new one takes its place` });
    this.#begin().catch((cause: Error) => {
      if (this.#isStopping) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#replace(cause.message);
      }, RETRY_MILLIS);
      this.#timers.add(timer);
    });
  }

  #methods(): Omit<PrimaryMethods, 'listening' | 'failed'> {
    const { core, state, onRecord, onNotice } = this.#parts;
    const { tags } = core.upstream;
    return {
      ...stateMethods(state, onRecord),
      setup: this.#setup,
      respond: (call) => answerNamed(core.embedded, call),
      hasBucket: async (bucket) => (await core.buckets?.hasBucket(bucket)) ?? false,
      tagsOf: async (arn) => tags.read(arn),
      notify: (kind, message) => onNotice({ kind, message }),
    };
  }

  #compareMode(): void {
    const { mode } = this.#parts.state;
    if (mode !== this.#mode) void this.askAll('setMode', mode);
  }
}

/**
 * From here on the primary passes no connection to the worker, and after the last worker it listens no longer. What is on its
 * way arrives before the message to disconnect and is accepted. A worker that closed its servers first would return such a
 * connection, or end without reading it: Node's primary would then keep it open, unanswered.
 */
function stop({ worker, channel }: Member): void {
  worker.disconnect();
  void channel.ask('stop').catch(() => {});
}

function errorOf({ kind, message, subject = 'configuration', diagnostics = [] }: WorkerFailure): Error {
  if (kind === 'listen') return new ListenError(message);
  return kind === 'start' ? new StartError(subject, diagnostics) : new Error(message);
}
