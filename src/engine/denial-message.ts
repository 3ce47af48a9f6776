import type { Decision, Layer } from './decision.ts';
import { isRoleAssumption } from './ownership.ts';
import { nameOf } from './principal.ts';
import type { AuthorizationRequest } from './request.ts';

type PolicyType = Layer | 'trustPolicy';

interface Clauses {
  /** `undefined`: policies of this type never deny implicitly. */
  readonly implicit: ((action: string) => string) | undefined;
  readonly explicit: string;
}

const noneAllows = (policies: string) => (action: string) =>
  `because no ${policies} allows the ${action} action`;

/**
 * AWS's wording for each policy type. @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const CLAUSES: Readonly<Record<PolicyType, Clauses>> = {
  serviceControl: {
    implicit: noneAllows('service control policy'),
    explicit: 'with an explicit deny in a service control policy',
  },
  resourceControl: {
    implicit: undefined,
    explicit: 'with an explicit deny in a resource control policy',
  },
  permissionsBoundary: {
    implicit: noneAllows('permissions boundary'),
    explicit: 'with an explicit deny in a permissions boundary',
  },
  session: {
    implicit: noneAllows('session policy'),
    explicit: 'with an explicit deny in a session policy',
  },
  resourcePolicy: {
    implicit: noneAllows('resource-based policy'),
    explicit: 'with an explicit deny in a resource-based policy',
  },
  trustPolicy: {
    implicit: noneAllows('role trust policy'),
    explicit: 'with an explicit deny in the role trust policy',
  },
  identity: {
    implicit: noneAllows('identity-based policy'),
    explicit: 'with an explicit deny in an identity-based policy',
  },
};

/**
 * AWS's message for a denial: `User: ARN is not authorized to perform: ACTION on resource: ARN because no
 * identity-based policy allows the ACTION action`. It names one policy type only, even if several deny.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialMessage(request: AuthorizationRequest, decision: Decision): string {
  const clause = clauseOf(request, decision);
  return clause === undefined ? denialSentence(request) : `${denialSentence(request)} ${clause}`;
}

/** The same message without the policy type. */
export const denialSentence = ({ principal, action, resource }: AuthorizationRequest): string =>
  `User: ${nameOf(principal)} is not authorized to perform: ${action} on resource: ${resource}`;

function clauseOf(
  { action, resource }: AuthorizationRequest,
  { decision, layer }: Decision,
): string | undefined {
  const trust = layer === 'resourcePolicy' && isRoleAssumption(action, resource);
  const { implicit, explicit } = CLAUSES[trust ? 'trustPolicy' : layer];
  return decision === 'explicitDeny' ? explicit : implicit?.(action);
}
