import type { Diagnostic } from '../lib/errors.ts';
import type { Policy, Position, Statement } from './ast.ts';
import { type PolicyKind, SIZE_LIMITS } from './policy-kind.ts';
import { isOriginAccessIdentity } from './principal-pattern.ts';
import { isRcpService } from './rcp-services.ts';
import { Report } from './report.ts';
import { isIncompleteArn } from './resource-pattern.ts';

export type { PolicyKind } from './policy-kind.ts';

type Check = (statement: Statement, report: Report) => void;

/** The rules for each statement of a policy of this kind, besides those for every policy. */
const CHECKS: Readonly<Record<PolicyKind, readonly Check[]>> = {
  managed: [noPrincipal, needsResource, plainSid],
  permissionsBoundary: [noPrincipal, needsResource, plainSid],
  inline: [noPrincipal, needsResource, plainSid],
  session: [noPrincipal, needsResource, plainSid, completeArns],
  serviceControl: [noPrincipal, needsResource, plainSid],
  resourceControl: [
    needsPrincipal,
    needsResource,
    plainSid,
    noNotPrincipal,
    everyPrincipal,
    plainAction,
    listedService,
    onlyDeny,
  ],
  trust: [needsPrincipal, noResource, plainSid, noNotPrincipal, noOriginAccessIdentity, stsActions],
  resource: [needsPrincipal, needsResource, notPrincipalDenies],
};

const IDENTITY_KINDS: ReadonlySet<PolicyKind> = new Set([
  'managed',
  'permissionsBoundary',
  'inline',
  'session',
]);

/**
 * What AWS rejects, or interprets in an unexpected way, in a policy of this kind. Empty for a valid policy.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function validatePolicy(
  policy: Policy,
  kind: PolicyKind,
  { file }: { readonly file?: string } = {},
): readonly Diagnostic[] {
  const report = new Report(file);
  checkSize(policy, kind, report);
  if (kind === 'managed' && policy.version !== '2012-10-17')
    report.warning(
      'old-version',
      'AWS accepts only Version 2012-10-17 for managed policies',
      startOf(policy),
    );
  if (kind === 'resourceControl' && policy.version !== '2012-10-17') {
    const message =
      'without Version 2012-10-17, policy variables are literal text: the policy may deny less than intended';
    report.warning('old-version', message, startOf(policy));
  }
  if (policy.id && IDENTITY_KINDS.has(kind))
    report.warning(
      'id',
      'Id is used only in resource-based policies; AWS ignores it here',
      policy.id.position,
    );
  if (kind === 'resourceControl' && isFullAccess(policy)) return report.all();
  for (const statement of policy.statements) for (const check of CHECKS[kind]) check(statement, report);
  return report.all();
}

function checkSize(policy: Policy, kind: PolicyKind, report: Report): void {
  const limit = SIZE_LIMITS[kind];
  if (limit === undefined || policy.size <= limit.default) return;
  const has = `the policy has ${policy.size} characters without white space`;
  if (policy.size > limit.most)
    report.error('policy-size', `${has}; AWS allows at most ${limit.most}`, startOf(policy));
  else
    report.warning(
      'policy-size',
      `${has}; AWS allows ${limit.default} unless the quota is raised`,
      startOf(policy),
    );
}

/** An error of the whole document is reported at its start, if it has positions. */
const startOf = ({ statements }: Policy): Position | undefined =>
  statements[0]?.position && { line: 1, column: 1 };

function noPrincipal({ principal, position }: Statement, report: Report): void {
  if (principal === undefined) return;
  const message = `${principal.element} is not allowed here: the principal is the identity to which the policy is attached`;
  report.error('principal-not-allowed', message, principal.entries[0]?.value.position ?? position);
}

function needsPrincipal({ principal, position }: Statement, report: Report): void {
  if (principal === undefined) report.error('missing-principal', 'the statement has no Principal', position);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html */
function noNotPrincipal({ principal, position }: Statement, report: Report): void {
  if (principal?.element !== 'NotPrincipal') return;
  const place = principal.entries[0]?.value.position ?? position;
  report.error('not-principal', 'NotPrincipal is not allowed in this type of policy', place);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html */
function notPrincipalDenies({ principal, effect, position }: Statement, report: Report): void {
  if (principal?.element !== 'NotPrincipal' || effect === 'Deny') return;
  const place = principal.entries[0]?.value.position ?? position;
  report.error('not-principal', 'NotPrincipal is allowed only with "Effect": "Deny"', place);
}

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html */
function noOriginAccessIdentity({ principal, position }: Statement, report: Report): void {
  const named = principal?.entries.find(({ value }) => isOriginAccessIdentity(value.text));
  if (named === undefined) return;
  const message = `only bucket policies support the principal "${named.value.text}"`;
  report.error('invalid-principal', message, named.value.position ?? position);
}

function needsResource({ resource, position }: Statement, report: Report): void {
  if (resource === undefined)
    report.error('missing-resource', 'the statement has no Resource (or NotResource)', position);
}

function noResource({ resource, position }: Statement, report: Report): void {
  if (resource === undefined) return;
  const message = `${resource.element} is not allowed in a trust policy: the role itself is the resource`;
  report.error('resource-not-allowed', message, resource.patterns[0]?.position ?? position);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
function plainSid({ sid }: Statement, report: Report): void {
  if (sid && !/^[0-9A-Za-z]*$/.test(sid.text))
    report.error('invalid-sid', `the Sid "${sid.text}" may contain letters and digits only`, sid.position);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function completeArns({ resource }: Statement, report: Report): void {
  for (const { text, position } of resource?.patterns ?? [])
    if (isIncompleteArn(text)) {
      const message = `"${text}" does not have the six parts of an ARN; AWS completes them everywhere except in session policies`;
      report.error('incomplete-arn', message, position);
    }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function stsActions({ action }: Statement, report: Report): void {
  for (const { text, position } of action.patterns)
    if (!/^sts:/i.test(text))
      report.error('trust-action', `a trust policy supports actions of sts only, not "${text}"`, position);
}

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html */
function onlyDeny({ effect, position }: Statement, report: Report): void {
  if (effect === 'Allow')
    report.error('rcp-allow', 'a resource control policy can only deny; RCPFullAWSAccess allows', position);
}

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html */
function everyPrincipal({ principal, position }: Statement, report: Report): void {
  if (principal?.element !== 'Principal') return;
  const [only, ...others] = principal.entries;
  const named = principal.entries.find(({ type, value }) => type !== 'AWS' || value.text !== '*');
  if (named === undefined && others.length === 0 && principal.listOfOne === undefined) return;
  const message =
    'the Principal of a resource control policy must be "*" or {"AWS": "*"}; use Condition for exceptions';
  report.error('rcp-principal', message, (named ?? only)?.value.position ?? position);
}

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html */
function listedService({ action }: Statement, report: Report): void {
  for (const { text, position } of action.patterns) {
    const [prefix = '', name] = text.split(':');
    if (name !== undefined && isRcpService(prefix)) continue;
    const message =
      text === '*'
        ? 'the actions of a resource control policy must name a service: "s3:*", not "*"'
        : `resource control policies do not support the service "${prefix}"`;
    report.error('rcp-service', message, position);
  }
}

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html */
function plainAction({ action, position }: Statement, report: Report): void {
  if (action.element !== 'NotAction') return;
  const message = 'resource control policies do not support NotAction';
  report.error('rcp-not-action', message, action.patterns[0]?.position ?? position);
}

/** RCPFullAWSAccess itself, which AWS attaches everywhere: one statement that allows everything to all principals. */
function isFullAccess({ statements }: Policy): boolean {
  const [only, ...others] = statements;
  if (only === undefined || others.length > 0) return false;
  const { effect, principal, action, resource, conditions } = only;
  const isAll = (element: string, texts: readonly string[] = []): boolean =>
    !element.startsWith('Not') && texts.length === 1 && texts[0] === '*';
  return (
    effect === 'Allow' &&
    conditions.length === 0 &&
    isAll(
      principal?.element ?? 'Not',
      principal?.entries.map(({ value }) => value.text),
    ) &&
    isAll(
      action.element,
      action.patterns.map(({ text }) => text),
    ) &&
    isAll(
      resource?.element ?? 'Not',
      resource?.patterns.map(({ text }) => text),
    )
  );
}
