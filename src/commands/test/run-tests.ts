import { tagLookup } from '../../context-keys/resource-tags.ts';
import type { Directory } from '../../directory/directory.ts';
import { type Answer, answerCall, answerOf } from '../simulate/call-authorization.ts';
import { callQuestions } from '../simulate/call-checks.ts';
import { simulateAs } from '../simulate/simulate-as.ts';
import { judge } from './judge.ts';
import type { PolicyTest } from './policy-test.ts';

export interface RunOptions {
  readonly directory: Directory;
  readonly region: string;
  readonly undocumentedChecks: 'report' | 'enforce';
  /** Milliseconds since the epoch: the clock of tests that have none of their own. */
  readonly now: number;
  /** Whether names that no request has are asked about all the same. */
  readonly allowUnknown?: boolean;
}

export interface TestResult {
  readonly test: PolicyTest;
  /** Absent where the call cannot be asked about. */
  readonly answer?: Answer;
  /** What came otherwise than it was wanted, a line each; empty for a test that passed. */
  readonly failures: readonly string[];
}

export const runTests = (tests: readonly PolicyTest[], options: RunOptions): readonly TestResult[] =>
  tests.map((test) => runTest(test, options));

function runTest(test: PolicyTest, options: RunOptions): TestResult {
  const answer = answerTo(test, options);
  if (typeof answer === 'string') return { test, failures: [`the call cannot be authorized: ${answer}`] };
  return { test, answer, failures: judge(test.expected, answer) };
}

/** The decision, or AWS's error for an input without its resources. */
function answerTo(test: PolicyTest, options: RunOptions): Answer | string {
  const { asked, principal, context, clock: now = options.now } = test;
  if (asked.kind === 'call') return answerToCall(test, asked, now, options);
  const { undocumentedChecks: _, ...rest } = options;
  const { action, resource } = asked;
  const simulated = simulateAs({ ...rest, as: principal, action, resource, context, now });
  if (simulated.ok) return answerOf([simulated.value]);
  return simulated.error.map(({ message }) => message).join('; ');
}

function answerToCall(
  { caller, context }: PolicyTest,
  { operation, input }: Extract<PolicyTest['asked'], { kind: 'call' }>,
  now: number,
  { undocumentedChecks, ...options }: RunOptions,
): Answer | string {
  const tags = tagLookup({ where: 'here', read: () => undefined });
  const questions = callQuestions({ ...options, caller, operation, input, now, tags, context });
  if (!questions.ok) return questions.error;
  return answerCall(questions.value, caller, options.directory, undocumentedChecks);
}
