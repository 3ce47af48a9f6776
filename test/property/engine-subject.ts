import { readPolicies } from '../../src/directory/policy-documents.ts';
import { parsePrincipalArn } from '../../src/directory/principal-arn.ts';
import type { Change } from '../../src/engine/change.ts';
import type { NamedPolicy, PolicySet } from '../../src/engine/policy-set.ts';
import type { AuthorizationRequest, ContextValue } from '../../src/engine/request.ts';
import { parseArn } from '../../src/lib/arn.ts';
import { fromValue } from '../../src/lib/document.ts';
import { accountId, arnOf } from '../../src/lib/identifiers.ts';
import type { Question } from '../differential/arbitraries.ts';
import type { Document, LinePolicies } from '../differential/line.ts';

export function policySetOf(policies: LinePolicies): PolicySet {
  const read = readPolicies(fromValue(policies), { trust: false });
  if (!read.ok) throw new Error(read.error.join('; '));
  return read.value;
}

export function requestOf({ principal: { arn }, action, resource, context }: Question): AuthorizationRequest {
  const principal = parsePrincipalArn(arn);
  if (principal === undefined) throw new Error(`no principal: ${arn}`);
  const keys = Object.entries(context).map(([key, value]) => [key.toLowerCase(), value] as const);
  return { principal, action, resource: arnOf(resource), context: new Map(keys) };
}

/** Applies a change to the documents of every layer. */
export function mapDocuments(policies: LinePolicies, change: (document: Document) => Document): LinePolicies {
  const { identity, resourcePolicy, permissionsBoundary, session, serviceControl, resourceControl } =
    policies;
  return {
    ...(identity && { identity: identity.map((each) => ({ ...each, document: change(each.document) })) }),
    ...(resourcePolicy && {
      resourcePolicy: { ...resourcePolicy, document: change(resourcePolicy.document) },
    }),
    ...(permissionsBoundary && { permissionsBoundary: change(permissionsBoundary) }),
    ...(session && { session: session.map(change) }),
    ...(serviceControl && { serviceControl: serviceControl.map((level) => level.map(change)) }),
    ...(resourceControl && { resourceControl: resourceControl.map((level) => level.map(change)) }),
  };
}

/** The policies after the change. */
export function withChange(set: PolicySet, change: Change, resource: string): PolicySet {
  if (change.kind === 'removeDeny')
    return mapPolicies(set, (named) => ({
      ...named,
      policy: {
        ...named.policy,
        statements: named.policy.statements.filter(
          ({ index }) =>
            !change.statements.some((ref) => ref.policy === named.name && ref.statement === index),
        ),
      },
    }));
  // The policies stay.
  if (change.kind === 'sendContext' || change.kind === 'impossible') return set;
  const added = policyOf(change.statement);
  const level = 'level' in change ? change.level : undefined;
  switch (change.layer) {
    case 'identity':
      return { ...set, identity: [...set.identity, added] };
    case 'session':
      return { ...set, session: [...(set.session ?? []), added] };
    case 'permissionsBoundary':
      return { ...set, permissionsBoundary: merged(set.permissionsBoundary, added) };
    case 'resourcePolicy': {
      const account = set.resourcePolicy?.account ?? accountId(parseArn(resource)?.account ?? '');
      return { ...set, resourcePolicy: { policy: merged(set.resourcePolicy?.policy, added), account } };
    }
    case 'serviceControl':
      return {
        ...set,
        serviceControl: (set.serviceControl ?? []).map((policies, index) =>
          index === level ? [...policies, added] : policies,
        ),
      };
  }
}

/** The request as it would be if it carried what the change says. */
export function withSent(request: AuthorizationRequest, change: Change): AuthorizationRequest {
  if (change.kind !== 'sendContext') return request;
  const sent = new Map(change.entries.map(({ key, value }) => [key.toLowerCase(), value]));
  const implied = new Map<string, ContextValue>();
  if (sent.has('aws:multifactorauthpresent')) implied.set('aws:multifactorauthage', '0');
  if (sent.has('aws:multifactorauthage')) implied.set('aws:multifactorauthpresent', 'true');
  const tags = change.entries.flatMap(({ key }) => /^aws:requesttag\/(.+)$/i.exec(key)?.[1] ?? []);
  if (tags.length > 0)
    implied.set('aws:tagkeys', [...new Set([...[request.context.get('aws:tagkeys') ?? []].flat(), ...tags])]);
  const { context } = request;
  return { ...request, context: { get: (key) => implied.get(key) ?? sent.get(key) ?? context.get(key) } };
}

function mapPolicies(set: PolicySet, map: (named: NamedPolicy) => NamedPolicy): PolicySet {
  const { permissionsBoundary, session, serviceControl, resourceControl, resourcePolicy } = set;
  return {
    identity: set.identity.map(map),
    ...(permissionsBoundary && { permissionsBoundary: map(permissionsBoundary) }),
    ...(session && { session: session.map(map) }),
    ...(serviceControl && { serviceControl: serviceControl.map((level) => level.map(map)) }),
    ...(resourceControl && { resourceControl: resourceControl.map((level) => level.map(map)) }),
    ...(resourcePolicy && { resourcePolicy: { ...resourcePolicy, policy: map(resourcePolicy.policy) } }),
  };
}

/** Parsed as part of an identity-based policy or, if it has a Principal, of a resource-based one. */
function policyOf(statement: { readonly Principal?: unknown }): NamedPolicy {
  const document = { Version: '2012-10-17', Statement: statement };
  const read = readPolicies(
    fromValue(
      statement.Principal === undefined
        ? { identity: [{ name: 'added', document }] }
        : { resourcePolicy: { document, account: '' } },
    ),
    { trust: !('Resource' in statement) },
  );
  if (!read.ok) throw new Error(`the suggested statement is not a valid policy: ${read.error.join('; ')}`);
  const [added] = [
    ...read.value.identity,
    ...(read.value.resourcePolicy ? [read.value.resourcePolicy.policy] : []),
  ];
  if (added === undefined) throw new Error('the suggested statement is not a valid policy');
  return added;
}

const merged = (base: NamedPolicy | undefined, added: NamedPolicy): NamedPolicy =>
  base === undefined
    ? added
    : {
        ...base,
        policy: { ...base.policy, statements: [...base.policy.statements, ...added.policy.statements] },
      };
