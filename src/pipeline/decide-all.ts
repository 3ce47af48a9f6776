import type { Directory } from '../directory/directory.ts';
import { policiesFor } from '../directory/policies-for.ts';
import { decide } from '../engine/decide.ts';
import { iamActions } from '../model/iam-actions.ts';
import { TOLD_BY_RECORD } from '../records/recorded-context.ts';
import type { Decided, DecidedCheck, Named, Question } from './stages.ts';

/**
 * Puts every question of a request to the engine. All checks of an operation must be allowed; the first that is not is
 * the one that AWS answers with. Undocumented checks count only where the configuration says `enforce`.
 */
export function decideAll(
  named: Named,
  directory: Directory,
  undocumentedChecks: 'report' | 'enforce',
): Decided {
  const answer = (question: Question): DecidedCheck => ({
    question,
    decision: decide(question, policiesFor(question, named.caller, directory)),
    context: question.context.known(TOLD_BY_RECORD),
  });
  const decided = named.checks.map(answer);
  const decidedUndocumented = [...named.undocumented.map(answer), ...decided.filter(isDeniedByInference)];
  const binding = undocumentedChecks === 'enforce' ? [...decided, ...decidedUndocumented] : decided;
  const refusal = binding.find(({ decision }) => decision.decision !== 'allowed');
  return { ...named, decided, decidedUndocumented, ...(refusal && { refusal }) };
}

/**
 * Whether a resource control policy denied an action that has no resource type. AWS documents that these policies apply to
 * resources; that they reach such actions is known of `sqs:ListQueues` only (docs/conformance.md).
 */
function isDeniedByInference({ question, decision }: DecidedCheck): boolean {
  if (decision.decision !== 'explicitDeny' || decision.layer !== 'resourceControl') return false;
  const [service = '', name = ''] = question.action.split(':');
  return iamActions().describe(service, name)?.resourceArns.length === 0;
}
