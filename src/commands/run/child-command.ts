import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Environment } from './sdk-environment.ts';

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
 * Runs a command on this process's own input and output until it ends, and hands on the signals that this process gets.
 * @returns its exit code; of a command that a signal ended, 128 + the signal's number, as shells have it
 */
export async function runChild(
  [file = '', ...args]: readonly string[],
  env: Environment,
): Promise<Result<number, StartFailure>> {
  const child = spawn(file, args, { stdio: 'inherit', env });
  const stopForwarding = forwardSignals(child);
  try {
    const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, 'exit');
    return ok(
      typeof code === 'number' ? code : BY_SIGNAL + (constants.signals[signal as NodeJS.Signals] ?? 0),
    );
  } catch (cause) {
    return err(startFailure(file, cause));
  } finally {
    stopForwarding();
  }
}

/** One Ctrl-C must not reach the command twice: many take the second for "at once, without tidying up". */
function forwardSignals(child: ChildProcess): () => void {
  const inTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const handlers = FORWARDED.map((signal) => {
    const isSent = inTerminal && OF_TERMINALS.includes(signal);
    return [signal, () => void (isSent || child.kill(signal))] as const;
  });
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the command was not found',
  EACCES: 'the file may not be executed',
  ENOEXEC: 'the file is no program: its first line names none',
  E2BIG: 'its arguments and environment are too long',
};

function startFailure(file: string, cause: unknown): StartFailure {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return {
    exitCode: code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE,
    message: `${file}: ${REASONS[code] ?? message}`,
  };
}
