import { version } from '../index.ts';
import { exitCodeOf, reportFailure } from './exit.ts';
import { createProgram } from './program.ts';

// Whoever reads may have read enough (`| head`): what is left unread is no failure, and a proxy goes on serving.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  await createProgram(version).parseAsync(process.argv);
} catch (cause) {
  reportFailure(cause);
  process.exitCode = exitCodeOf(cause);
}
