import { version } from '../index.ts';
import { exitCodeOf, reportFailure } from './exit.ts';
import { createProgram } from './program.ts';

try {
  await createProgram(version).parseAsync(process.argv);
} catch (cause) {
  reportFailure(cause);
  process.exitCode = exitCodeOf(cause);
}
