import { resolve } from 'node:path';
import type { Fault } from '../../errors.ts';
import type { Result } from '../../lib/result.ts';
import { renderLadder } from '../ladder.ts';
import { junitReport } from '../report/junit.ts';
import { writeFiles } from '../write-files.ts';
import type { RefusedCheck, RunReport } from './run-report.ts';

export const RUN_FORMATS = ['json', 'junit'] as const;

export type RunFormat = (typeof RUN_FORMATS)[number];

interface Written {
  readonly file: string;
  readonly render: (report: RunReport) => string;
}

const FORMATS: Readonly<Record<RunFormat, Written>> = {
  json: { file: 'run.json', render: (report) => `${JSON.stringify(report, null, 2)}\n` },
  junit: { file: 'junit.xml', render: junitOf },
};

/** Writes a report of a run in each format into a folder; one of an earlier run is replaced. */
export function writeRunReports(
  report: RunReport,
  formats: readonly RunFormat[],
  folder: string,
): Promise<Result<undefined, readonly Fault[]>> {
  const files = formats.map((format) => {
    const { file, render } = FORMATS[format];
    return [resolve(folder, file), render(report)] as const;
  });
  return writeFiles(new Map(files), { overwrite: true });
}

/** One test an operation that was called: it fails where one of its checks was denied. */
function junitOf({ principal, operations, denied }: RunReport): string {
  const cases = operations.map(({ operation }) => {
    const refused = denied.filter((each) => each.operations.includes(operation));
    const [first] = refused;
    return {
      className: principal,
      name: operation,
      ...(first && {
        failure: { message: sentenceOf(first), text: refused.map(storyOf).join('\n\n') },
      }),
    };
  });
  return junitReport('personalize-authz-proxy run', cases);
}

const sentenceOf = ({ action, resource, explanation }: RefusedCheck): string =>
  explanation?.message ?? `${action} on ${resource} was denied`;

const storyOf = (refused: RefusedCheck): string =>
  refused.explanation ? renderLadder(refused.explanation) : sentenceOf(refused);
