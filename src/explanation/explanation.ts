import type { Directory } from '../directory/directory.ts';
import type { Decision } from '../engine/decision.ts';
import { recordedQuestions } from '../recorded-calls/recorded-request.ts';
import type { CheckRecord, DecisionRecord } from '../records/decision-record.ts';
import { jsonSpelling } from '../wire/error-codes.ts';
import { type CheckSteps, explainSteps } from './check-steps.ts';
import { distinct } from './render-check.ts';
import { type RequestStep, requestSteps } from './request-steps.ts';
import { type PlacedChange, type Simulation, simulate } from './simulation.ts';

/** One check of a recorded decision, asked again. */
export interface CheckExplanation extends Omit<Simulation, 'layers'>, CheckSteps {
  readonly undocumented: boolean;
  /** What was decided then; `decision` is what the policies say now. */
  readonly recorded: Decision['decision'];
}

/** Why a recorded decision came out as it did, and what to do. */
export interface Explanation {
  readonly decision: DecisionRecord;
  /** Operation, signature, principal and input, in the order in which they are looked at. */
  readonly request: readonly RequestStep[];
  /** Empty where the request was rejected before any policy was asked. */
  readonly checks: readonly CheckExplanation[];
  /** Why the checks could not be asked again: the caller is not in the folder any more. */
  readonly unasked?: string;
  /** Everything that must change so that the whole call passes; without what is not enforced. */
  readonly changes: readonly PlacedChange[];
}

/**
 * Explains a recorded decision with the policies of a directory: each evaluation step, each statement's reason, and the
 * smallest change. Where the policies have changed since, `recorded` and `decision` of a check differ.
 */
export function explainDecision(record: DecisionRecord, directory: Directory): Explanation {
  const ask = recordedQuestions(directory);
  const refusals: string[] = [];
  const explained = (checks: readonly CheckRecord[], undocumented: boolean): readonly CheckExplanation[] =>
    checks.flatMap((check) => {
      const question = ask(record, check);
      if (question.ok) {
        const { request, policies } = question.value;
        return [explainCheck(simulate({ ...request, policies }), check, undocumented)];
      }
      refusals.push(question.error);
      return [];
    });
  const binding = explained(record.checks, false);
  const reported = explained(record.undocumented, true);
  const enforced = reported.filter((each) => isRefusal(record, each));
  const [unasked] = refusals;
  return {
    decision: record,
    request: requestSteps(record, directory),
    checks: [...binding, ...reported],
    ...(unasked !== undefined && { unasked }),
    changes: distinct([...binding, ...enforced].flatMap(({ changes }) => changes)),
  };
}

/** With `undocumentedChecks: enforce` one of them can be what was answered. */
const isRefusal = ({ checks, error }: DecisionRecord, { recorded }: CheckExplanation): boolean =>
  jsonSpelling(error?.code ?? '') === 'AccessDeniedException' &&
  recorded !== 'allowed' &&
  checks.every(({ decision }) => decision === 'allowed');

function explainCheck(
  { layers, ...simulation }: Simulation,
  { decision: recorded }: CheckRecord,
  undocumented: boolean,
): CheckExplanation {
  return { ...simulation, undocumented, recorded, ...explainSteps({ layers, ...simulation }) };
}

const DENIALS: ReadonlySet<DecisionRecord['outcome']> = new Set(['denied', 'rejected', 'audited']);

/** The newest record of a request that was denied or rejected; those of `mode: audit` were denied, too. */
export const lastDenial = (records: readonly DecisionRecord[]): DecisionRecord | undefined =>
  records.findLast(({ outcome }) => DENIALS.has(outcome));
