import type { Directory } from '../../directory/directory.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { readTestFiles } from './find-files.ts';
import type { PolicyTest } from './policy-test.ts';
import { readTests } from './read-tests.ts';
import { type RunOptions, runTests, type TestResult } from './run-tests.ts';

export interface TestPoliciesOptions extends RunOptions {
  readonly directory: Directory;
  /** Files and folders. */
  readonly paths: readonly string[];
  /** Only tests whose file or name holds this text, case ignored. */
  readonly filter?: string;
}

export type { TestResult } from './run-tests.ts';

/**
 * Runs policy tests against a directory.
 * @returns the result of each test; or all diagnostics of all test files, and it is a diagnostic to find no test
 */
export async function testPolicies({
  paths,
  filter,
  ...options
}: TestPoliciesOptions): Promise<Result<readonly TestResult[], readonly Diagnostic[]>> {
  const files = await readTestFiles(paths);
  if (!files.ok) return files;
  const read = files.value.map(({ file, text }) => readTests(text, file, options));
  const diagnostics = read.flatMap((each) => (each.ok ? [] : each.error));
  if (diagnostics.length > 0) return err(diagnostics);
  const tests = read.flatMap((each) => (each.ok ? each.value : []));
  const chosen = filter === undefined ? tests : tests.filter((test) => isChosen(test, filter));
  if (chosen.length > 0) return ok(runTests(chosen, options));
  const message = `none of ${tests.length} tests has "${filter}" in its file or name`;
  return err([{ severity: 'error', rule: 'no-tests', message }]);
}

const isChosen = ({ file, name }: PolicyTest, filter: string): boolean =>
  `${file} ${name}`.toLowerCase().includes(filter.toLowerCase());
