import type { Diagnostic } from '../../lib/errors.ts';

/** Metadata of a rule; `docs/lint/<id>.md` documents it. */
export interface LintRule {
  /**
   * `error`: AWS rejects such a policy. `warning`: AWS accepts it, but it grants more or less than it appears to. `info`:
   * it may be intended, and often is a mistake.
   */
  readonly severity: Diagnostic['severity'];
  /** One sentence. */
  readonly summary: string;
  /** Whether `--fix` removes it: only if that changes no decision. */
  readonly fixable?: true;
}

const error = (summary: string): LintRule => ({ severity: 'error', summary });
const warning = (summary: string): LintRule => ({ severity: 'warning', summary });
const info = (summary: string): LintRule => ({ severity: 'info', summary });
const fixable = (summary: string): LintRule => ({ severity: 'warning', summary, fixable: true });

/** Every rule that a finding can name. */
export const LINT_RULES: Readonly<Record<string, LintRule>> = {
  // The file.
  unreadable: error('The file or folder cannot be read.'),
  syntax: error('The document is not JSON, or not YAML.'),
  'policy-name': error('The path of the file is not a valid policy name, or two files give the same name.'),
  'policy-size': error("The policy exceeds AWS's size limit."),
  // The grammar.
  'duplicate-key': error('A key occurs twice in one object.'),
  'duplicate-sid': error('Two statements have the same Sid.'),
  'element-type': error('An element has a value of the wrong type.'),
  'empty-list': error('A list of an element is empty.'),
  'exclusive-elements': error('Two elements exclude each other, such as Action and NotAction.'),
  'invalid-action': error('An action does not have the form service:Name.'),
  'invalid-condition-value': error('A condition has a value that its operator cannot compare.'),
  'invalid-effect': error('The Effect is neither Allow nor Deny.'),
  'invalid-principal': error('Malformed principal.'),
  'invalid-resource': error('A resource is neither an ARN nor "*".'),
  'invalid-sid': error('A Sid has characters other than letters and digits.'),
  'invalid-version': error('The Version is not a version of the policy language.'),
  'missing-action': error('A statement has no Action.'),
  'missing-effect': error('A statement has no Effect.'),
  'missing-principal': error('A statement of a resource-based or trust policy has no Principal.'),
  'missing-resource': error('A statement has no Resource.'),
  'missing-statement': error('The policy has no Statement.'),
  'unknown-element': error('The policy language has no element of this name.'),
  'unknown-operator': error('AWS has no condition operator of this name.'),
  'unknown-principal-type': error('AWS has no principal type of this name.'),
  // Not allowed in the policy's type.
  'incomplete-arn': error('A resource of a session policy does not have the six parts of an ARN.'),
  'not-principal': error('NotPrincipal is used where AWS does not support it.'),
  'principal-not-allowed': error('An identity-based policy has a Principal.'),
  'rcp-allow': error('A resource control policy allows something.'),
  'rcp-not-action': error('A resource control policy has a NotAction.'),
  'rcp-principal': error('The Principal of a resource control policy is not "*".'),
  'rcp-service': error('A resource control policy names a service that RCPs do not support, or no service.'),
  'resource-not-allowed': error('A trust policy has a Resource.'),
  'trust-action': error('A trust policy has an action of a service other than STS.'),
  'open-oidc-trust': error('A trust policy lets workflows of every GitHub repository assume the role.'),
  'unresolved-template': error('A value contains an unresolved template expression.'),
  // What AWS takes, and what does not do what it says.
  'action-resource-mismatch': warning('An action supports none of the resources of its statement.'),
  'action-without-resource': warning(
    'An action that supports no resource type is granted on a specific resource.',
  ),
  'arn-value': warning('An Arn operator compares with a value that is not an ARN.'),
  'boolean-value': warning('Bool or Null compares with a value that is neither true nor false.'),
  'bucket-arn': warning('A colon separates an object from its bucket where a slash belongs.'),
  'invalid-account': warning('The account ID of an ARN is not valid.'),
  'missing-arn-field': warning('An ARN lacks its region or its account.'),
  'open-trust': warning('A trust policy lets every principal of every account assume the role.'),
  'operator-type': warning('An operator does not match the type of the condition key.'),
  'other-account': info('A resource belongs to another account than the configured one.'),
  'other-partition': info('A resource belongs to another partition than the configured one.'),
  'private-address': warning('A condition on aws:SourceIp names a private address.'),
  'service-principal': warning('The value of the key is not a service principal.'),
  'unknown-region': warning('AWS has no region of this name.'),
  'wildcard-without-like': warning(
    'An operator that does not support wildcards has a value with a wildcard.',
  ),
  'aws-owned-resource': warning('The ARN of an AWS-owned resource has a region or an account.'),
  'empty-condition': warning('A condition has no values to compare with.'),
  id: warning('An identity-based policy has an Id.'),
  'impossible-condition': warning('No request can meet all conditions of the statement.'),
  'malformed-variable': warning('A policy variable is not closed.'),
  'mfa-absent': warning('A condition on MFA does not cover calls without the key.'),
  'old-version': warning('A managed or resource control policy does not have Version 2012-10-17.'),
  'partial-condition-key': warning('Some actions of the statement do not support the condition key.'),
  'same-condition-key': warning('The same condition key occurs twice in different spellings.'),
  'set-operator': warning('A set operator does not have the effect it appears to have.'),
  'unknown-action': warning('AWS has no action of this name.'),
  'retired-action': fixable('AWS no longer has this action, which older examples use.'),
  'unknown-condition-key': warning('AWS has no condition key of this name.'),
  'unknown-service': warning('AWS has no service with this prefix.'),
  'unknown-variable': warning('AWS has no policy variable of this name.'),
  'unmatched-value': warning('No request can have the value that a condition compares with.'),
  'unused-condition-key': warning('No action of the statement supports the condition key.'),
  'unused-resource': warning('No action of the statement supports this resource.'),
  'variable-place': warning('A policy variable is outside the resource part of an ARN.'),
  'variable-without-version': warning('Without Version 2012-10-17, a policy variable is literal text.'),
  // Least privilege.
  'allow-not-action': warning('An Allow with NotAction grants every action that it does not list.'),
  'missing-list': warning('A user may describe resources that the console cannot list.'),
  'pass-role-any-role': warning('iam:PassRole is allowed on every role.'),
  'pass-role-any-service': warning('iam:PassRole is allowed without iam:PassedToService.'),
  'redundant-pattern': fixable('Another pattern of the same list covers this pattern.'),
  'redundant-statement': fixable('Other statements already decide everything that this statement decides.'),
  'shadowed-statement': warning('Other statements deny everything that this statement allows.'),
  'unreachable-deny': warning('Nothing allows what the statement denies.'),
  'wildcard-write': warning('A wildcard in an action grants write actions.'),
  // The suppressions themselves.
  'silence-without-reason': error('A suppression has no reason.'),
  'unused-silence': warning('A suppression matches no finding.'),
};
