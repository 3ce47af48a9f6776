/**
 * The reference evaluator: IAM's evaluation logic, slow and simple, written to be compared with the AWS pages. It
 * works on raw documents and shares no code with `src/`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */

import type { Context, Document, Line, Statement } from './line.ts';
import { conditionHolds, covers, fill } from './naive-condition.ts';

export type Verdict = `${'allowed' | 'explicitDeny' | 'implicitDeny'} by ${string}`;
type Naming = 'directly' | 'role' | 'account';
type Caller = ReturnType<typeof callerOf>;

export function evaluateNaively(line: Line): Verdict {
  const { policies, action, resource } = line;
  const caller = callerOf(line.principal.arn, line.context);
  // These return the caller's identity: they cannot be denied, and require credentials.
  if (/^sts:(GetCallerIdentity|GetSessionToken)$/i.test(action))
    return caller.account === '' ? 'implicitDeny by resourcePolicy' : 'allowed by identity';
  // The caller's own policies apply to callers with an account: not to services, nor to callers without credentials.
  const ofCaller = caller.account === '' ? {} : policies;
  const layers = {
    resourceControl: caller.linked || !isRcpAction(action) ? [] : (policies.resourceControl ?? []).flat(),
    serviceControl: caller.linked ? [] : (ofCaller.serviceControl ?? []).flat(),
    resourcePolicy: listOf(policies.resourcePolicy?.document),
    identity: (ofCaller.identity ?? []).map(({ document }) => document),
    permissionsBoundary: listOf(ofCaller.permissionsBoundary),
    session: listOf(ofCaller.session),
  };
  const matching = (documents: readonly Document[], effect: Statement['Effect']): readonly Statement[] =>
    documents.flatMap((document) =>
      listOf(document.Statement).filter(
        (statement) => statement.Effect === effect && statementMatches(statement, document, line, caller),
      ),
    );
  const allows = (documents: readonly Document[]): boolean => matching(documents, 'Allow').length > 0;

  // Step 1: an explicit deny in any policy.
  for (const [layer, documents] of Object.entries(layers))
    if (matching(documents, 'Deny').length > 0) return `explicitDeny by ${layer}`;

  // Step 2: every level of service control policies. (RCPFullAWSAccess allows at every level of resource control policies.)
  if (!caller.linked && !(ofCaller.serviceControl ?? []).every(allows))
    return 'implicitDeny by serviceControl';

  // Step 3: the resource-based policy.
  const namings = matching(layers.resourcePolicy, 'Allow').map((statement) => namedBy(statement, caller));
  const grant = (['directly', 'role', 'account'] as const).find((naming) => namings.includes(naming));
  if (caller.account === '') return grant ? 'allowed by resourcePolicy' : 'implicitDeny by resourcePolicy';
  const owner = policies.resourcePolicy?.account ?? resource.split(':')[4] ?? '';
  const sameAccount = !/^\d{12}$/.test(owner) || owner === caller.account;
  // Role trust policies and KMS key policies must grant in any case; a resource of another account requires a grant,
  // too.
  const keepsItsOwn =
    (/^sts:/i.test(action) && /^arn:[^:]*:iam::\d*:role\//.test(resource)) ||
    (/^kms:/i.test(action) && /^arn:[^:]*:kms:[^:]*:\d*:key\//.test(resource));
  const mustGrant = !sameAccount || (policies.resourcePolicy && keepsItsOwn);
  if (sameAccount && grant === 'directly') return 'allowed by resourcePolicy';
  if (mustGrant && !grant) return 'implicitDeny by resourcePolicy';

  // Step 4: the identity-based policies. Root has full access; a grant to a role's ARN in its own account is
  // sufficient.
  const granted = sameAccount && grant === 'role';
  if (!granted && !caller.root && !allows(layers.identity)) return 'implicitDeny by identity';

  // Steps 5 and 6: permissions boundary and session policies. A federated user has only what the session policies
  // grant.
  if (policies.permissionsBoundary && !allows(layers.permissionsBoundary))
    return 'implicitDeny by permissionsBoundary';
  if ((layers.session.length > 0 || caller.federated) && !allows(layers.session))
    return 'implicitDeny by session';
  return granted ? 'allowed by resourcePolicy' : 'allowed by identity';
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** For the services in the generators: IAM is not on AWS's list, and one action is exempt. */
const isRcpAction = (action: string): boolean => /^(personalize|s3|sts|kms):(?!RetireGrant$)/i.test(action);

/** All principals that the caller matches, from the broadest to its own. */
function callerOf(arn: string, context: Context) {
  const [, partition, , , account = '', id = ''] = arn.split(':');
  const [kind = '', name] = id.split('/');
  const names: { as: Naming; texts: string[] }[] = [];
  if (['user', 'role', 'assumed-role', 'federated-user'].includes(kind))
    names.push({ as: 'account', texts: [account, `arn:${partition}:iam::${account}:root`] });
  if (kind === 'role') names.push({ as: 'role', texts: [arn] });
  // The path of a session's role is in aws:PrincipalArn only.
  const key = Object.keys(context).find((each) => each.toLowerCase() === 'aws:principalarn');
  const value = key === undefined ? '' : context[key];
  const given = typeof value === 'string' ? value : '';
  const itsRole = new RegExp(`^arn:${partition}:iam::${account}:role(/.+)?/${name}$`).test(given);
  const role = itsRole ? given : `arn:${partition}:iam::${account}:role/${name}`;
  if (kind === 'assumed-role') names.push({ as: 'role', texts: [role] });
  if (kind === 'root') names.push({ as: 'directly', texts: [account, arn] });
  else if (kind !== 'role') names.push({ as: 'directly', texts: [arn] });
  const inAccount = kind === 'root' || names.length > 1;
  return {
    names,
    account: inAccount ? account : '',
    root: kind === 'root',
    federated: kind === 'federated-user',
    linked: /:role\/aws-service-role\//.test(kind === 'role' ? arn : kind === 'assumed-role' ? role : ''),
  };
}

const principalsIn = (element: Statement['Principal']): readonly string[] =>
  typeof element === 'object' ? Object.values(element).flatMap((texts) => listOf(texts)) : listOf(element);

/** The closest match of a statement's Principal with the caller. */
function namedBy(statement: Statement, { names }: Caller): Naming | undefined {
  const named = principalsIn(statement.Principal);
  return named.includes('*')
    ? 'directly'
    : names.findLast(({ texts }) => texts.some((t) => named.includes(t)))?.as;
}

/**
 * NotPrincipal exempts a caller only if all its principals are listed, and never one that has a permissions boundary.
 */
function spares(statement: Statement, line: Line, { names }: Caller): boolean {
  const listed = principalsIn(statement.NotPrincipal);
  if (line.policies.permissionsBoundary) return false;
  return listed.includes('*') || names.every(({ texts }) => texts.some((text) => listed.includes(text)));
}

function statementMatches(statement: Statement, document: Document, line: Line, caller: Caller): boolean {
  const variables = document.Version === '2012-10-17';
  const isAction = (pattern: string) =>
    covers(fill(pattern.toLowerCase(), {}, { wildcards: true, variables: false }), line.action.toLowerCase());
  const resource = (pattern: string) =>
    fill(completed(pattern), line.context, { wildcards: true, variables });
  const isResource = (pattern: string) => covers(resource(pattern), line.resource);
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  return (
    (!Principal || namedBy(statement, caller) !== undefined) &&
    (!NotPrincipal || !spares(statement, line, caller)) &&
    (!Action || listOf(Action).some(isAction)) &&
    (!NotAction || !listOf(NotAction).some(isAction)) &&
    (!Resource || listOf(Resource).some(isResource)) &&
    (!NotResource || !listOf(NotResource).some(isResource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) =>
        conditionHolds(operator, key, listOf(values).map(String), {
          context: line.context,
          variables,
          effect: statement.Effect,
        }),
      ),
    )
  );
}

/** An ARN with fewer than six parts is completed with asterisks. */
const completed = (arn: string): string =>
  arn === '*' ? arn : arn + ':*'.repeat(Math.max(0, 6 - arn.split(':').length));
