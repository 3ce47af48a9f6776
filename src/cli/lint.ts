import { fixFindings, type LintReport, lint } from '../commands/lint/lint.ts';
import { lintJson, lintSarif } from '../commands/lint/render.ts';
import type { Config } from '../config/read-config.ts';
import { version } from '../config/version.ts';
import { StartError } from '../lib/start-error.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readReportSettings } from './settings.ts';

export interface LintFlags extends Readonly<Record<string, unknown>> {
  readonly format: keyof typeof FORMATS;
  readonly fix?: boolean;
  readonly maxWarnings?: number;
  readonly failOn: 'error' | 'warning';
}

/** Prints the findings of the policies. */
export async function runLint(paths: readonly string[], options: LintFlags, io: Invocation): Promise<void> {
  const { format, fix, maxWarnings, failOn, ...flags } = options;
  const config = readReportSettings(flags, io);
  if (fix) await fixPolicies(await lintPolicies(config, paths), io);
  const report = await lintPolicies(config, paths);
  const text = FORMATS[format](report);
  if (text !== '') io.stdout.write(`${text}\n`);
  io.stderr.write(`${summaryOf(report)}\n`);
  if (report.policies === 0) throw new CommandError(EXIT.expectation, 'there is no policy file to check');
  const most = failOn === 'warning' ? 0 : maxWarnings;
  io.exitCode = exitCodeOf(report, most);
}

const FORMATS = {
  text: ({ findings }: LintReport) => findings.filter(counts).map(faultLine).join('\n'),
  json: lintJson,
  sarif: (report: LintReport) => lintSarif(report, version),
} as const;

/** @throws StartError for diagnostics of the principals and the suppressions */
async function lintPolicies(config: Config, paths: readonly string[]): Promise<LintReport> {
  const { account, partition, principals: principalsFile, policies: policiesFolder } = config;
  const folder = { principalsFile, policiesFolder, account, partition };
  const report = await lint({ folder, configFile: config.file, paths });
  if (!report.ok) throw new StartError('configuration', report.error);
  return report.value;
}

async function fixPolicies(report: LintReport, io: Invocation): Promise<void> {
  for (const { file, removed, kept } of await fixFindings(report)) {
    if (removed > 0) io.stderr.write(`${file}: ${counted(removed, 'finding')} fixed\n`);
    if (kept !== undefined) io.stderr.write(`${file}: not all was fixed: ${kept}\n`);
  }
}

type Finding = LintReport['findings'][number];

const counts = ({ silenced }: Finding): boolean => silenced === undefined;

const ofSeverity = ({ findings }: LintReport, severity: Finding['severity']): number =>
  findings.filter((finding) => counts(finding) && finding.severity === severity).length;

function summaryOf(report: LintReport): string {
  const suppressed = report.findings.filter((finding) => !counts(finding)).length;
  const found = [
    counted(ofSeverity(report, 'error'), 'error'),
    counted(ofSeverity(report, 'warning'), 'warning'),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ];
  return `${report.policies === 1 ? '1 policy' : `${report.policies} policies`}: ${found.join(', ')}`;
}

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Invalid policies take precedence over too many warnings. */
function exitCodeOf(report: LintReport, mostWarnings: number | undefined): number {
  if (ofSeverity(report, 'error') > 0) return EXIT.policies;
  return ofSeverity(report, 'warning') > (mostWarnings ?? Number.POSITIVE_INFINITY)
    ? EXIT.expectation
    : EXIT.ok;
}
