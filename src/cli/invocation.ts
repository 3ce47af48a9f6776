import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import pc from 'picocolors';

/** What a command reads, writes and listens to: the process's own, or a test's. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Emits the signals that the process receives, by their names. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;
  /** Ends the process at once, whatever is still unread. */
  readonly exit: (code?: number) => void;
}

/** One run of the command line. */
export interface Invocation extends Io {
  readonly colors: ReturnType<typeof pc.createColors>;
  /** How reports mark their parts. */
  readonly styles: Readonly<Record<'good' | 'bad' | 'faint', (text: string) => string>>;
  /** The exit code of a command that does not throw. */
  exitCode: number;
}

/** The invocation that reads and writes `io`, with colors where its standard output shows them. */
export function invocationOf(io: Io): Invocation {
  const colors = pc.createColors(showsColors(io));
  const { stdout, stderr, env, signals, exit } = io;
  return {
    get stdin() {
      return io.stdin;
    },
    stdout,
    stderr,
    env,
    signals,
    exit,
    colors,
    styles: { good: colors.green, bad: colors.red, faint: colors.dim },
    exitCode: 0,
  };
}

/** `NO_COLOR` and `FORCE_COLOR` decide, then whether a person or a CI log reads. */
function showsColors({ stdout, env }: Io): boolean {
  if (env.NO_COLOR) return false;
  return Boolean(env.FORCE_COLOR) || Boolean(env.CI) || (stdout.isTTY === true && env.TERM !== 'dumb');
}
