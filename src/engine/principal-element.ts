import type { PrincipalElement } from '../policy/ast.ts';
import type { Principal } from './principal.ts';
import type { Query } from './query.ts';

/**
 * How the Principal of a statement matches the caller. The match kind determines which other policies must allow:
 * - `direct`: the caller itself, a user, a session, a service, or `*`. In the caller's own account, no other policy
 *   must;
 * - `role`: the role of the session. The permissions boundary and session policies still limit it;
 * - `account`: the account of the caller. It delegates: an identity-based policy must allow as well.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type Naming = 'direct' | 'role' | 'account';

type Entry = PrincipalElement['entries'][number];

const ACCOUNT = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/;

/** How one entry matches the principal; `undefined` if it does not. A Principal supports no partial wildcards. */
function namingOfEntry({ type, value }: Entry, principal: Principal): Naming | undefined {
  if (type === 'AWS') return value.text === '*' ? 'direct' : namingOfAws(value.text, principal);
  if (type === 'Service') return isNamed(principal.type === 'Service' && principal.service === value.text);
  if (type === 'Federated')
    return isNamed(principal.type === 'WebIdentity' && principal.provider === value.text);
  return undefined;
}

const isNamed = (named: boolean): Naming | undefined => (named ? 'direct' : undefined);

function namingOfAws(text: string, principal: Principal): Naming | undefined {
  if (!('arn' in principal)) return undefined;
  // A role without a session (as in a simulation) matches in the same way as its sessions.
  if (principal.type === 'AssumedRole' && text === principal.roleArn) return 'role';
  if (text === principal.arn) return 'direct';
  if (ACCOUNT.exec(text)?.[1] !== principal.accountId) return undefined;
  return principal.type === 'Root' ? 'direct' : 'account';
}

const STRENGTH: readonly Naming[] = ['direct', 'role', 'account'];

/** The strongest match kind of a Principal element for the caller; `undefined` if it does not match or is absent. */
export function namingOf(element: PrincipalElement | undefined, principal: Principal): Naming | undefined {
  if (element?.element !== 'Principal') return undefined;
  const namings = element.entries.map((entry) => namingOfEntry(entry, principal));
  return STRENGTH.find((naming) => namings.includes(naming));
}

/**
 * All match kinds that apply to a type of caller: a session also matches by its role, and both match by their
 * account.
 */
const NAMES: Readonly<Record<Principal['type'], readonly Naming[]>> = {
  User: ['account', 'direct'],
  AssumedRole: ['account', 'role', 'direct'],
  FederatedUser: ['account', 'direct'],
  Root: ['direct'],
  Service: ['direct'],
  WebIdentity: ['direct'],
  Anonymous: ['direct'],
};

/**
 * Whether a statement's Principal or NotPrincipal matches the caller. `NotPrincipal` exempts a caller only if each of
 * its principals is listed (the session, its role and their account), and never one that has a permissions boundary.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function matchesPrincipal(element: PrincipalElement, { principal, bounded }: Query): boolean {
  if (element.element === 'Principal') return namingOf(element, principal) !== undefined;
  if (bounded) return true;
  if (element.entries.some(({ type, value }) => type === 'AWS' && value.text === '*')) return false;
  const listed = element.entries.map((entry) => namingOfEntry(entry, principal));
  return !namesOf(principal).every((name) => listed.includes(name));
}

const namesOf = (principal: Principal): readonly Naming[] =>
  principal.type === 'AssumedRole' && principal.arn === principal.roleArn
    ? ['account', 'role']
    : NAMES[principal.type];
