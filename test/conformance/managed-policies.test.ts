import { describe, expect, it } from 'vitest';
import { awsManagedPolicies } from '../../src/directory/managed-policies.ts';
import { fromValue } from '../../src/lib/document.ts';
import { matchesPattern, parsePattern } from '../../src/lib/wildcard.ts';
import type { Check } from '../../src/model/check.ts';
import { iamActions } from '../../src/model/iam-actions.ts';
import { serviceModels } from '../../src/model/load.ts';
import { advisePolicy } from '../../src/policy/advise.ts';
import type { Statement } from '../../src/policy/ast.ts';
import { parsePolicyDocument } from '../../src/policy/parse.ts';
import { overlaps } from '../../src/policy/pattern-overlap.ts';
import { completeArn } from '../../src/policy/resource-pattern.ts';
import { validatePolicy } from '../../src/policy/validate.ts';
import { cloudwatchModel } from '../../src/services/cloudwatch/model.ts';
import { s3Model } from '../../src/services/s3/operations.ts';
import { authorizationOf } from '../../src/services/services.ts';

/** Every check that a call can require, by its action in lower case. */
const CHECKS: ReadonlyMap<string, readonly Check[]> = Map.groupBy(
  [...serviceModels().values(), s3Model(), cloudwatchModel()]
    .flatMap(({ operations }) => [...operations.values()])
    .flatMap((operation) => authorizationOf(operation).checks),
  ({ action }) => action.toLowerCase(),
);

/** The resources that a check can be made on, as patterns; `undefined` for `*`, which ARN patterns do not match. */
function producible({ action, resource }: Check): readonly (string | undefined)[] {
  const [service = '', name = ''] = action.split(':');
  switch (resource.from) {
    case 'any':
      return [undefined];
    case 'fixed':
      // The asterisk of `arn:aws:s3:::*` is literal: it is replaced by a string that is not a valid bucket name.
      return [resource.template.replace(/\*$/, '<every one>')];
    case 'caller':
      return ['arn:*:iam::*:user/*'];
    case 'pathPrefix':
      return [`${resource.template}/*`];
    case 'new':
      return [resource.template];
    case 'iamEntity':
      return [`arn:*:iam::*:${resource.type}/*`, ...(resource.unnamed === 'any' ? [undefined] : [])];
    case 'memberOrAny':
      return [undefined, ...givenArns(service, name)];
    default:
      return givenArns(service, name);
  }
}

/** A member of the request contains the ARN: it is of one of the types in the reference. */
function givenArns(service: string, name: string): readonly string[] {
  const { resourceArns = [], undocumentedArns = [] } = iamActions().describe(service, name) ?? {};
  return [...resourceArns, ...undocumentedArns];
}

const isExact = (text: string): boolean => !/[*?]/.test(text);

/** Whether a statement names the action; a wildcard that merely includes it proves nothing. */
const names = ({ action }: Statement, wanted: string): boolean =>
  action.element === 'Action' &&
  action.patterns.some(({ text }) => isExact(text) && text.toLowerCase() === wanted);

const grants = ({ action: { element, patterns } }: Statement, wanted: string): boolean =>
  patterns.some(({ text }) => matchesPattern(parsePattern(text.toLowerCase()), wanted)) ===
  (element === 'Action');

function canReach({ resource }: Statement, wanted: string): boolean {
  if (resource?.element !== 'Resource') return true;
  return resource.patterns.some(({ text }) => {
    if (/^\*+$/.test(text)) return true;
    return (CHECKS.get(wanted) ?? [])
      .flatMap(producible)
      .some((arn) => arn && overlaps(completeArn(text), arn));
  });
}

function statementsOf(name: string): readonly Statement[] {
  const parsed = parsePolicyDocument(fromValue(awsManagedPolicies.find(name)?.document));
  if (!parsed.ok) throw new Error(`${name} is not a policy`);
  return parsed.value.policy.statements.filter(({ effect }) => effect === 'Allow');
}

/** Action -> the policies that may grant it without effect; docs/conformance.md has the reasons. */
const EXEMPT: Readonly<Record<string, (policy: string) => boolean>> = {
  // Only the service knows the name of the role, so exact ARNs do not match.
  'iam:createservicelinkedrole': () => true,
  // Captured denials name `alarm:*`, whichever alarms the call names.
  'cloudwatch:describealarms': (policy) => policy === 'AmazonEMRServicePolicy_v2',
};

/** Actions that a policy grants, by name, only on ARNs that no call is checked on. */
function uselessGrants(statements: readonly Statement[]): readonly string[] {
  const named = [...CHECKS.keys()].filter((action) =>
    statements.some((statement) => names(statement, action)),
  );
  return named.filter(
    (action) => !statements.some((statement) => grants(statement, action) && canReach(statement, action)),
  );
}

/** What rules about statements that can never work find in AWS's own policies: all of it true. */
const NEVER_WORKS: Readonly<Record<string, readonly string[]>> = {
  'action-resource-mismatch': [
    'AWSIoTFleetHubFederationAccess',
    'AmazonBedrockFullAccess',
    'AmazonBedrockLimitedAccess',
    'AmazonEC2RoleforAWSCodeDeployLimited',
  ],
  'missing-arn-field': ['AWSRefactoringToolkitFullAccess'],
  'bucket-arn': [],
  'invalid-account': [],
  'operator-type': [],
  'private-address': [],
  'service-principal': [],
  'unknown-region': [],
  'unresolved-template': [],
  'wildcard-without-like': [],
};

describe("AWS's managed policies", () => {
  const diagnostics = awsManagedPolicies.names().flatMap((name) => {
    const parsed = parsePolicyDocument(fromValue(awsManagedPolicies.find(name)?.document));
    if (!parsed.ok) return parsed.error.map((diagnostic) => ({ name, ...diagnostic }));
    const { policy, warnings } = parsed.value;
    const found = [...warnings, ...validatePolicy(policy, 'managed'), ...advisePolicy(policy, iamActions())];
    return found.map((diagnostic) => ({ name, ...diagnostic }));
  });

  it('have no finding that is an error', () => {
    expect(
      diagnostics.filter(({ severity, rule }) => severity === 'error' && rule !== 'policy-size'),
    ).toEqual([]);
  });

  it.each(Object.entries(NEVER_WORKS))('have no false finding of %s', (rule, names) => {
    const found = diagnostics.filter((diagnostic) => diagnostic.rule === rule).map(({ name }) => name);
    expect([...new Set(found)]).toEqual(names);
  });

  it('grant no action only on ARNs that no call is checked on', () => {
    const useless = awsManagedPolicies
      .names()
      .flatMap((name) => uselessGrants(statementsOf(name)).map((action) => ({ action, name })))
      .filter(({ action, name }) => !EXEMPT[action]?.(name));
    expect(useless).toEqual([]);
  });

  it.each([
    ['personalize:PutEvents', 'arn:aws:personalize:us-east-1:123456789012:event-tracker/*'],
    ['iam:ListPolicies', 'arn:aws:iam::123456789012:policy/*'],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::shop'],
  ])('would be reported for a grant of %s on %s', (Action, Resource) => {
    const parsed = parsePolicyDocument(
      fromValue({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } }),
    );
    expect(parsed.ok && uselessGrants(parsed.value.policy.statements)).toEqual([Action.toLowerCase()]);
  });
});
