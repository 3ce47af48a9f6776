import type { Styles } from '../../explanation/evaluation-steps.ts';
import { renderSimulations } from '../../explanation/render-check.ts';
import { junitReport } from '../../reports/junit.ts';
import { nameOf } from './judge.ts';
import { type PolicyTest, questionText } from './policy-test.ts';
import type { TestResult } from './run-tests.ts';

/** The results for people: a line for each test, and for a failed one what was expected and why it came out otherwise; with `onlyFailures` failed tests only. */
export function testText(results: readonly TestResult[], styles: Styles, onlyFailures = false): string {
  const shown = onlyFailures ? results.filter(({ failures }) => failures.length > 0) : results;
  const files = [...Map.groupBy(shown, ({ test }) => test.file)];
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const counts = [
    ...(failed > 0 ? [styles.bad(`${failed} failed`)] : []),
    styles.good(`${results.length - failed} passed`),
  ];
  return [
    ...files.flatMap(([file, of]) => [file, ...of.flatMap((result) => resultLines(result, styles)), '']),
    `${counts.join(', ')} (${results.length === 1 ? '1 test' : `${results.length} tests`})`,
  ].join('\n');
}

function resultLines(result: TestResult, styles: Styles): readonly string[] {
  const { test, failures } = result;
  const title = titleOf(test);
  if (failures.length === 0) return [`  ${styles.good('✓')} ${title}`];
  return [`  ${styles.bad('✗')} ${title}`, ...storyOf(result, styles).map((line) => `      ${line}`)];
}

const titleOf = (test: PolicyTest): string => `${test.name} — ${test.principal}: ${questionText(test)}`;

/** Where the test is, what came otherwise, and the evaluation steps of every check that is refused. */
function storyOf({ test, answer, failures }: TestResult, styles?: Styles): readonly string[] {
  const place = [test.file, test.line, test.column].filter((part) => part !== undefined).join(':');
  const shown = answer && answer.refused.length > 0 ? answer.refused : answer ? [answer.check] : [];
  const steps = shown.length > 0 ? renderSimulations(shown, styles).split('\n') : [];
  return [place, ...failures, ...(answer?.check.message ? [answer.check.message] : []), '', ...steps, ''];
}

/** The results for programs. */
export function testJson(results: readonly TestResult[], configuration: string): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return JSON.stringify(
    { configuration, passed: results.length - failed, failed, tests: results.map(resultJson) },
    undefined,
    2,
  );
}

function resultJson({ test, answer, failures }: TestResult) {
  const { name, file, line, column, principal, asked, expected } = test;
  return {
    name,
    file,
    line,
    column,
    principal,
    ...(asked.kind === 'call'
      ? { call: asked.operation.name }
      : { action: asked.action, resource: asked.resource }),
    expected,
    ...(answer && {
      came: {
        decision: answer.decision,
        layer: answer.layer,
        statements: answer.determining.map(nameOf),
        action: answer.check.action,
        resource: answer.check.resource,
        message: answer.check.message,
        refused: answer.refused.map(({ action, resource, message }) => ({ action, resource, message })),
      },
    }),
    passed: failures.length === 0,
    failures,
  };
}

/** The results as CI services read them: a class for each file. */
export const testJunit = (results: readonly TestResult[], configuration: string): string =>
  junitReport(
    'policy tests',
    results.map((result) => {
      const { test, failures } = result;
      const [message] = failures;
      return {
        name: titleOf(test),
        className: test.file,
        ...(message !== undefined && { failure: { message, text: storyOf(result).join('\n') } }),
      };
    }),
    { configuration },
  ).trimEnd();
