import type { NamedPolicy, PolicySet } from '../engine/policy-set.ts';
import { type DocumentNode, itemsOf, memberOf } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { accountId } from '../lib/identifiers.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Policy } from '../policy/ast.ts';
import { parsePolicyDocument } from '../policy/parse.ts';
import { type PolicyKind, validatePolicy } from '../policy/validate.ts';

/**
 * Parses and validates the `policies` of an `evaluate` line; returns every error of every document. Unnamed policies
 * are named by their path: `permissionsBoundary`, `serviceControl[0][1]`.
 *
 * An empty `session` list has the same meaning as in STS: no session policy was passed.
 */
export function readPolicies(
  policies: DocumentNode | undefined,
  { trust }: { readonly trust: boolean },
): Result<PolicySet, readonly string[]> {
  const reader = new PolicyReader();
  const boundary = memberOf(policies, 'permissionsBoundary');
  const session = itemsOf(memberOf(policies, 'session'));
  const serviceControl = memberOf(policies, 'serviceControl');
  const resourceControl = memberOf(policies, 'resourceControl');
  const resourcePolicy = memberOf(policies, 'resourcePolicy');
  const set: PolicySet = {
    identity: itemsOf(memberOf(policies, 'identity')).flatMap((item, index) =>
      reader.read(memberOf(item, 'document'), 'inline', `identity[${index}].document`, text(item, 'name')),
    ),
    ...one('permissionsBoundary', reader.read(boundary, 'permissionsBoundary', 'permissionsBoundary')),
    ...(session.length > 0 && { session: reader.readAll(session, 'session', 'session') }),
    ...(serviceControl && { serviceControl: reader.readLevels(serviceControl, 'serviceControl') }),
    ...(resourceControl && { resourceControl: reader.readLevels(resourceControl, 'resourceControl') }),
    ...resourcePolicyOf(reader, resourcePolicy, trust ? 'trust' : 'resource'),
  };
  return reader.diagnostics.length > 0 ? err(reader.diagnostics) : ok(set);
}

function resourcePolicyOf(
  reader: PolicyReader,
  node: DocumentNode | undefined,
  kind: PolicyKind,
): Pick<PolicySet, 'resourcePolicy'> {
  const read = reader.read(memberOf(node, 'document'), kind, 'resourcePolicy.document', 'resourcePolicy');
  const [policy] = read;
  return policy ? { resourcePolicy: { policy, account: accountId(text(node, 'account')) } } : {};
}

function one(name: 'permissionsBoundary', [policy]: readonly NamedPolicy[]): Pick<PolicySet, typeof name> {
  return policy ? { [name]: policy } : {};
}

class PolicyReader {
  readonly diagnostics: string[] = [];

  /** A list with one policy; empty if there is none, or an invalid one. */
  read(node: DocumentNode | undefined, kind: PolicyKind, path: string, name = path): readonly NamedPolicy[] {
    if (node === undefined) return [];
    const parsed = parsePolicyDocument(node, { reader: kind === 'session' ? 'session' : 'stored' });
    if (!parsed.ok) return this.#refuse(path, parsed.error);
    const { policy } = parsed.value;
    const diagnostics = validatePolicy(policy, kind);
    return diagnostics.some(isError)
      ? this.#refuse(path, diagnostics)
      : [{ name, policy: withoutPlaces(policy) }];
  }

  readAll(nodes: readonly DocumentNode[], kind: PolicyKind, path: string): readonly NamedPolicy[] {
    return nodes.flatMap((node, index) => this.read(node, kind, `${path}[${index}]`));
  }

  readLevels(
    node: DocumentNode,
    layer: 'serviceControl' | 'resourceControl',
  ): readonly (readonly NamedPolicy[])[] {
    return itemsOf(node).map((level, index) => this.readAll(itemsOf(level), layer, `${layer}[${index}]`));
  }

  #refuse(path: string, diagnostics: readonly Diagnostic[]): readonly NamedPolicy[] {
    for (const diagnostic of diagnostics.filter(isError))
      this.diagnostics.push(`policies.${path}: ${describe(diagnostic)}`);
    return [];
  }
}

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

const describe = ({ message, column }: Diagnostic): string =>
  column === undefined ? message : `${message} (column ${column})`;

/** Removes positions, which are meaningless for policies inside an input line. */
const withoutPlaces = (policy: Policy): Policy => ({
  ...policy,
  statements: policy.statements.map(({ position: _, ...statement }) => statement),
});

function text(node: DocumentNode | undefined, key: string): string {
  const value = memberOf(node, key);
  return value?.kind === 'scalar' ? value.text : '';
}
