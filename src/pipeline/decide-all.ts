import type { Directory } from '../directory/directory.ts';
import { policiesFor } from '../directory/policies-for.ts';
import { decide } from '../engine/decide.ts';
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
  const decidedUndocumented = named.undocumented.map(answer);
  const binding = undocumentedChecks === 'enforce' ? [...decided, ...decidedUndocumented] : decided;
  const refusal = binding.find(({ decision }) => decision.decision !== 'allowed');
  return { ...named, decided, decidedUndocumented, ...(refusal && { refusal }) };
}
