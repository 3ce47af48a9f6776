import type { Fault } from '../lib/errors.ts';
import type { Policy, Position, Statement } from './ast.ts';
import { type PolicyKind, SIZE_LIMITS } from './policy-kind.ts';
import { isOriginAccessIdentity } from './principal-pattern.ts';
import { isRcpService } from './rcp-services.ts';
import { Report } from './report.ts';
import { isIncompleteArn } from './resource-pattern.ts';

export type { PolicyKind } from './policy-kind.ts';

type Check = (statement: Statement, report: Report) => void;

/** What AWS demands of each statement of a policy of this kind, beside what it demands of every policy. */
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
 * What AWS refuses, or takes otherwise than it reads, in a policy that is put to this use. Empty for a policy that fits.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function validatePolicy(
  policy: Policy,
  kind: PolicyKind,
  { file }: { readonly file?: string } = {},
): readonly Fault[] {
  const report = new Report(file);
  checkSize(policy, kind, report);
  if (kind === 'managed' && policy.version !== '2012-10-17')
    report.warning('old-version', 'AWS creates managed policies of Version 2012-10-17 only', startOf(policy));
  if (kind === 'resourceControl' && policy.version !== '2012-10-17') {
    const message =
      'without Version 2012-10-17, policy variables are literal text: the policy may deny less than it says';
    report.warning('old-version', message, startOf(policy));
  }
  if (policy.id && IDENTITY_KINDS.has(kind))
    report.warning(
      'id',
      'Id belongs to resource-based policies; AWS does not use it here',
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
    report.error('policy-size', `${has}; AWS takes ${limit.most} at most`, startOf(policy));
  else
    report.warning(
      'policy-size',
      `${has}; AWS takes ${limit.default} unless the quota is raised`,
      startOf(policy),
    );
}

/** A fault of the whole document stands at its start, if it ever was a text. */
const startOf = ({ statements }: Policy): Position | undefined =>
  statements[0]?.position && { line: 1, column: 1 };

function noPrincipal({ principal, position }: Statement, report: Report): void {
  if (principal === undefined) return;
  const message = `${principal.element} cannot stand here: whom the policy is attached to is its principal`;
  report.error('principal-not-allowed', message, principal.entries[0]?.value.position ?? position);
}

function needsPrincipal({ principal, position }: Statement, report: Report): void {
  if (principal === undefined) report.error('missing-principal', 'the statement has no Principal', position);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html */
function noNotPrincipal({ principal, position }: Statement, report: Report): void {
  if (principal?.element !== 'NotPrincipal') return;
  const place = principal.entries[0]?.value.position ?? position;
  report.error('not-principal', 'NotPrincipal cannot stand in this kind of policy', place);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html */
function notPrincipalDenies({ principal, effect, position }: Statement, report: Report): void {
  if (principal?.element !== 'NotPrincipal' || effect === 'Deny') return;
  const place = principal.entries[0]?.value.position ?? position;
  report.error('not-principal', 'NotPrincipal works only with the Effect Deny', place);
}

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html */
function noOriginAccessIdentity({ principal, position }: Statement, report: Report): void {
  const named = principal?.entries.find(({ value }) => isOriginAccessIdentity(value.text));
  if (named === undefined) return;
  const message = `"${named.value.text}" is a principal of bucket policies only`;
  report.error('invalid-principal', message, named.value.position ?? position);
}

function needsResource({ resource, position }: Statement, report: Report): void {
  if (resource === undefined)
    report.error('missing-resource', 'the statement has no Resource (or NotResource)', position);
}

function noResource({ resource, position }: Statement, report: Report): void {
  if (resource === undefined) return;
  const message = `${resource.element} cannot stand in a trust policy: the role itself is the resource`;
  report.error('resource-not-allowed', message, resource.patterns[0]?.position ?? position);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
function plainSid({ sid }: Statement, report: Report): void {
  if (sid && !/^[0-9A-Za-z]*$/.test(sid.text))
    report.error('invalid-sid', `the Sid "${sid.text}" may hold letters and digits only`, sid.position);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function completeArns({ resource }: Statement, report: Report): void {
  for (const { text, position } of resource?.patterns ?? [])
    if (isIncompleteArn(text)) {
      const message = `"${text}" has not the six parts of an ARN, which AWS completes everywhere but in a session policy`;
      report.error('incomplete-arn', message, position);
    }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function stsActions({ action }: Statement, report: Report): void {
  for (const { text, position } of action.patterns)
    if (!/^sts:/i.test(text))
      report.error('trust-action', `a trust policy is about actions of sts only, not "${text}"`, position);
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
    'the Principal of a resource control policy must be "*" or {"AWS": "*"}; name exceptions in the Condition';
  report.error('rcp-principal', message, (named ?? only)?.value.position ?? position);
}

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html */
function listedService({ action }: Statement, report: Report): void {
  for (const { text, position } of action.patterns) {
    const [prefix = '', name] = text.split(':');
    if (name !== undefined && isRcpService(prefix)) continue;
    const message =
      text === '*'
        ? 'a resource control policy must name its services: "s3:*", not "*"'
        : `resource control policies do not reach the service "${prefix}"`;
    report.error('rcp-service', message, position);
  }
}

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html */
function plainAction({ action, position }: Statement, report: Report): void {
  if (action.element !== 'NotAction') return;
  const message = 'a resource control policy takes no NotAction';
  report.error('rcp-not-action', message, action.patterns[0]?.position ?? position);
}

/** RCPFullAWSAccess itself, which AWS attaches everywhere: one statement that allows everything to everyone. */
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
