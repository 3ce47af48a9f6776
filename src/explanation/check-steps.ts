import type { Layer, StatementRef } from '../engine/decision.ts';
import type { LayerTrace, Mismatch, StatementTrace } from '../engine/trace.ts';
import type { Simulation } from './simulation.ts';

/** One evaluation step of a check: what a layer, or all explicit denies together, said. */
export interface CheckStep {
  readonly step: 'deny' | Layer;
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

/** How a check was evaluated, for people: one model for recorded decisions and for questions. */
export interface CheckSteps {
  /** Explicit denies first, then the layers in the order in which AWS asks them. */
  readonly steps: readonly CheckStep[];
  readonly nearMisses: readonly NearMiss[];
}

export function explainSteps(simulation: Simulation): CheckSteps {
  const { layers } = simulation;
  const steps = [denyStep(layers), ...layers.map((layer) => layerStep(layer, simulation))];
  return { steps, nearMisses: nearMisses(layers, simulation) };
}

/** A deny anywhere is looked for before anything else is. */
function denyStep(layers: readonly LayerTrace[]): CheckStep {
  const statements = layers.flatMap((layer) => layer.statements.filter(isDeny)).filter(isNear);
  const denies = statements.some(({ matched }) => matched);
  return { step: 'deny', verdict: denies ? 'failed' : 'passed', statements };
}

function layerStep(
  { layer, level, statements }: LayerTrace,
  { decision, layer: deciding }: Pick<Simulation, 'decision' | 'layer'>,
): CheckStep {
  const allows = statements.filter((each) => !isDeny(each) && isNear(each));
  const passes = allows.some(({ matched }) => matched) || layer === 'resourceControl';
  const fails = !passes && decision === 'implicitDeny' && layer === deciding;
  return {
    step: layer,
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
