import { Document } from 'yaml';
import type { Directory } from '../../directory/directory.ts';
import type { ContextValue } from '../../engine/request.ts';
import type { CheckRecord, DecisionRecord } from '../../records/decision-record.ts';
import { contextOf } from '../../records/recorded-context.ts';
import { simulateAs } from '../simulate/simulate-as.ts';

export interface RecordedTestsOptions {
  readonly records: readonly DecisionRecord[];
  /** The policies as they are now: a check that they decide otherwise is left out. */
  readonly directory: Directory;
  readonly region: string;
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

/** A recorded check as a row of a policy test, in the words of the file. */
interface Row {
  readonly action: string;
  readonly resource?: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
  readonly clock?: string;
  readonly expect: CheckRecord['decision'];
  readonly layer?: CheckRecord['layer'];
}

/**
 * Policy tests that hold what was decided in recorded traffic: a test for each principal and operation, a row for each
 * check. Of the context a row has only the keys that the decision hinges on.
 */
export function recordedTests(options: RecordedTestsOptions): RecordedTests {
  const tests = new Map<
    string,
    { readonly name: string; readonly principal: string; readonly rows: Set<string> }
  >();
  const leftOut = new Map<string, number>();
  for (const record of options.records) {
    const principal = principalOf(record, options.directory);
    for (const check of record.checks) {
      const row =
        principal.found === undefined ? principal.why : rowOf(record, check, principal.found, options);
      if (principal.found === undefined || typeof row === 'string') {
        leftOut.set(String(row), (leftOut.get(String(row)) ?? 0) + 1);
        continue;
      }
      const name = `${principal.found} calls ${record.request.operation ?? check.action}`;
      const test = tests.get(name) ?? { name, principal: principal.found, rows: new Set<string>() };
      test.rows.add(JSON.stringify(row));
      tests.set(name, test);
    }
  }
  const written = [...tests.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = written.reduce((sum, test) => sum + test.rows.size, 0);
  return { text: fileOf(written, options.schema), rows, leftOut };
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

/** The row, or why there is none. */
function rowOf(
  record: DecisionRecord,
  check: CheckRecord,
  principal: string,
  { directory, region }: RecordedTestsOptions,
): Row | string {
  const { action, resource, decision, layer } = check;
  // Of a service-role check, the trust of the role and the policy of the bucket: no policy of the role answers for them.
  const service = check.context?.['aws:PrincipalServiceName'];
  if (service !== undefined) return `asked by ${service}, which is no user or role`;
  const asRecorded = (context: Row['context'] = {}, now = 0): boolean => {
    const asked = simulateAs({ directory, as: principal, action, resource, context, region, now });
    return asked.ok && asked.value.decision === decision && asked.value.layer === layer;
  };
  const { 'aws:CurrentTime': _, 'aws:EpochTime': __, ...known } = contextOf(record, check);
  const made = Date.parse(record.time);
  if (!asRecorded(known, made)) return 'decided otherwise than the policies of now decide';
  // What follows from the principal and the time is known without being written; the rest is left out one by one.
  const needed = Object.keys(known).reduce<NonNullable<Row['context']>>((kept, key) => {
    const { [key]: ___, ...without } = kept;
    return asRecorded(without, made) ? without : kept;
  }, known);
  const hasClock = !TIMES.every((now) => asRecorded(needed, now));
  return {
    action,
    ...(resource !== '*' && { resource }),
    ...(Object.keys(needed).length > 0 && { context: needed }),
    ...(hasClock && { clock: record.time }),
    expect: decision,
    ...(decision !== 'allowed' && { layer }),
  };
}

/** A decision that is the same at all of these does not hinge on the time, as far as policies are written by people. */
const TIMES = [0, Date.UTC(2020), Date.UTC(2030), Date.UTC(2100)];

function fileOf(
  tests: readonly { readonly name: string; readonly principal: string; readonly rows: ReadonlySet<string> }[],
  schema: string,
): string {
  const document = new Document({
    tests: tests.map(({ name, principal, rows }) => ({
      name,
      principal,
      cases: [...rows].map((row) => JSON.parse(row)),
    })),
  });
  document.commentBefore = ` yaml-language-server: $schema=${schema}\n\n What was decided in recorded calls. Say as sentences what the policies are to do, and delete what nobody needs.`;
  return document.toString({ lineWidth: 0 });
}
