import type { PrincipalElement } from '../policy/ast.ts';
import type { Principal } from './principal.ts';
import type { Query } from './query.ts';

/**
 * How the Principal of a statement names the caller. It decides what else must allow:
 * - `direct`: the caller itself, a user, a session, a service, or everyone. In the caller's own account nothing else must;
 * - `role`: the role of the session. Boundary and session policies still limit it;
 * - `account`: the account of the caller. It delegates: an identity-based policy must allow as well.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type Naming = 'direct' | 'role' | 'account';

type Entry = PrincipalElement['entries'][number];

const ACCOUNT = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/;

/** How one entry names the principal; `undefined` where it does not. Principals know no partial wildcards. */
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
  // A role that is asked about itself, outside of any session, is named as its sessions are.
  if (principal.type === 'AssumedRole' && text === principal.roleArn) return 'role';
  if (text === principal.arn) return 'direct';
  if (ACCOUNT.exec(text)?.[1] !== principal.accountId) return undefined;
  return principal.type === 'Root' ? 'direct' : 'account';
}

const STRENGTH: readonly Naming[] = ['direct', 'role', 'account'];

/** The strongest way in which a Principal element names the caller; `undefined` where it does not, or where there is none. */
export function namingOf(element: PrincipalElement | undefined, principal: Principal): Naming | undefined {
  if (element?.element !== 'Principal') return undefined;
  const namings = element.entries.map((entry) => namingOfEntry(entry, principal));
  return STRENGTH.find((naming) => namings.includes(naming));
}

/** All the principals that a caller is at once: a session is also its role, and both are also their account. */
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
 * Whether a statement's Principal or NotPrincipal takes the caller in. `NotPrincipal` spares only a caller of whom every
 * name is listed (the session, its role and their account), and never one that has a permissions boundary.
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
