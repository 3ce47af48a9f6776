import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
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
import { addSettings } from './settings.ts';

interface TestFlags extends Readonly<Record<string, unknown>> {
  readonly filter?: string;
  readonly watch?: boolean;
  readonly format: keyof typeof FORMATS;
  readonly out?: string;
}

export function addTest(program: Command): void {
  addSettings(
    program
      .command('test')
      .description('run policy tests: what principals may do, and what they may not')
      .argument('[path...]', 'files and folders (default: policy-tests/ beside the policies folder)')
      .option('--filter <text>', 'only tests whose file or name holds this text')
      .option('--watch', 'run them again when a test, a policy or a principal changes')
      .addOption(new Option('--format <format>').choices(['text', 'json', 'junit']).default('text'))
      .option('--out <file>', 'write the report to a file, and the text to standard output'),
  ).action(runTest);
}

const FORMATS = {
  text: (results: readonly TestResult[]) => text(results),
  json: testJson,
  junit: testJunit,
} as const;

const text = (results: readonly TestResult[]): string =>
  testText(results, { good: pc.green, bad: pc.red, faint: pc.dim });

async function runTest(paths: readonly string[], options: TestFlags): Promise<void> {
  const { filter, watch, format, out, ...flags } = options;
  const config = configOf(flags);
  const chosen = paths.length > 0 ? paths : [join(dirname(config.policies), 'policy-tests')];
  const once = async (): Promise<void> => {
    const results = await resultsOf(configOf(flags), chosen, filter);
    await print(results, format, out);
    process.exitCode = results.some(({ failures }) => failures.length > 0) ? EXIT.expectation : EXIT.ok;
  };
  if (!watch) return once();
  await watchAndRun(once, [...chosen, config.file, config.principals, config.policies]);
}

function configOf(flags: Readonly<Record<string, unknown>>): Config {
  const config = readConfig({ env: process.env, flags });
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
  format: TestFlags['format'],
  out: string | undefined,
): Promise<void> {
  const report = `${FORMATS[format](results)}\n`;
  if (out === undefined) process.stdout.write(report);
  else {
    await writeFile(out, report);
    process.stdout.write(`${text(results)}\n`);
  }
}

/** Runs until a signal ends it; what is wrong is told, and the next change is waited for. */
async function watchAndRun(once: () => Promise<void>, paths: readonly string[]): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  let last: Promise<void> = Promise.resolve();
  const run = (): void => {
    last = last
      .then(once)
      .catch(reportAndGoOn)
      .then(() => void process.stderr.write('Waiting for changes.\n'));
  };
  await using _ = await watchFiles(paths, run);
  run();
  await stopped;
  await last;
}

function reportAndGoOn(cause: unknown): void {
  if (exitCodeOf(cause) === EXIT.failure) throw cause;
  reportFailure(cause);
  process.exitCode = exitCodeOf(cause);
}
