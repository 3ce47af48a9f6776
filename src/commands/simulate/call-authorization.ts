import type { Checks } from '../../calls/service.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import { policiesFor } from '../../directory/policies-for.ts';
import type { Decision } from '../../engine/decision.ts';
import { type Simulation, simulate } from '../../explanation/simulation.ts';

/** What the policies say to a call, or to a single check. */
export interface Answer {
  readonly decision: Decision['decision'];
  readonly layer: Decision['layer'];
  /** Of all checks, where they are allowed. */
  readonly determining: Decision['determining'];
  /** The check that decided: the first that is refused, or the last. */
  readonly check: Simulation;
  /** Every check that is refused. */
  readonly refused: readonly Simulation[];
}

/** All checks of a call must be allowed; the first that is not decides. Undocumented checks count only where they are enforced. */
export function answerCall(
  { checks, undocumented }: Checks,
  caller: Caller,
  directory: Directory,
  undocumentedChecks: 'report' | 'enforce',
): Answer {
  const binding = undocumentedChecks === 'enforce' ? [...checks, ...undocumented] : checks;
  return answerOf(
    binding.map((question) => simulate({ ...question, policies: policiesFor(question, caller, directory) })),
  );
}

export function answerOf(checks: readonly Simulation[]): Answer {
  const refused = checks.filter(({ decision }) => decision !== 'allowed');
  const [first] = refused;
  const check = first ?? checks.at(-1);
  if (check === undefined) throw new Error('a call without a check');
  const { decision, layer } = check;
  const determining = first ? first.determining : checks.flatMap((each) => each.determining);
  return { decision, layer, determining, check, refused };
}
