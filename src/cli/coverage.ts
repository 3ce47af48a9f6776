import { readFolder } from '../app/proxy-options.ts';
import type { Coverage } from '../commands/coverage/coverage.ts';
import { coveragePrincipals, measureCoverage } from '../commands/coverage/measure.ts';
import { renderLcov } from '../commands/coverage/render-lcov.ts';
import { renderCoveragePage } from '../commands/coverage/render-page.ts';
import { renderCoverage } from '../commands/coverage/render-text.ts';
import type { Directory } from '../directory/directory.ts';
import { displayPath } from '../directory/source-file.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { type CallSources, recordedCalls } from './recorded-calls.ts';
import { readReportSettings } from './settings.ts';

export interface CoverageFlags extends CallSources, Readonly<Record<string, unknown>> {
  readonly as: readonly string[];
  readonly format: keyof typeof FORMATS;
  readonly min?: number;
}

const FORMATS = {
  text: (coverage: Coverage, _: Directory, __: string, { styles }: Invocation) =>
    `${renderCoverage(coverage, styles)}\n`,
  json: (coverage: Coverage, _: Directory, configuration: string) =>
    `${JSON.stringify({ configuration, ...coverage }, null, 2)}\n`,
  html: renderCoveragePage,
  lcov: renderLcov,
} as const;

/** Prints how much of the policies the recorded calls used. */
export async function runCoverage(options: CoverageFlags, io: Invocation): Promise<void> {
  const { decisions, cloudtrail, as, format, min, ...flags } = options;
  const config = readReportSettings(flags, io);
  const directory = await readFolder(config);
  const records = await recordedCalls({ decisions, cloudtrail }, { config, directory, io });
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
