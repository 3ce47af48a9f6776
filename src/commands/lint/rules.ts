import type { Diagnostic } from '../../lib/errors.ts';

/** What `lint` knows of a rule beside its findings; `docs/lint/<id>.md` tells people the rest. */
export interface LintRule {
  /**
   * `error`: AWS refuses such a policy. `warning`: AWS takes it, and it is more, or less, than it seems. `info`: it can be
   * right, and easily is a mistake.
   */
  readonly severity: Diagnostic['severity'];
  /** One sentence. */
  readonly summary: string;
  /** Whether `--fix` mends it: only where no decision changes by it. */
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
  'policy-name': error(
    'The path of the file is no name that AWS takes for a policy, or two files give the same.',
  ),
  'policy-size': error('The policy is longer than AWS takes.'),
  // The grammar.
  'duplicate-key': error('A key is written twice in one object.'),
  'duplicate-sid': error('Two statements have the same Sid.'),
  'element-type': error('An element has a value of the wrong type.'),
  'empty-list': error('A list of an element is empty.'),
  'exclusive-elements': error('Two elements exclude each other, such as Action and NotAction.'),
  'invalid-action': error('An action has not the form service:Name.'),
  'invalid-condition-value': error('A condition has a value that its operator cannot compare.'),
  'invalid-effect': error('The Effect is neither Allow nor Deny.'),
  'invalid-principal': error('A principal has not the form of one.'),
  'invalid-resource': error('A resource is neither an ARN nor "*".'),
  'invalid-sid': error('A Sid holds other characters than letters and digits.'),
  'invalid-version': error('The Version is not one of the language.'),
  'missing-action': error('A statement has no Action.'),
  'missing-effect': error('A statement has no Effect.'),
  'missing-principal': error('A statement of a resource-based or trust policy has no Principal.'),
  'missing-resource': error('A statement has no Resource.'),
  'missing-statement': error('The policy has no Statement.'),
  'unknown-element': error('AWS knows no element of this name.'),
  'unknown-operator': error('AWS has no condition operator of this name.'),
  'unknown-principal-type': error('AWS has no type of principal of this name.'),
  // What a use of the policy does not take.
  'incomplete-arn': error('A resource of a session policy has not the six parts of an ARN.'),
  'not-principal': error('NotPrincipal stands where AWS does not take it.'),
  'principal-not-allowed': error('A Principal stands in a policy whose principal is whom it is attached to.'),
  'rcp-allow': error('A resource control policy allows something.'),
  'rcp-not-action': error('A resource control policy has a NotAction.'),
  'rcp-principal': error('The Principal of a resource control policy is not "*".'),
  'rcp-service': error('A resource control policy names a service that none reaches, or no service.'),
  'resource-not-allowed': error('A trust policy has a Resource.'),
  'trust-action': error('A trust policy is about an action that is not of sts.'),
  'open-oidc-trust': error('A trust policy lets in workflows of every repository of GitHub.'),
  'unresolved-template': error('A value holds text of a template that nothing has resolved.'),
  // What AWS takes, and what does not do what it says.
  'action-resource-mismatch': warning('An action works on none of the resources of its statement.'),
  'action-without-resource': warning('An action that works on no resource is granted on one.'),
  'arn-value': warning('An Arn operator compares with a text that is no ARN.'),
  'boolean-value': warning('Bool or Null compares with a word that is neither true nor false.'),
  'bucket-arn': warning('A colon stands where a slash parts an object from its bucket.'),
  'invalid-account': warning('The account of an ARN is none.'),
  'missing-arn-field': warning('An ARN lacks its region or its account.'),
  'open-trust': warning('A trust policy lets in every principal of every account.'),
  'operator-type': warning('An operator does not compare values of the type that the key has.'),
  'other-account': info('A resource belongs to another account than the configured one.'),
  'other-partition': info('A resource belongs to another partition than the configured one.'),
  'private-address': warning('A condition on aws:SourceIp names a private address.'),
  'service-principal': warning('The value of a key is no service principal.'),
  'unknown-region': warning('AWS has no such region.'),
  'wildcard-without-like': warning('An operator takes a wildcard for a character.'),
  'aws-owned-resource': warning('The ARN of a resource of AWS names a region or an account.'),
  'empty-condition': warning('A condition has no values to compare with.'),
  id: warning('An Id stands in an identity-based policy.'),
  'impossible-condition': warning('The conditions of a statement cannot hold together.'),
  'malformed-variable': warning('A policy variable is not closed.'),
  'mfa-absent': warning('A condition on the second factor forgets calls that have no such key.'),
  'old-version': warning('A managed or resource control policy is not of Version 2012-10-17.'),
  'partial-condition-key': warning('Some actions of the statement never get this condition key.'),
  'same-condition-key': warning('A condition key stands twice, spelled in two ways.'),
  'set-operator': warning('A set operator does not do what it seems to.'),
  'unknown-action': warning('AWS has no such action.'),
  'retired-action': fixable('AWS no longer has this action of an older example.'),
  'unknown-condition-key': warning('AWS has no such condition key.'),
  'unknown-service': warning('AWS has no such service.'),
  'unknown-variable': warning('AWS has no such policy variable.'),
  'unmatched-value': warning('No request has what a condition compares with.'),
  'unused-condition-key': warning('No action of the statement gets this condition key.'),
  'unused-resource': warning('No action of the statement works on such a resource.'),
  'variable-place': warning('A policy variable stands before the last part of an ARN.'),
  'variable-without-version': warning('A policy variable is literal text without Version 2012-10-17.'),
  // Least privilege.
  'allow-not-action': warning('An Allow with NotAction grants all that it does not name.'),
  'missing-list': warning('A user may describe what the console cannot list.'),
  'pass-role-any-role': warning('iam:PassRole is allowed on every role.'),
  'pass-role-any-service': warning('iam:PassRole is allowed without iam:PassedToService.'),
  'redundant-pattern': fixable('A pattern of a list is covered by another one of the same list.'),
  'redundant-statement': fixable('Other statements decide all that this one decides.'),
  'shadowed-statement': warning('All that the statement allows is denied by other statements.'),
  'unreachable-deny': warning('Nothing allows what the statement denies.'),
  'wildcard-write': warning('A wildcard in an action grants actions that write.'),
  // The silences themselves.
  'silence-without-reason': error('A silence gives no reason.'),
  'unused-silence': warning('A silence silences nothing.'),
};
