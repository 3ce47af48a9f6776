import type { Writable } from 'node:stream';
import { CommanderError } from 'commander';
import type { Diagnostic } from '../lib/errors.ts';
import { ListenError, StartError } from '../lib/start-error.ts';

/** Exit codes, as `docs/` and `--help` promise them. */
export const EXIT = { ok: 0, failure: 1, usage: 2, policies: 3, expectation: 4 } as const;

/** A command failed for a reason that the message explains: a stack trace would not help. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** The exit code of a command that threw. */
export function exitCodeOf(cause: unknown): number {
  if (isClosedPipe(cause)) return EXIT.ok;
  if (cause instanceof CommandError) return cause.exitCode;
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (cause instanceof StartError) return cause.subject === 'policies' ? EXIT.policies : EXIT.usage;
  return cause instanceof ListenError ? EXIT.usage : EXIT.failure;
}

/** Says on standard error what went wrong; commander has said its own already. */
export function reportFailure(cause: unknown, stderr: Writable): void {
  if (cause instanceof CommanderError || isClosedPipe(cause)) return;
  stderr.write(`${failureText(cause)}\n`);
}

function failureText(cause: unknown): string {
  if (cause instanceof StartError) return cause.diagnostics.map(faultLine).join('\n');
  if (cause instanceof CommandError || cause instanceof ListenError) return `error: ${cause.message}`;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/** The reader of the results has gone: it has what it wanted. */
const isClosedPipe = (cause: unknown): boolean => (cause as NodeJS.ErrnoException | null)?.code === 'EPIPE';

/** `policies/x.json:3:5: error: … (rule)` */
export function faultLine({ file, line, column, severity, message, rule }: Diagnostic): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place === '' ? '' : `${place}: `}${severity}: ${message} (${rule})`;
}
