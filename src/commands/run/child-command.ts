import { type ChildProcess, spawn } from 'node:child_process';
import { type EventEmitter, once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Environment } from '../env/sdk-environment.ts';

/** The streams and signals of a command: those of this process, or replacements in a test. */
export interface ChildIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;
}

/** A command could not be started, with the exit code that shells give for it. */
export interface StartFailure {
  readonly exitCode: number;
  readonly message: string;
}

/** Signals that are handed on. A terminal sends the first two to the command as well, as to every process in front. */
const OF_TERMINALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const FORWARDED: readonly NodeJS.Signals[] = [...OF_TERMINALS, 'SIGTERM', 'SIGHUP', 'SIGUSR2'];

/** @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02 */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const BY_SIGNAL = 128;

/**
 * Runs a command on the given input and output until it ends, and forwards the signals that this process receives.
 * @returns its exit code; of a command that a signal ended, 128 + the signal's number, as shells have it
 */
export async function runChild(
  [file = '', ...args]: readonly string[],
  env: Environment,
  io: ChildIo,
): Promise<Result<number, StartFailure>> {
  const stdio = [io.stdin, io.stdout, io.stderr].map((stream) => ('fd' in stream ? 'inherit' : 'pipe'));
  const child = spawn(file, args, { stdio, env });
  connect(child, io);
  const stopForwarding = forwardSignals(child, io);
  try {
    const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, 'close');
    return ok(
      typeof code === 'number' ? code : BY_SIGNAL + (constants.signals[signal as NodeJS.Signals] ?? 0),
    );
  } catch (cause) {
    return err(startFailure(file, cause));
  } finally {
    stopForwarding();
  }
}

/** Streams that are not this process's own are copied; a command may end before it has read its input. */
function connect(child: ChildProcess, { stdin, stdout, stderr }: ChildIo): void {
  if (child.stdin) stdin.pipe(child.stdin.on('error', () => {}));
  child.stdout?.pipe(stdout, { end: false });
  child.stderr?.pipe(stderr, { end: false });
}

/** One Ctrl-C must not reach the command twice: many take the second for "at once, without tidying up". */
function forwardSignals(child: ChildProcess, { stdin, stdout, stderr, signals }: ChildIo): () => void {
  const inTerminal = stdin.isTTY || stdout.isTTY || stderr.isTTY;
  const handlers = FORWARDED.map((signal) => {
    const isSent = inTerminal && OF_TERMINALS.includes(signal);
    return [signal, () => void (isSent || child.kill(signal))] as const;
  });
  for (const [signal, handler] of handlers) signals.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) signals.off(signal, handler);
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the command was not found',
  EACCES: 'the file may not be executed',
  ENOEXEC: 'the file is not executable: it has no interpreter line',
  E2BIG: 'its arguments and environment are too long',
};

function startFailure(file: string, cause: unknown): StartFailure {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return {
    exitCode: code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE,
    message: `${file}: ${REASONS[code] ?? message}`,
  };
}
