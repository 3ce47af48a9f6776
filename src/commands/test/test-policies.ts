import type { Directory } from '../../directory/directory.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { readTestFiles } from './find-files.ts';
import type { PolicyTest } from './policy-test.ts';
import { readTests } from './read-tests.ts';
import { type ProofTestOptions, type ProofTestResult, runProofs } from './run-proofs.ts';
import { type RunOptions, runTests, type TestResult } from './run-tests.ts';

export interface TestPoliciesOptions extends RunOptions, ProofTestOptions {
  readonly directory: Directory;
  /** Files and folders. */
  readonly paths: readonly string[];
  /** Only tests whose file or name holds this text, case ignored. */
  readonly filter?: string;
}

/** What came out of a test of one request, or of a proof about all. */
export type AnyResult = TestResult | ProofTestResult;

/**
 * Runs policy tests against a directory.
 * @returns the result of each test and proof; or all diagnostics of all test files, and it is a diagnostic to find no test
 */
export async function testPolicies({
  paths,
  filter,
  ...options
}: TestPoliciesOptions): Promise<Result<readonly AnyResult[], readonly Diagnostic[]>> {
  const files = await readTestFiles(paths);
  if (!files.ok) return files;
  const read = files.value.map(({ file, text }) => readTests(text, file, options));
  const diagnostics = read.flatMap((each) => (each.ok ? [] : each.error));
  if (diagnostics.length > 0) return err(diagnostics);
  const all = read.flatMap((each) => (each.ok ? [each.value] : []));
  const isWanted = (test: Named): boolean => filter === undefined || isChosen(test, filter);
  const [tests, proofs] = [all.flatMap((each) => each.tests), all.flatMap((each) => each.proofs)];
  const chosen = { tests: tests.filter(isWanted), proofs: proofs.filter(isWanted) };
  if (chosen.tests.length + chosen.proofs.length === 0) {
    const message = `none of ${tests.length + proofs.length} tests has "${filter}" in its file or name`;
    return err([{ severity: 'error', rule: 'no-tests', message }]);
  }
  const proved = await runProofs(chosen.proofs, options);
  return proved.ok ? ok([...runTests(chosen.tests, options), ...proved.value]) : proved;
}

type Named = Pick<PolicyTest, 'file' | 'name'>;

const isChosen = ({ file, name }: Named, filter: string): boolean =>
  `${file} ${name}`.toLowerCase().includes(filter.toLowerCase());
