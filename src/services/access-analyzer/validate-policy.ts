import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { advisePolicy } from '../../policy/advise.ts';
import type { Policy } from '../../policy/ast.ts';
import { parsePolicy, sketchPolicy } from '../../policy/parse.ts';
import type { PolicyKind } from '../../policy/policy-kind.ts';
import { validatePolicy } from '../../policy/validate.ts';
import { documentIn, type Input, invalidField, type Output } from './call.ts';
import { diagnosticFinding, VALIDATED_TYPES, type ValidatedType } from './diagnostic-findings.ts';
import { type Finding, finding } from './finding.ts';
import { PolicyText } from './locate.ts';
import { policyFindings } from './policy-findings.ts';
import { statementFindings } from './statement-findings.ts';

const TRUST = 'AWS::IAM::AssumeRolePolicyDocument';
/** The findings of a page where `maxResults` is not given; AWS documents no number. */
const PAGE = 100;

/** @see https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html */
export function validatePolicyOperation(input: Input): Output {
  const type = VALIDATED_TYPES.find((each) => each === input.policyType) ?? 'IDENTITY_POLICY';
  const { validatePolicyResourceType: resourceType = '' } = input;
  if (resourceType !== '' && type !== 'RESOURCE_POLICY')
    return err(awsError('ValidationException', 'InvalidInput', { reason: 'fieldValidationFailed' }));
  const document = documentIn(input, 'policyDocument');
  if (!document.ok) return document;
  return pageOf(findingsIn(document.value, type, String(resourceType)), input);
}

/** A page of findings. A token is the place of the next one, and not meant to be read. */
function pageOf(findings: readonly Finding[], { maxResults, nextToken }: Input): Output {
  if (typeof maxResults === 'number' && maxResults < 1)
    return invalidField('maxResults', 'maxResults must be at least 1.');
  const start = startOf(nextToken);
  if (!start.ok) return start;
  const end = start.value + (typeof maxResults === 'number' ? maxResults : PAGE);
  const page = findings.slice(start.value, end);
  const more = end < findings.length ? { nextToken: Buffer.from(`from:${end}`).toString('base64') } : {};
  return ok({ findings: page, ...more });
}

function startOf(token: unknown): Result<number, AwsError> {
  if (token === undefined) return ok(0);
  const start = /^from:(\d{1,9})$/.exec(Buffer.from(String(token), 'base64').toString())?.[1];
  return start === undefined ? invalidField('nextToken', 'The nextToken is not valid.') : ok(Number(start));
}

/** Everything that is found in a document, in its order. */
export function findingsIn(document: string, type: ValidatedType, resourceType = ''): readonly Finding[] {
  const source = document.startsWith('\uFEFF') ? document.slice(1) : document;
  const parsed = parsePolicy(source, { format: 'json' });
  const broken = parsed.ok ? [] : parsed.error.filter(({ rule }) => rule === 'syntax');
  if (broken.length > 0) return broken.map((each) => syntaxFinding(each, new PolicyText(source, false)));
  const policy = parsed.ok ? parsed.value.policy : sketchPolicy(source, { format: 'json' });
  const text = new PolicyText(source, true);
  const diagnostics = [
    ...(parsed.ok ? parsed.value.warnings : parsed.error),
    ...(policy
      ? [...validatePolicy(policy, kindOf(policy, type, resourceType)), ...advisePolicy(policy, iamActions())]
      : []),
  ];
  const isTrust = policy !== undefined && kindOf(policy, type, resourceType) === 'trust';
  const wanted = (key: string): string => iamActions().conditionKeyTypes.get(key.toLowerCase()) ?? 'String';
  const found = [
    ...diagnostics.flatMap((each) => diagnosticFinding(each, text, { type, isTrust, wanted }) ?? []),
    ...(policy ? statementFindings(policy, text, type === 'IDENTITY_POLICY') : []),
    ...(policy ? policyFindings(policy, text) : []),
  ];
  return once(found).toSorted((one, other) => placeOf(one) - placeOf(other));
}

function syntaxFinding(
  { line = 1, column = 1 }: { readonly line?: number; readonly column?: number },
  text: PolicyText,
): Finding {
  const location = text.character({ line, column });
  const { offset } = location.span.start;
  const where = ` at index ${offset} line ${line} column ${column - 1}`;
  return finding('JSON_SYNTAX_ERROR', [location], { where });
}

/** A resource policy without a type is a trust policy if its actions are those of one. */
function kindOf({ statements }: Policy, type: ValidatedType, resourceType: string): PolicyKind {
  if (type === 'IDENTITY_POLICY') return 'managed';
  if (type === 'SERVICE_CONTROL_POLICY') return 'serviceControl';
  if (type === 'RESOURCE_CONTROL_POLICY') return 'resourceControl';
  const isTrust = statements.every(
    ({ action, resource }) => !resource && action.patterns.every(({ text }) => /^sts:/i.test(text)),
  );
  return resourceType === TRUST || (resourceType === '' && isTrust) ? 'trust' : 'resource';
}

/** Two rules may have one finding at one place. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map(findings.map((each) => [JSON.stringify(each), each]));
  return [...seen.values()];
}

const placeOf = ({ locations }: Finding): number => locations[0]?.span.start.offset ?? 0;
