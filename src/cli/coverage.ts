import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Coverage,
  coveragePrincipals,
  type Directory,
  displayPath,
  measureCoverage,
  readFolder,
  renderCoverage,
  renderCoveragePage,
  renderLcov,
} from '../index.ts';
import { addDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readReportSettings } from './settings.ts';

interface CoverageFlags extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly as: readonly string[];
  readonly format: keyof typeof FORMATS;
  readonly min?: number;
}

export function addCoverage(program: Command, io: Invocation): void {
  const command = program
    .command('coverage')
    .description('what recorded calls used of each statement, action and resource of the policies')
    .option(
      '--as <principal>',
      'only its calls and policies, e.g. role/recommender; repeatable',
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .addOption(
      new Option('--format <format>', 'of what is printed').choices(Object.keys(FORMATS)).default('text'),
    )
    .option('--min <percent>', `exit with ${EXIT.expectation} where less is covered`, percentage);
  addSettings(addDecisions(command)).action((options: CoverageFlags) => runCoverage(options, io));
}

const FORMATS = {
  text: (coverage: Coverage, _: Directory, __: string, { styles }: Invocation) =>
    `${renderCoverage(coverage, styles)}\n`,
  json: (coverage: Coverage, _: Directory, configuration: string) =>
    `${JSON.stringify({ configuration, ...coverage }, null, 2)}\n`,
  html: renderCoveragePage,
  lcov: renderLcov,
} as const;

async function runCoverage(options: CoverageFlags, io: Invocation): Promise<void> {
  const { decisions, as, format, min, ...flags } = options;
  const config = readReportSettings(flags, io);
  const directory = await readFolder(config);
  const records = await recordedDecisions(decisions, config, io);
  const only = coveragePrincipals(directory, as);
  if (!only.ok) throw new CommandError(EXIT.usage, `--as: ${only.error}`);
  const coverage = measureCoverage({ directory, records, ...(as.length > 0 && { only: only.value }) });
  io.stdout.write(await FORMATS[format](coverage, directory, displayPath(config.file), io));
  if (coverage.checks === 0) throw new CommandError(EXIT.expectation, nothingMeasured(records.length, as));
  if (min === undefined || coverage.percent >= min) return;
  io.stderr.write(`${coverage.percent}% is covered, less than the ${min}% that are expected.\n`);
  io.exitCode = EXIT.expectation;
}

function nothingMeasured(decisions: number, as: readonly string[]): string {
  const whose = as.length === 0 ? '' : ` of ${as.join(', ')}`;
  return decisions === 0
    ? 'nothing was measured: the decision log is empty'
    : `nothing was measured: among ${decisions} recorded ${decisions === 1 ? 'decision' : 'decisions'}, no call${whose} reached the policies`;
}

function percentage(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('a percentage is a number from 0 to 100');
}
