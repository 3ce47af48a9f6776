import { decide } from '../engine/decide.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import type { Decided, DecidedCheck, Named } from './stages.ts';

/**
 * Puts every question of a request to the engine. All checks of an operation must be allowed; the first that is not is
 * the one that AWS answers with. Undocumented checks count only where the configuration says `enforce`.
 */
export function decideAll(named: Named, undocumentedChecks: 'report' | 'enforce'): Decided {
  const answer = (question: AuthorizationRequest): DecidedCheck => ({
    question,
    decision: decide(question, named.caller.policies),
  });
  const decided = named.checks.map(answer);
  const decidedUndocumented = named.undocumented.map(answer);
  const binding = undocumentedChecks === 'enforce' ? [...decided, ...decidedUndocumented] : decided;
  const refusal = binding.find(({ decision }) => decision.decision !== 'allowed');
  return { ...named, decided, decidedUndocumented, ...(refusal && { refusal }) };
}
