import type { Styles } from '../../explanation/evaluation-steps.ts';
import { renderSimulations } from '../../explanation/render-check.ts';
import { junitReport } from '../../reports/junit.ts';
import { renderProofs } from '../prove/render-proofs.ts';
import { nameOf } from './judge.ts';
import { type PolicyTest, questionText } from './policy-test.ts';
import type { ProofTest } from './read-proofs.ts';
import type { ProofTestResult } from './run-proofs.ts';
import type { TestResult } from './run-tests.ts';
import type { AnyResult } from './test-policies.ts';

/** The results for people: a line for each test, and for a failed one what was expected and why it came out otherwise; with `onlyFailures` failed tests only. */
export function testText(results: readonly AnyResult[], styles: Styles, onlyFailures = false): string {
  const shown = onlyFailures ? results.filter(({ failures }) => failures.length > 0) : results;
  const files = [...Map.groupBy(shown, (result) => testOf(result).file)];
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

function resultLines(result: AnyResult, styles: Styles): readonly string[] {
  const { failures } = result;
  const title = titleOf(result);
  if (failures.length === 0) return [`  ${styles.good('✓')} ${title}`];
  return [`  ${styles.bad('✗')} ${title}`, ...storyOf(result, styles).map((line) => `      ${line}`)];
}

/** Where a result comes from. */
export const testOf = (result: AnyResult): PolicyTest | ProofTest =>
  'proof' in result ? result.proof : result.test;

export function titleOf(result: AnyResult): string {
  if (!('proof' in result))
    return `${result.test.name} — ${result.test.principal}: ${questionText(result.test)}`;
  const { proof, result: proved } = result;
  return `${proof.name} — ${proved.subject}: ${proved.claim}`;
}

/**
 * Where the test is, what came otherwise, and of a proof its counterexample, else the evaluation steps of every check that is
 * refused.
 */
export function storyOf(result: AnyResult, styles?: Styles): readonly string[] {
  const { file, line, column } = testOf(result);
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const { failures } = result;
  if ('proof' in result)
    return [place, ...failures, '', ...renderProofs([result.result], styles).split('\n'), ''];
  const { answer } = result;
  const shown = answer && answer.refused.length > 0 ? answer.refused : answer ? [answer.check] : [];
  const steps = shown.length > 0 ? renderSimulations(shown, styles).split('\n') : [];
  return [place, ...failures, ...(answer?.check.message ? [answer.check.message] : []), '', ...steps, ''];
}

/** The results for programs. */
export function testJson(results: readonly AnyResult[], configuration: string): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return JSON.stringify(
    { configuration, passed: results.length - failed, failed, tests: results.map(resultJson) },
    undefined,
    2,
  );
}

function resultJson(result: AnyResult) {
  return 'proof' in result ? proofJson(result) : requestJson(result);
}

function proofJson({ proof, result, failures }: ProofTestResult) {
  const { name, file, line, column, expected } = proof;
  return { name, file, line, column, expected, ...result, passed: failures.length === 0, failures };
}

function requestJson({ test, answer, failures }: TestResult) {
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
export const testJunit = (results: readonly AnyResult[], configuration: string): string =>
  junitReport(
    'policy tests',
    results.map((result) => {
      const [message] = result.failures;
      return {
        name: titleOf(result),
        className: testOf(result).file,
        ...(message !== undefined && { failure: { message, text: storyOf(result).join('\n') } }),
      };
    }),
    { configuration },
  ).trimEnd();
