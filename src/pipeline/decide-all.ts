import { type CompiledPolicies, compile } from '../engine/compile.ts';
import { decide } from '../engine/decide.ts';
import { isRoleAssumption } from '../engine/ownership.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import type { Caller, Directory } from '../identity/directory.ts';
import { parseArn } from '../lib/arn.ts';
import type { Decided, DecidedCheck, Named } from './stages.ts';

/**
 * Puts every question of a request to the engine. All checks of an operation must be allowed; the first that is not is
 * the one that AWS answers with. Undocumented checks count only where the configuration says `enforce`.
 */
export function decideAll(
  named: Named,
  directory: Directory,
  undocumentedChecks: 'report' | 'enforce',
): Decided {
  const answer = (question: AuthorizationRequest): DecidedCheck => ({
    question,
    decision: decide(question, policiesFor(question, named.caller, directory)),
  });
  const decided = named.checks.map(answer);
  const decidedUndocumented = named.undocumented.map(answer);
  const binding = undocumentedChecks === 'enforce' ? [...decided, ...decidedUndocumented] : decided;
  const refusal = binding.find(({ decision }) => decision.decision !== 'allowed');
  return { ...named, decided, decidedUndocumented, ...(refusal && { refusal }) };
}

/** The caller's policies; where a role is assumed, the role's trust policy beside them. */
function policiesFor(
  { action, resource }: AuthorizationRequest,
  { policies, policySet }: Caller,
  directory: Directory,
): CompiledPolicies {
  if (!isRoleAssumption(action, resource)) return policies;
  const role = [...directory.roles.values()].find(({ arn }) => arn === resource);
  const account = parseArn(resource)?.account ?? directory.account;
  return compile({ ...policySet, resourcePolicy: { policy: role?.trustPolicy ?? NO_TRUST, account } });
}

/** A role that does not exist trusts nobody: it is refused as one that exists and does not trust. */
const NO_TRUST: NamedPolicy = {
  name: 'no-trust',
  policy: { version: '2012-10-17', statements: [], size: 0 },
};
