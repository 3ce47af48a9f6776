import type { Checked, Decided, DecidedCheck, Question } from '../calls/service.ts';
import { authorize } from '../directory/authorize.ts';
import type { Directory } from '../directory/directory.ts';
import { iamActions } from '../model/iam-actions.ts';
import { TOLD_BY_RECORD } from '../records/recorded-context.ts';

/**
 * Decides every check of a call. All of them must be allowed; the first that is not is the one that AWS answers with.
 * Undocumented checks are binding only where the configuration says `enforce`.
 */
export function decideChecks(
  call: Checked,
  directory: Directory,
  undocumentedChecks: 'report' | 'enforce',
): Decided {
  const decide = (question: Question): DecidedCheck => ({
    question,
    decision: authorize(question, call.caller, directory),
    context: question.context.known(TOLD_BY_RECORD),
  });
  const decided = call.checks.map(decide);
  const inferred = decided.filter(isDeniedByInference);
  const decidedUndocumented =
    inferred.length + call.undocumented.length === 0 ? NONE : [...call.undocumented.map(decide), ...inferred];
  const refusal =
    decided.find(isDenied) ??
    (undocumentedChecks === 'enforce' ? decidedUndocumented.find(isDenied) : undefined);
  return { ...call, decided, decidedUndocumented, ...(refusal && { refusal }) };
}

const NONE: readonly DecidedCheck[] = [];

const isDenied = ({ decision }: DecidedCheck): boolean => decision.decision !== 'allowed';

/**
 * Whether a resource control policy denied an action that has no resource type. AWS documents that these policies apply to
 * resources; that they reach such actions is known of `sqs:ListQueues` only (docs/conformance.md).
 */
function isDeniedByInference({ question, decision }: DecidedCheck): boolean {
  if (decision.decision !== 'explicitDeny' || decision.layer !== 'resourceControl') return false;
  const [service = '', name = ''] = question.action.split(':');
  return iamActions().describe(service, name)?.resourceArns.length === 0;
}
