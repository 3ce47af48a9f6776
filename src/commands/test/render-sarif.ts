import { type SarifResult, type SarifRule, sarifLog } from '../../reports/sarif.ts';
import { counterexamplePlace, PROOF_RULES } from '../prove/report-proofs.ts';
import { storyOf, testOf, titleOf } from './render.ts';
import type { AnyResult } from './test-policies.ts';

const TEST: SarifRule = {
  id: 'policy-test',
  summary: 'A policy test failed.',
  level: 'error',
  page: 'docs/policy-tests.md',
};

/** Failed tests as findings of code scanning: a counterexample is at the statement that allows it, all others at their test. */
export function testSarif(results: readonly AnyResult[], configuration: string, version: string): string {
  const failed = results.filter(({ failures }) => failures.length > 0);
  const log = sarifLog(version, [TEST, ...PROOF_RULES], failed.map(findingOf), { configuration });
  return JSON.stringify(log, undefined, 2);
}

function findingOf(result: AnyResult): SarifResult {
  const { file, line } = testOf(result);
  return {
    rule: 'proof' in result ? result.result.claim : TEST.id,
    level: 'error',
    message: [titleOf(result), ...storyOf(result)].join('\n').trimEnd(),
    file,
    ...(line !== undefined && { line }),
    ...('proof' in result && counterexamplePlace(result.result)),
  };
}
