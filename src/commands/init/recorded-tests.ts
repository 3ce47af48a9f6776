import type { Directory } from '../../directory/directory.ts';
import { recordedCall } from '../../recorded-calls/recorded-call.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { callRow } from './call-row.ts';
import { checkRow } from './check-row.ts';
import type { RowOptions } from './needed-context.ts';
import { type RecordedTest, testFile } from './test-file.ts';

/** A call or check that the policies as they are now decide otherwise is left out. */
export interface RecordedTestsOptions extends RowOptions {
  readonly records: readonly DecisionRecord[];
  /** What editors find the JSON Schema by. */
  readonly schema: string;
}

export interface RecordedTests {
  /** A policy test file. */
  readonly text: string;
  /** How many rows it has. */
  readonly rows: number;
  /** Why checks are left out, and how many for each reason. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/**
 * Policy tests that hold what was decided in recorded traffic: a test for each principal and operation. A row is a whole call
 * where the record has all of its input, else a check. Calls that come out alike are one row, with the input of the first.
 * Of the context a row has only the keys that the decision hinges on.
 */
export function recordedTests(options: RecordedTestsOptions): RecordedTests {
  const tests = new Map<string, RecordedTest>();
  const leftOut = new Map<string, number>();
  /** Why checks of calls like this one are left out. */
  const known = new Map<string, readonly string[]>();
  for (const record of options.records) {
    const like = likeness(record);
    const reasons = known.get(like) ?? addRows(tests, record, options);
    known.set(like, reasons);
    for (const reason of reasons) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  }
  const written = [...tests.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = written.reduce((sum, test) => sum + test.rows.size, 0);
  return { text: testFile(written, options.schema), rows, leftOut };
}

/** Calls that differ in nothing else have the same row: it is worked out once. */
const likeness = ({ principal, session, request, checks, ...record }: DecisionRecord): string =>
  JSON.stringify([
    ...[
      principal?.arn,
      session,
      request.operation,
      request.sourceIp,
      request.userAgent,
      request.region,
      checks,
    ],
    recordedCall({ ...record, request, checks })?.incomplete.length,
  ]);

/** @returns why checks of the record are left out, a reason for each */
function addRows(
  tests: Map<string, RecordedTest>,
  record: DecisionRecord,
  options: RecordedTestsOptions,
): readonly string[] {
  const { found, why } = principalOf(record, options.directory);
  if (found === undefined) return record.checks.map(() => why);
  const rowsOf = (operation: string): RecordedTest['rows'] => {
    const name = `${found} calls ${operation}`;
    const test = tests.get(name) ?? { name, principal: found, operation, rows: new Map() };
    tests.set(name, test);
    return test.rows;
  };
  const whole = callRow(record, found, options);
  if (whole !== undefined) {
    const rows = rowsOf(whole.operation);
    if (!rows.has(whole.key)) rows.set(whole.key, whole.row);
    return [];
  }
  return record.checks.flatMap((check) => {
    const row = checkRow(record, check, found, options);
    if (typeof row === 'string') return [row];
    rowsOf(record.request.operation ?? check.action).set(JSON.stringify(row), row);
    return [];
  });
}

/** As test files name it. */
function principalOf(
  { principal, session }: DecisionRecord,
  { users, roles }: Directory,
): { readonly found?: string; readonly why: string } {
  const { userName, roleArn } = principal ?? {};
  const role = [...roles.values()].find(({ arn }) => arn === roleArn);
  const named = session?.holder ?? (role ? `role/${role.name}` : userName && `user/${userName}`);
  const why = `a caller that is no user or role of the folder: ${principal?.arn ?? 'not identified'}`;
  const [kind, name = ''] = named?.split('/') ?? [];
  const isThere = kind === 'role' ? roles.has(name) : users.has(name);
  return named !== undefined && isThere ? { found: named, why } : { why };
}
