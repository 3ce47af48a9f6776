import { main } from './main.ts';

const { stdout, stderr, env } = process;

// A reader may close the pipe early (`| head`): that is not a failure, and a proxy keeps serving.
for (const stream of [stdout, stderr]) stream.on('error', () => {});

void main(process.argv.slice(2), {
  // Read when a command asks for it: it takes time to open.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  env,
  signals: process,
  exit: (code) => process.exit(code),
}).then((code) => {
  process.exitCode = code;
});
