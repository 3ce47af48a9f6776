import type { NamedPolicy } from '../../engine/policy-set.ts';
import { parseArn } from '../../lib/arn.ts';
import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { matchesPattern, parsePattern, type WildcardPattern } from '../../lib/wildcard.ts';
import type { Entity } from './entities.ts';
import type { IamInputs } from './generated/iam.ts';
import { invalidInput } from './refusals.ts';
import { inlineName } from './views.ts';

type Exclusion = Pick<IamInputs['SimulatePrincipalPolicy'], 'PolicyExclusionList'>;

/** Exactly one of its members is given. */
type Identifier = NonNullable<Exclusion['PolicyExclusionList']>[number];

/** Which of the policies that are attached a simulation leaves out. Those that the request brings stay. */
export interface Exclusions {
  readonly managed: (policy: NamedPolicy) => boolean;
  readonly inline: (holder: Entity, policy: NamedPolicy) => boolean;
  readonly boundary: boolean;
  readonly serviceControl: boolean;
}

export const NO_EXCLUSIONS: Exclusions = {
  managed: () => false,
  inline: () => false,
  boundary: false,
  serviceControl: false,
};

const TYPES = new Set(['aws-managed', 'user-managed', 'inline', 'permission-boundary', 'scp', 'rcp']);
const ATTACHMENTS = new Set(['user', 'group', 'role']);

/**
 * `PolicyExclusionList`. An identifier of the wrong form is InvalidInput, one that matches nothing is ignored, and so is
 * one of resource control policies. An ARN matches managed policies that are attached, also without their path, and no
 * permissions boundary.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html
 */
export function policyExclusions({
  PolicyExclusionList: identifiers = [],
}: Exclusion): Result<Exclusions, AwsError> {
  const diagnostic = identifiers.map(identifierDiagnostic).find((each) => each !== undefined);
  if (diagnostic !== undefined)
    return invalidInput(`Invalid policy identifier in PolicyExclusionList: ${diagnostic}`);
  const types = new Set(identifiers.flatMap(({ PolicyType }) => PolicyType ?? []));
  const arns = identifiers.flatMap(({ PolicyArn }) => (PolicyArn ? [parsePattern(PolicyArn)] : []));
  const inlines = identifiers.flatMap(({ InlinePolicyIdentifier: inline }) =>
    inline ? [{ ...inline, holder: parsePattern(inline.AttachmentName ?? '') }] : [],
  );
  return ok({
    managed: ({ arn = '' }) =>
      types.has(isOfAws(arn) ? 'aws-managed' : 'user-managed') || arns.some((each) => matchesArn(each, arn)),
    inline: ({ kind, name }, policy) =>
      types.has('inline') ||
      inlines.some(
        ({ PolicyName, AttachmentType, holder }) =>
          PolicyName === inlineName(policy) && AttachmentType === kind && matchesPattern(holder, name),
      ),
    boundary: types.has('permission-boundary'),
    serviceControl: types.has('scp'),
  });
}

const isOfAws = (arn: string): boolean => arn.includes(':iam::aws:policy/');

const matchesArn = (pattern: WildcardPattern, arn: string): boolean =>
  matchesPattern(pattern, arn) || matchesPattern(pattern, arn.replace(/:policy\/.*\/([^/]+)$/, ':policy/$1'));

function identifierDiagnostic(identifier: Identifier): string | undefined {
  const { PolicyType, PolicyArn, InlinePolicyIdentifier: inline } = identifier;
  const given = [PolicyType, PolicyArn, inline].filter((member) => member !== undefined);
  if (given.length !== 1)
    return 'exactly one of PolicyType, PolicyArn and InlinePolicyIdentifier must be given.';
  if (PolicyType !== undefined && !TYPES.has(PolicyType)) return `${PolicyType} is no PolicyType.`;
  if (PolicyArn !== undefined && !isPolicyArn(PolicyArn))
    return `${PolicyArn} is no ARN of a managed policy.`;
  return inline && inlineDiagnostic(inline);
}

/** Wildcards only in the name: one `*`, and any number of `?`. */
function isPolicyArn(arn: string): boolean {
  const parts = parseArn(arn);
  if (parts?.service !== 'iam' || parts.region !== '' || /[*?\s]/.test(parts.partition)) return false;
  const [, path = '', name = ''] = /^policy(\/(?:[^*?]*\/)?)([^/]+)$/.exec(parts.resource) ?? [];
  return /^(?:aws|\d{12})$/.test(parts.account) && path !== '' && isNamePattern(name);
}

function inlineDiagnostic({
  PolicyName: name = '',
  AttachmentType: type = '',
  AttachmentName: holder = '',
}: NonNullable<Identifier['InlinePolicyIdentifier']>): string | undefined {
  if (!/^[\w+=,.@-]{1,128}$/.test(name)) return 'PolicyName must be the name of an inline policy.';
  if (!ATTACHMENTS.has(type)) return 'AttachmentType must be user, group or role.';
  return isNamePattern(holder) ? undefined : 'AttachmentName must be a name with at most one *.';
}

const isNamePattern = (name: string): boolean =>
  /^[\w+=,.@*?-]{1,128}$/.test(name) && name.indexOf('*') === name.lastIndexOf('*');
