import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readFolder } from '../app/proxy-options.ts';
import { testJson, testJunit, testText } from '../commands/test/render.ts';
import { testSarif } from '../commands/test/render-sarif.ts';
import { type AnyResult, type TestPoliciesOptions, testPolicies } from '../commands/test/test-policies.ts';
import { watchFiles } from '../commands/test/watch-files.ts';
import type { Config } from '../config/read-config.ts';
import { version } from '../config/version.ts';
import { displayPath } from '../directory/source-file.ts';
import { StartError } from '../lib/start-error.ts';
import { CommandError, EXIT, exitCodeOf, reportFailure } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { directoryIn } from './policies-folder.ts';
import { readReportSettings, readSettings } from './settings.ts';

export interface TestFlags extends Readonly<Record<string, unknown>> {
  readonly filter?: string;
  readonly watch?: boolean;
  readonly allowUnknown?: boolean;
  readonly quiet?: boolean;
  readonly format: keyof typeof FORMATS;
  readonly out?: string;
}

/** The report on the screen; with `--quiet` nothing if all tests pass. */
function text(results: readonly AnyResult[], { styles }: Invocation, quiet: boolean): string {
  if (quiet && results.every(({ failures }) => failures.length === 0)) return '';
  return `${testText(results, styles, quiet)}\n`;
}

const FORMATS = {
  text: (results: readonly AnyResult[], _: string, { styles }: Invocation) => testText(results, styles),
  json: testJson,
  junit: testJunit,
  sarif: (results: readonly AnyResult[], configuration: string) => testSarif(results, configuration, version),
} as const;

/** Prints the results of policy tests. */
export async function runTest(paths: readonly string[], options: TestFlags, io: Invocation): Promise<void> {
  const { filter, watch, allowUnknown = false, quiet = false, format, out, ...flags } = options;
  const config = quiet ? readSettings(flags, io) : readReportSettings(flags, io);
  const configuration = displayPath(config.file);
  const chosen = paths.length > 0 ? paths : [ownTests(config)];
  const once = async (): Promise<void> => {
    const directoryAt = (path: string) => directoryIn(path, flags, io);
    const results = await resultsOf(readSettings(flags, io), chosen, { allowUnknown, filter, directoryAt });
    await print(results, { format, out, configuration, quiet }, io);
    io.exitCode = results.some(({ failures }) => failures.length > 0) ? EXIT.expectation : EXIT.ok;
  };
  if (!watch) return once();
  await watchAndRun(once, [...chosen, config.file, config.principals, config.policies], io);
}

/** @throws CommandError if the folder does not exist */
function ownTests({ policies }: Config): string {
  const folder = join(dirname(policies), 'policy-tests');
  if (existsSync(folder)) return folder;
  throw new CommandError(
    EXIT.expectation,
    `there is no policy test: ${displayPath(folder)} does not exist; name files or folders, or write a first test with "personalize-authz-proxy init"`,
  );
}

async function resultsOf(
  config: Config,
  paths: readonly string[],
  {
    filter,
    ...more
  }: Pick<TestPoliciesOptions, 'allowUnknown' | 'directoryAt'> & { readonly filter: string | undefined },
): Promise<readonly AnyResult[]> {
  const directory = await readFolder(config);
  const { region, undocumentedChecks } = config;
  const options = { directory, region, undocumentedChecks, ...more, now: Date.now(), paths };
  const results = await testPolicies(filter === undefined ? options : { ...options, filter });
  if (results.ok) return results.value;
  if (results.error.every(({ rule }) => rule === 'no-tests'))
    throw new CommandError(EXIT.expectation, results.error.map(({ message }) => message).join('\n'));
  throw new StartError('configuration', results.error);
}

async function print(
  results: readonly AnyResult[],
  {
    format,
    out,
    configuration,
    quiet,
  }: Pick<TestFlags, 'format'> & {
    readonly out: string | undefined;
    readonly configuration: string;
    readonly quiet: boolean;
  },
  io: Invocation,
): Promise<void> {
  const report = `${FORMATS[format](results, configuration, io)}\n`;
  if (out !== undefined) await writeFile(out, report);
  io.stdout.write(out === undefined && format !== 'text' ? report : text(results, io, quiet));
}

/** Runs until a signal ends it; prints errors and waits for the next change. */
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
