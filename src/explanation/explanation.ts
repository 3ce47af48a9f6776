import type { Directory } from '../directory/directory.ts';
import type { Change } from '../engine/change.ts';
import type { Decision, Layer, StatementRef } from '../engine/decision.ts';
import type { LayerTrace, Mismatch, StatementTrace } from '../engine/trace.ts';
import { recordedQuestions } from '../recorded-calls/recorded-request.ts';
import type { CheckRecord, DecisionRecord } from '../records/decision-record.ts';
import { jsonSpelling } from '../wire/error-codes.ts';
import { type RequestRung, requestRungs } from './request-steps.ts';
import { type Simulation, simulate } from './simulation.ts';

/** One step of the ladder of a check: what a layer, or all explicit denies together, said. */
export interface CheckRung {
  readonly rung: 'deny' | Layer;
  /** 0-based, root first; of service control and resource control policies. */
  readonly level?: number;
  /** `open`: it neither stops the request nor lets it pass. */
  readonly verdict: 'passed' | 'failed' | 'open';
  /** Those that match, and of the others those that are about the same action. */
  readonly statements: readonly StatementTrace[];
}

/** A statement that would have allowed the request, had the request or the statement been a little otherwise. */
export interface NearMiss extends StatementRef {
  readonly mismatch: Mismatch;
}

/** One check of a recorded decision, asked again. */
export interface CheckExplanation extends Omit<Simulation, 'layers'> {
  readonly undocumented: boolean;
  /** What was decided then; `decision` is what the policies say now. */
  readonly recorded: Decision['decision'];
  readonly rungs: readonly CheckRung[];
  readonly nearMisses: readonly NearMiss[];
}

/** Why a recorded decision came out as it did, and what to do. */
export interface Explanation {
  readonly decision: DecisionRecord;
  /** Operation, signature, principal and input, in the order in which they are looked at. */
  readonly request: readonly RequestRung[];
  /** Empty where the request was rejected before any policy was asked. */
  readonly checks: readonly CheckExplanation[];
  /** Why the checks could not be asked again: the caller is not in the folder any more. */
  readonly unasked?: string;
  /** Everything that must change so that the whole call passes; without what is not enforced. */
  readonly changes: readonly Change[];
}

/**
 * Explains a recorded decision with the policies of a directory: each rung of the ladder, each statement's reason, and the
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
    request: requestRungs(record, directory),
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
  const rungs = [denyRung(layers), ...layers.map((layer) => layerRung(layer, simulation))];
  return { ...simulation, undocumented, recorded, rungs, nearMisses: nearMisses(layers, simulation) };
}

/** A deny anywhere is looked for before anything else is. */
function denyRung(layers: readonly LayerTrace[]): CheckRung {
  const statements = layers.flatMap((layer) => layer.statements.filter(isDeny)).filter(isNear);
  const denies = statements.some(({ matched }) => matched);
  return { rung: 'deny', verdict: denies ? 'failed' : 'passed', statements };
}

function layerRung(
  { layer, level, statements }: LayerTrace,
  { decision, layer: deciding }: Pick<Simulation, 'decision' | 'layer'>,
): CheckRung {
  const allows = statements.filter((each) => !isDeny(each) && isNear(each));
  const passes = allows.some(({ matched }) => matched) || layer === 'resourceControl';
  const fails = !passes && decision === 'implicitDeny' && layer === deciding;
  return {
    rung: layer,
    ...(level !== undefined && { level }),
    verdict: passes ? 'passed' : fails ? 'failed' : 'open',
    statements: allows,
  };
}

const isDeny = ({ effect }: StatementTrace): boolean => effect === 'Deny';

/** A statement about other actions explains nothing. */
const isNear = ({ mismatch }: StatementTrace): boolean =>
  mismatch?.element !== 'Action' && mismatch?.element !== 'NotAction';

function nearMisses(
  layers: readonly LayerTrace[],
  { decision, layer: deciding }: Pick<Simulation, 'decision' | 'layer'>,
): readonly NearMiss[] {
  if (decision !== 'implicitDeny') return [];
  return layers
    .filter(({ layer }) => layer === deciding)
    .flatMap(({ statements }) => statements)
    .filter((each) => !isDeny(each) && isNear(each))
    .flatMap(({ effect: _, matched: __, mismatch, ...ref }) => (mismatch ? [{ ...ref, mismatch }] : []));
}

const distinct = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [JSON.stringify(change), change])).values(),
];

const DENIALS: ReadonlySet<DecisionRecord['outcome']> = new Set(['denied', 'rejected', 'audited']);

/** The newest record of a request that was denied or rejected; those of `mode: audit` were denied, too. */
export const lastDenial = (records: readonly DecisionRecord[]): DecisionRecord | undefined =>
  records.findLast(({ outcome }) => DENIALS.has(outcome));
