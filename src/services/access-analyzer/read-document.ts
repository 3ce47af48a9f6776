import type { NamedPolicy } from '../../engine/policy-set.ts';
import { duplicateKeys } from '../../lib/document.ts';
import type { AwsError, Diagnostic } from '../../lib/errors.ts';
import { readJson } from '../../lib/json-position.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { Policy, PrincipalElement, Statement } from '../../policy/ast.ts';
import { readLenientPolicy } from '../../policy/parse.ts';
import { invalidParameter } from './call.ts';

export type CheckedType = 'IDENTITY_POLICY' | 'RESOURCE_POLICY';

/**
 * Errors that leave the document unambiguous: IAM refuses to store it, and Access Analyzer reads it. A resource
 * or a value that IAM does not take is a pattern like any other, two statements may have one Sid, and an element without
 * entries matches nothing.
 */
const READABLE: ReadonlySet<string> = new Set([
  'duplicate-sid',
  'empty-list',
  'invalid-condition-value',
  'invalid-principal',
  'invalid-resource',
]);

/** A document as the policy checks read it: leniently, but never as another one than it could be. */
export function readDocument(text: string, member: string, type: CheckedType): Result<NamedPolicy, AwsError> {
  const json = readJson(text);
  const faults = json.ok ? duplicateKeys(json.value) : json.error;
  const read = json.ok && faults.length === 0 ? readLenientPolicy(json.value) : undefined;
  const refused = read ? read.errors.find(({ rule }) => !READABLE.has(rule)) : faults[0];
  if (read?.policy === undefined || refused !== undefined) return unreadable(member, refused);
  const doubt = read.policy.statements.map((statement) => doubtOf(statement, type)).find(Boolean);
  if (doubt) return invalidParameter(`The policy in ${member} cannot be checked: ${doubt}`);
  return ok({ name: member, policy: read.policy });
}

const unreadable = (member: string, fault: Diagnostic | undefined) =>
  invalidParameter(
    `The policy in ${member} is not valid${fault?.line === undefined ? '' : ` at line ${fault.line}, column ${fault.column}`}: ${fault?.message ?? 'it is no policy'}.`,
  );

/** What in a statement could mean one thing or another. */
function doubtOf({ index, principal, action, resource }: Statement, type: CheckedType): string | undefined {
  const lists = [action, ...(resource ? [resource] : [])];
  const empty = lists.find(({ element, patterns }) => element.startsWith('Not') && patterns.length === 0);
  if (empty || (principal?.element === 'NotPrincipal' && principal.entries.length === 0))
    return `statement ${index} excludes nothing by an empty list.`;
  if (type === 'IDENTITY_POLICY' && principal)
    return `statement ${index} has a ${principal.element}, which a policy of type ${type} has not.`;
  if (type === 'RESOURCE_POLICY' && !principal)
    return `statement ${index} has no Principal, which a policy of type ${type} needs.`;
  const open = principal?.entries.find(({ type: kind, value }) => isOpen(kind, value.text));
  return open && `statement ${index} has a wildcard in the principal "${open.value.text}".`;
}

/** A wildcard that names no set of principals: `*` is everyone, and every provider. */
const isOpen = (type: string, text: string): boolean =>
  /[*?]/.test(text) && !(text === '*' && (type === 'AWS' || type === 'Federated'));

/** Providers that no policy names. */
const OTHER_PROVIDERS = [
  'arn:aws:iam::999999999999:oidc-provider/other.example.com',
  'arn:aws:iam::999999999999:saml-provider/Other',
];

/**
 * Documents in which `"Federated": "*"` is written as the providers that any of them names, and others: to the engine, as to
 * IAM, a provider has no wildcards.
 */
export function withEveryProvider(policies: readonly NamedPolicy[]): readonly NamedPolicy[] {
  const entries = policies.flatMap(({ policy }) =>
    policy.statements.flatMap(({ principal }) => principal?.entries ?? []),
  );
  const named = entries.flatMap(({ type, value }) => (type === 'Federated' ? [value.text] : []));
  if (!named.includes('*')) return policies;
  const providers = [...new Set([...named.filter((text) => text !== '*'), ...OTHER_PROVIDERS])];
  const spelled = (element: PrincipalElement): PrincipalElement => ({
    ...element,
    entries: element.entries.flatMap((entry) =>
      entry.type === 'Federated' && entry.value.text === '*'
        ? providers.map((text) => ({ ...entry, value: { ...entry.value, text } }))
        : [entry],
    ),
  });
  const inPolicy = (policy: Policy): Policy => ({
    ...policy,
    statements: policy.statements.map((statement) =>
      statement.principal ? { ...statement, principal: spelled(statement.principal) } : statement,
    ),
  });
  return policies.map((named) => ({ ...named, policy: inPolicy(named.policy) }));
}
