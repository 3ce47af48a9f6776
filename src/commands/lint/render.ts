import { sarifLog } from '../../reports/sarif.ts';
import type { Finding } from './finding.ts';
import type { LintReport } from './lint.ts';
import { LINT_RULES } from './rules.ts';

/** The report for programs: every finding, suppressed ones with their reason. */
export function lintJson({ findings, policies, configuration }: LintReport): string {
  const counted = findings.filter(({ silenced }) => silenced === undefined);
  const ofSeverity = (severity: Finding['severity']): number =>
    counted.filter((finding) => finding.severity === severity).length;
  return JSON.stringify(
    {
      configuration,
      policies,
      errors: ofSeverity('error'),
      warnings: ofSeverity('warning'),
      information: ofSeverity('info'),
      silenced: findings.length - counted.length,
      findings: findings.map(({ remove, ...finding }) => ({ ...finding, fixable: remove !== undefined })),
    },
    undefined,
    2,
  );
}

/** What SARIF calls the severities. */
const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** The report in SARIF 2.1.0; suppressed findings have their reason as justification. */
export function lintSarif({ findings, configuration }: LintReport, version: string): string {
  const rules = Object.entries(LINT_RULES).map(([id, { summary, severity }]) => ({
    id,
    summary,
    page: `docs/lint/${id}.md`,
    level: LEVELS[severity],
  }));
  const results = findings.map(({ severity, silenced, ...finding }) => ({
    ...finding,
    level: LEVELS[severity],
    ...(silenced !== undefined && { suppressed: silenced }),
  }));
  return JSON.stringify(sarifLog(version, rules, results, { configuration }), undefined, 2);
}
