import type { Notice } from '../app/proxy-options.ts';
import type { RunningProxy } from '../app/running-proxy.ts';
import { keepHeapSmall } from '../app/small-heap.ts';
import { isWorker, startServing, startStub, startWorker } from '../app/start.ts';
import { banner } from './banner.ts';
import { EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { noticePrinter } from './notice-printer.ts';

export interface ServeOptions extends Readonly<Record<string, unknown>> {
  readonly stubOnly?: boolean;
  readonly exitWithParent?: boolean;
}

/** Runs the proxy, or the stub alone, until a signal ends it. */
export async function serve(
  { stubOnly, exitWithParent = false, ...flags }: ServeOptions,
  io: Invocation,
): Promise<void> {
  if (isWorker()) return serveAsWorker(io);
  // From the start: a process of its own in a container is not ended by a signal that it does not handle.
  const stopped = stopSignal(io, exitWithParent);
  await (stubOnly ? serveStub(flags, stopped, io) : serveProxy(flags, stopped, io));
  endUnread(io);
}

/** Signals of the terminal reach every process of the group: the primary handles them and stops the workers. */
async function serveAsWorker(io: Invocation): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) io.signals.on(signal, () => {});
  await startWorker();
}

/** How long to wait for buffered output to be read. */
const UNREAD_GRACE_MILLIS = 1_000;

/** Node does not exit before a pipe is read: a process that holds the pipe and waits for the exit would wait forever. */
function endUnread({ exit }: Invocation): void {
  setTimeout(() => exit(), UNREAD_GRACE_MILLIS).unref();
}

async function serveProxy(
  flags: Readonly<Record<string, unknown>>,
  stopped: Promise<void>,
  io: Invocation,
): Promise<void> {
  const pages: { url?: string } = {};
  await using proxy: RunningProxy = await startServing({
    flags,
    env: io.env,
    onNotice: printerOf(io, pages),
  });
  keepHeapSmall();
  pages.url = proxy.url;
  io.stdout.write(`${banner(proxy, io.colors)}\nReady. ${proxy.url}\n`);
  await stopped;
}

async function serveStub(
  flags: Readonly<Record<string, unknown>>,
  stopped: Promise<void>,
  io: Invocation,
): Promise<void> {
  await using stub = await startStub({ flags, env: io.env, onNotice: printerOf(io) });
  keepHeapSmall();
  io.stdout.write(
    `The Personalize stub alone: nothing is authenticated or authorized.\nReady. ${stub.url}\n`,
  );
  await stopped;
}

/** One Ctrl-C arrives twice through npm, which hands on what the terminal has sent to both. */
const SAME_SIGNAL_MILLIS = 1_000;

/** Resolves at the first SIGTERM or SIGINT, or when npm is gone; requests under way may then finish. A later one ends at once. */
function stopSignal(io: Invocation, exitWithParent: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    io.signals.on(signal, () => {
      first ??= performance.now();
      if (performance.now() - first > SAME_SIGNAL_MILLIS) io.exit(EXIT.failure);
      resolve();
    });
  }
  whenOrphaned(resolve, io);
  if (exitWithParent) whenInputCloses(resolve, io);
  return promise;
}

/** The parent holds the other end of standard input: it closes with the parent, however that ends. */
function whenInputCloses(stop: () => void, { stdin, stderr }: Invocation): void {
  const closed = Promise.withResolvers<void>();
  stdin.once('end', closed.resolve).once('close', closed.resolve).resume();
  void closed.promise.then(() => {
    // A shell's background job has /dev/null as standard input: without a reason this would look like a crash.
    stderr.write('Standard input is closed: stopping (--exit-with-parent).\n');
    stop();
  });
}

const ORPHAN_CHECK_MILLIS = 250;

/** `npm start` puts a shell between: a SIGTERM for npm ends the shell, which does not hand it on. */
function whenOrphaned(stop: () => void, { env }: Invocation): void {
  if (env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), ORPHAN_CHECK_MILLIS).unref();
}

function printerOf({ stderr }: Invocation, pages: { readonly url?: string } = {}): (notice: Notice) => void {
  const later = (callback: () => void, millis: number): void => void setTimeout(callback, millis).unref();
  return noticePrinter({ stderr, later, pages });
}
