import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import {
  type Config,
  readConfig,
  readFolder,
  StartError,
  type TestResult,
  testJson,
  testJunit,
  testPolicies,
  testText,
  watchFiles,
} from '../index.ts';
import { EXIT, exitCodeOf, reportFailure } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings } from './settings.ts';

interface TestFlags extends Readonly<Record<string, unknown>> {
  readonly filter?: string;
  readonly watch?: boolean;
  readonly format: keyof typeof FORMATS;
  readonly out?: string;
}

export function addTest(program: Command, io: Invocation): void {
  addSettings(
    program
      .command('test')
      .description('run policy tests: what principals may do, and what they may not')
      .argument('[path...]', 'files and folders (default: policy-tests/ beside the policies folder)')
      .option('--filter <text>', 'only tests whose file or name holds this text')
      .option('--watch', 'run them again when a test, a policy or a principal changes')
      .addOption(new Option('--format <format>').choices(['text', 'json', 'junit']).default('text'))
      .option('--out <file>', 'write the report to a file, and the text to standard output'),
  ).action((paths: readonly string[], options: TestFlags) => runTest(paths, options, io));
}

const text = (results: readonly TestResult[], { styles }: Invocation): string => testText(results, styles);

const FORMATS = {
  text,
  json: testJson,
  junit: testJunit,
} as const;

async function runTest(paths: readonly string[], options: TestFlags, io: Invocation): Promise<void> {
  const { filter, watch, format, out, ...flags } = options;
  const config = configOf(flags, io);
  const chosen = paths.length > 0 ? paths : [join(dirname(config.policies), 'policy-tests')];
  const once = async (): Promise<void> => {
    const results = await resultsOf(configOf(flags, io), chosen, filter);
    await print(results, { format, out }, io);
    io.exitCode = results.some(({ failures }) => failures.length > 0) ? EXIT.expectation : EXIT.ok;
  };
  if (!watch) return once();
  await watchAndRun(once, [...chosen, config.file, config.principals, config.policies], io);
}

function configOf(flags: Readonly<Record<string, unknown>>, io: Invocation): Config {
  const config = readConfig({ env: io.env, flags });
  if (!config.ok) throw new StartError('configuration', config.error);
  return config.value;
}

async function resultsOf(
  config: Config,
  paths: readonly string[],
  filter: string | undefined,
): Promise<readonly TestResult[]> {
  const directory = await readFolder(config);
  const { region, undocumentedChecks } = config;
  const options = { directory, region, undocumentedChecks, now: Date.now(), paths };
  const results = await testPolicies(filter === undefined ? options : { ...options, filter });
  if (!results.ok) throw new StartError('configuration', results.error);
  return results.value;
}

async function print(
  results: readonly TestResult[],
  { format, out }: { readonly format: TestFlags['format']; readonly out: string | undefined },
  io: Invocation,
): Promise<void> {
  const report = `${FORMATS[format](results, io)}\n`;
  if (out === undefined) io.stdout.write(report);
  else {
    await writeFile(out, report);
    io.stdout.write(`${text(results, io)}\n`);
  }
}

/** Runs until a signal ends it; what is wrong is told, and the next change is waited for. */
async function watchAndRun(
  once: () => Promise<void>,
  paths: readonly string[],
  io: Invocation,
): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const stop = (): void => resolve();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) io.signals.on(signal, stop);
  let last: Promise<void> = Promise.resolve();
  const run = (): void => {
    last = last
      .then(once)
      .catch((cause: unknown) => reportAndGoOn(cause, io))
      .then(() => void io.stderr.write('Waiting for changes.\n'));
  };
  await using _ = await watchFiles(paths, run);
  run();
  await stopped;
  await last;
}

function reportAndGoOn(cause: unknown, io: Invocation): void {
  if (exitCodeOf(cause) === EXIT.failure) throw cause;
  reportFailure(cause, io.stderr);
  io.exitCode = exitCodeOf(cause);
}
