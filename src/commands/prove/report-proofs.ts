import { junitReport } from '../../reports/junit.ts';
import { type SarifResult, type SarifRule, sarifLog } from '../../reports/sarif.ts';
import type { Claim, ProofResult } from './proof-result.ts';
import { renderProofs, sentenceOf } from './render-proofs.ts';

const RULES: Readonly<Record<Claim, string>> = {
  'no-new-access': 'The new policies allow a request that the existing ones do not allow.',
  equivalent: 'One of two sets of policies allows a request that the other does not.',
  'not-granted': 'A request is allowed that must never be.',
  'no-public-access': 'A resource-based policy grants access to the public.',
};

/** The rules that findings about proofs name. */
export const PROOF_RULES: readonly SarifRule[] = Object.entries(RULES).map(([id, summary]) => ({
  id,
  summary,
  level: 'error',
  page: 'docs/proofs.md',
}));

/** Counterexamples as findings of code scanning, at the statements that allow them or at the Deny that is gone. */
export function proofsSarif(results: readonly ProofResult[], version: string): string {
  return JSON.stringify(sarifLog(version, PROOF_RULES, results.flatMap(findings)), undefined, 2);
}

function findings(result: ProofResult): readonly SarifResult[] {
  const { claim, verdict } = result;
  if (verdict === 'PASS') return [];
  return [
    {
      rule: claim,
      level: verdict === 'FAIL' ? 'error' : 'warning',
      message: renderProofs([result]),
      ...counterexamplePlace(result),
    },
  ];
}

/** The statement that allows the counterexample, or the Deny that is gone. */
export function counterexamplePlace({ counterexample }: ProofResult): Pick<SarifResult, 'file' | 'line'> {
  const [place] = counterexample ? [...counterexample.granting, ...counterexample.goneDenies] : [];
  return {
    ...(place?.file !== undefined && { file: place.file }),
    ...(place?.line !== undefined && { line: place.line }),
  };
}

/** One test case for each claim about each subject; a claim that cannot be decided has failed. */
export const proofsJunit = (results: readonly ProofResult[]): string =>
  junitReport(
    'proofs',
    results.map((result) => ({
      name: result.claim,
      className: result.subject,
      ...(result.verdict !== 'PASS' && {
        failure: { message: sentenceOf(result), text: renderProofs([result]) },
      }),
    })),
  );
