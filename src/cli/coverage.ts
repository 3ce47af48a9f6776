import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import {
  type Coverage,
  coveragePrincipals,
  measureCoverage,
  readFolder,
  renderCoverage,
  renderCoveragePage,
  renderLcov,
} from '../index.ts';
import { addDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import { addSettings, readSettings } from './settings.ts';

interface CoverageFlags extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly as: readonly string[];
  readonly format: keyof typeof FORMATS;
  readonly min?: number;
}

export function addCoverage(program: Command): void {
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
  addSettings(addDecisions(command)).action(runCoverage);
}

const FORMATS = {
  text: (coverage: Coverage) =>
    `${renderCoverage(coverage, { good: pc.green, bad: pc.red, faint: pc.dim })}\n`,
  json: (coverage: Coverage) => `${JSON.stringify(coverage, null, 2)}\n`,
  html: renderCoveragePage,
  lcov: renderLcov,
} as const;

async function runCoverage(options: CoverageFlags): Promise<void> {
  const { decisions, as, format, min, ...flags } = options;
  const config = readSettings(flags);
  const directory = await readFolder(config);
  const records = await recordedDecisions(decisions, config);
  const only = coveragePrincipals(directory, as);
  if (!only.ok) throw new CommandError(EXIT.usage, `--as: ${only.error}`);
  const coverage = measureCoverage({ directory, records, ...(as.length > 0 && { only: only.value }) });
  process.stdout.write(await FORMATS[format](coverage, directory));
  if (min === undefined || coverage.percent >= min) return;
  process.stderr.write(`${coverage.percent}% is covered, less than the ${min}% that are expected.\n`);
  process.exitCode = EXIT.expectation;
}

function percentage(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('a percentage is a number from 0 to 100');
}
