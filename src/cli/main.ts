import { version } from '../config/version.ts';
import { exitCodeOf, reportFailure } from './exit.ts';
import { type Io, invocationOf } from './invocation.ts';
import { createProgram } from './program.ts';

/**
 * Runs the command line to its end.
 * @param argv the arguments, without the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const invocation = invocationOf(io);
  try {
    await createProgram(version, invocation).parseAsync([...argv], { from: 'user' });
    return invocation.exitCode;
  } catch (cause) {
    reportFailure(cause, io.stderr);
    return exitCodeOf(cause);
  }
}
