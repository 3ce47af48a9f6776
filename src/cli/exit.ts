import { CommanderError } from 'commander';
import { type Fault, ListenError, StartError } from '../index.ts';

/** Design 11. */
export const EXIT = { ok: 0, failure: 1, usage: 2, policies: 3, expectation: 4 } as const;

/** The exit code of a command that threw. */
export function exitCodeOf(cause: unknown): number {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (cause instanceof StartError) return cause.subject === 'policies' ? EXIT.policies : EXIT.usage;
  return cause instanceof ListenError ? EXIT.usage : EXIT.failure;
}

/** Says on standard error what went wrong; commander has said its own already. */
export function reportFailure(cause: unknown): void {
  if (cause instanceof CommanderError) return;
  if (cause instanceof StartError) process.stderr.write(`${cause.faults.map(faultLine).join('\n')}\n`);
  else if (cause instanceof ListenError) process.stderr.write(`${cause.message}\n`);
  else process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
}

/** `policies/x.json:3:5: error: … (rule)` */
export function faultLine({ file, line, column, severity, message, rule }: Fault): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place === '' ? '' : `${place}: `}${severity}: ${message} (${rule})`;
}
