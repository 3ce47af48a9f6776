import { resolve } from 'node:path';
import type { Directory } from '../../directory/directory.ts';
import { renderSimulations } from '../../explanation/render-check.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import type { Result } from '../../lib/result.ts';
import { junitReport } from '../../reports/junit.ts';
import { type SarifRule, sarifLog } from '../../reports/sarif.ts';
import { writeFiles } from '../../reports/write-files.ts';
import { renderLcov } from '../coverage/render-lcov.ts';
import { renderCoveragePage } from '../coverage/render-page.ts';
import type { RefusedCheck, RunReport } from './run-report.ts';

export const RUN_FORMATS = ['json', 'junit', 'sarif', 'html', 'lcov'] as const;

export type RunFormat = (typeof RUN_FORMATS)[number];

interface Written {
  readonly file: string;
  readonly render: (report: RunReport, deps: Dependencies) => string | Promise<string>;
}

interface Dependencies {
  /** Of this program. */
  readonly version: string;
  readonly directory: Directory;
}

const FORMATS: Readonly<Record<RunFormat, Written>> = {
  json: { file: 'run.json', render: (report) => `${JSON.stringify(report, null, 2)}\n` },
  junit: { file: 'junit.xml', render: junitOf },
  sarif: { file: 'run.sarif', render: (report, { version }) => sarifOf(report, version) },
  html: {
    file: 'coverage.html',
    render: ({ coverage, configuration }, { directory }) =>
      renderCoveragePage(coverage, directory, configuration),
  },
  lcov: { file: 'lcov.info', render: ({ coverage }) => renderLcov(coverage) },
};

/** Writes a report of a run in each format into a folder; one of an earlier run is replaced. */
export async function writeRunReports(
  report: RunReport,
  formats: readonly RunFormat[],
  { folder, ...deps }: Dependencies & { readonly folder: string },
): Promise<Result<undefined, readonly Diagnostic[]>> {
  const files = new Map<string, string>();
  for (const format of formats) {
    const { file, render } = FORMATS[format];
    files.set(resolve(folder, file), await render(report, deps));
  }
  return writeFiles(files, { overwrite: true });
}

/** One test for each operation of a principal: it fails where one of its checks was denied. */
function junitOf({ configuration, operations, denied }: RunReport): string {
  const cases = operations.map(({ operation, principal }) => {
    const refused = denied.filter((each) => each.caller === principal && each.operations.includes(operation));
    const [first] = refused;
    return {
      className: principal,
      name: operation,
      ...(first && {
        failure: { message: sentenceOf(first), text: refused.map(storyOf).join('\n\n') },
      }),
    };
  });
  return junitReport('personalize-authz-proxy run', cases, { configuration });
}

const sentenceOf = ({ action, resource, explanation }: RefusedCheck): string =>
  explanation?.message ?? `${action} on ${resource} was denied`;

const storyOf = (refused: RefusedCheck): string =>
  refused.explanation ? renderSimulations([refused.explanation]) : sentenceOf(refused);

const RULES = [
  {
    id: 'denied',
    summary: 'The policies deny a call that the command made.',
    level: 'error',
    page: 'docs/explain.md',
  },
  {
    id: 'undocumented',
    summary: 'The policies would deny a check that AWS may make and does not document.',
    level: 'warning',
    page: 'docs/authorization.md',
  },
] as const satisfies readonly SarifRule[];

/** One result for each check, in the policy that decided. */
function sarifOf(report: RunReport, version: string): string {
  const results = RULES.flatMap(({ id, level }) =>
    report[id].map((refused) => ({
      rule: id,
      level,
      message: sentenceOf(refused),
      ...placeOf(refused, report),
    })),
  );
  return `${JSON.stringify(sarifLog(version, RULES, results, { configuration: report.configuration }), null, 2)}\n`;
}

/** The statement that denies, else the policy that an advised statement goes to, else the first of the caller's. */
function placeOf({ explanation, caller }: RefusedCheck, { callers }: RunReport) {
  const places: readonly { readonly file?: string; readonly line?: number }[] = [
    ...(explanation?.determining ?? []),
    ...(explanation?.changes ?? []).flatMap(
      (change): readonly { readonly file?: string; readonly line?: number }[] => {
        if (change.kind === 'sendContext') return change.statements;
        return 'target' in change && change.target ? [change.target] : [];
      },
    ),
    ...callers
      .filter(({ principal }) => principal === caller)
      .flatMap(({ policyFiles }) => policyFiles.map((file) => ({ file, line: 1 }))),
  ];
  const found = places.find(({ file }) => file !== undefined);
  if (found?.file === undefined) return {};
  return { file: found.file, ...(found.line !== undefined && { line: found.line }) };
}
