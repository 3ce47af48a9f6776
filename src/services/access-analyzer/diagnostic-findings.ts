import type { Diagnostic } from '../../lib/errors.ts';
import { type Finding, finding, type IssueCode, type Values } from './finding.ts';
import type { Found, PolicyText } from './locate.ts';

/** What a document is validated as. */
export const VALIDATED_TYPES = [
  'IDENTITY_POLICY',
  'RESOURCE_POLICY',
  'SERVICE_CONTROL_POLICY',
  'RESOURCE_CONTROL_POLICY',
] as const;

export type ValidatedType = (typeof VALIDATED_TYPES)[number];

/** A diagnostic of a policy, and what is at its place. */
interface Subject {
  /** What is at the place: a string, or source. */
  readonly text: string;
  /** The last key of the path. */
  readonly key: string;
  /** The condition operator, in conditions. */
  readonly operator: string;
  readonly type: ValidatedType;
  readonly isTrust: boolean;
}

type Rule = IssueCode | ((subject: Subject) => IssueCode | undefined);

/** AWS has no finding for it, or `statement-findings.ts` finds it in the statement itself: `lint` reports it. */
const none: Rule = () => undefined;

const emptyList: Rule = ({ key, text }) => {
  if (key === 'Statement') return 'MISSING_STATEMENT';
  if (key.endsWith('Action')) return 'EMPTY_ARRAY_ACTION';
  if (key.endsWith('Resource')) return 'EMPTY_ARRAY_RESOURCE';
  return text.startsWith('{') ? 'EMPTY_OBJECT_PRINCIPAL' : 'EMPTY_ARRAY_PRINCIPAL';
};

/** What is wrong with the ARN of a resource, in the order in which it is read. */
const arn: Rule = ({ text }) => {
  const [prefix, partition = '', service = '', region = '', ...more] = text.split(':');
  if (prefix !== 'arn') return 'INVALID_ARN_PREFIX';
  if (more.length < 2) return 'MISSING_ARN_FIELD';
  if (/[*?]/.test(service)) return 'WILDCARD_IN_SERVICE_NAME';
  if (!partition.startsWith('aws')) return 'INVALID_PARTITION';
  if (WITHOUT_REGION.has(service)) return region === '' ? 'INVALID_ARN_RESOURCE' : 'ARN_REGION_NOT_ALLOWED';
  return region === '' ? 'MISSING_ARN_REGION' : 'INVALID_ARN_RESOURCE';
};

/** Services whose ARNs name no Region. */
const WITHOUT_REGION: ReadonlySet<string> = new Set(['iam', 's3']);

const VALUE_ISSUES: readonly (readonly [operator: RegExp, code: IssueCode])[] = [
  [/Date/, 'TYPE_MISMATCH_DATE'],
  [/Numeric/, 'TYPE_MISMATCH_NUMBER'],
  [/IpAddress/, 'TYPE_MISMATCH_IP_RANGE'],
  [/Binary/, 'TYPE_MISMATCH_STRING'],
  [/Bool|Null/, 'TYPE_MISMATCH_BOOLEAN'],
];

const value: Rule = ({ text, operator }) =>
  text.includes('${')
    ? 'INVALID_VARIABLE_FOR_OPERATOR'
    : (VALUE_ISSUES.find(([pattern]) => pattern.test(operator))?.[1] ?? 'INVALID_CONDITION_DATA_TYPE');

const emptyCondition: Rule = ({ operator }) => {
  if (operator.startsWith('ForAllValues')) return 'EMPTY_ARRAY_CONDITION_FORALLVALUES';
  if (operator.startsWith('ForAnyValue')) return 'EMPTY_ARRAY_CONDITION_FORANYVALUE';
  return operator.endsWith('IfExists') ? 'EMPTY_ARRAY_CONDITION_IFEXISTS' : 'EMPTY_ARRAY_CONDITION';
};

const unknownKey: Rule = ({ key }) => {
  if (!key.includes(':')) return 'INVALID_CONDITION_KEY_FORMAT';
  return /^aws:/i.test(key) ? 'INVALID_GLOBAL_CONDITION_KEY' : 'INVALID_SERVICE_CONDITION_KEY';
};

const notPrincipal: Rule = ({ type, isTrust }) => {
  if (type === 'RESOURCE_CONTROL_POLICY') return 'RCP_SYNTAX_ERROR_NOTPRINCIPAL';
  return isTrust ? 'ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL' : 'ALLOW_WITH_NOT_PRINCIPAL';
};

const SIZES: Readonly<Partial<Record<ValidatedType, IssueCode>>> = {
  IDENTITY_POLICY: 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
  SERVICE_CONTROL_POLICY: 'POLICY_SIZE_EXCEEDS_SCP_QUOTA',
  RESOURCE_CONTROL_POLICY: 'POLICY_SIZE_EXCEEDS_RCP_QUOTA',
};

const inArn =
  (code: IssueCode, otherwise?: IssueCode): Rule =>
  ({ text }) =>
    text.startsWith('arn:') ? code : otherwise;

/** A row for every rule of a policy; a test holds that. Which texts are AWS's: docs/conformance.md. */
export const CODES_BY_RULE: Readonly<Record<string, Rule>> = {
  'duplicate-key': 'JSON_SYNTAX_ERROR',
  'element-type': 'DATA_TYPE_MISMATCH',
  'unknown-element': 'INVALID_POLICY_ELEMENT',
  'exclusive-elements': 'UNSUPPORTED_ELEMENT_COMBINATION',
  'empty-list': emptyList,
  'invalid-effect': 'INVALID_EFFECT',
  'invalid-version': 'INVALID_VERSION',
  'missing-statement': 'MISSING_STATEMENT',
  'missing-effect': 'MISSING_EFFECT',
  'missing-action': 'MISSING_ACTION',
  'missing-resource': 'MISSING_RESOURCE',
  'missing-principal': 'MISSING_PRINCIPAL',
  'duplicate-sid': ({ type }) =>
    type === 'RESOURCE_POLICY' ? 'UNIQUE_SIDS_RECOMMENDED' : 'UNIQUE_SIDS_REQUIRED',
  'invalid-sid': 'UNSUPPORTED_SID',
  'invalid-action': 'INVALID_ACTION',
  'unknown-action': 'INVALID_ACTION',
  'retired-action': 'INVALID_ACTION',
  'unknown-service': 'INVALID_SERVICE_IN_ACTION',
  'invalid-resource': arn,
  'missing-arn-field': arn,
  'incomplete-arn': arn,
  'bucket-arn': 'INVALID_ARN_RESOURCE',
  'aws-owned-resource': 'INVALID_ARN_RESOURCE',
  'invalid-account': inArn('INVALID_ARN_ACCOUNT'),
  'unknown-region': inArn('INVALID_ARN_REGION', 'INVALID_REGION'),
  'invalid-principal': ({ text }) =>
    /[*?]/.test(text) ? 'UNSUPPORTED_WILDCARD_IN_PRINCIPAL' : 'INVALID_PRINCIPAL_FORMAT',
  'unknown-principal-type': 'INVALID_PRINCIPAL_KEY',
  'principal-not-allowed': ({ type }) =>
    type === 'SERVICE_CONTROL_POLICY' ? 'SCP_SYNTAX_ERROR_PRINCIPAL' : 'UNSUPPORTED_PRINCIPAL',
  'not-principal': notPrincipal,
  'resource-not-allowed': 'ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE',
  'trust-action': 'UNSUPPORTED_ACTION_IN_POLICY',
  'policy-size': ({ type }) => SIZES[type],
  'rcp-allow': 'RCP_SYNTAX_ERROR_ALLOW',
  'rcp-not-action': 'RCP_SYNTAX_ERROR_NOTACTION',
  'rcp-principal': 'RCP_SYNTAX_ERROR_PRINCIPAL',
  'rcp-service': 'RCP_SYNTAX_ERROR_ACTION',
  'unknown-operator': ({ key }) =>
    /NullIfExists$/.test(key) ? 'NULL_WITH_IF_EXISTS' : 'INVALID_CONDITION_OPERATOR',
  'operator-type': 'TYPE_MISMATCH',
  'invalid-condition-value': value,
  'boolean-value': value,
  'empty-condition': emptyCondition,
  'same-condition-key': 'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
  'unknown-condition-key': unknownKey,
  'wildcard-without-like': 'WILDCARD_WITHOUT_LIKE_OPERATOR',
  'variable-without-version': 'VARIABLE_UNSUPPORTED_IN_VERSION',
  'malformed-variable': 'MISSING_BRACE_IN_VARIABLE',
  'service-principal': 'INVALID_SERVICE_PRINCIPAL_FORMAT',
  'set-operator': none,
  'private-address': none,
  'partial-condition-key': none,
  'unused-condition-key': none,
  'action-resource-mismatch': none,
  'action-without-resource': none,
  'arn-value': none,
  id: none,
  'mfa-absent': none,
  'old-version': none,
  'unknown-variable': none,
  'unmatched-value': none,
  'unresolved-template': none,
  'unused-resource': none,
  'variable-place': none,
};

/** The finding of a diagnostic, if AWS has one. */
export function diagnosticFinding(
  { rule, message, line, column }: Diagnostic,
  policy: PolicyText,
  { type, isTrust, wanted }: Pick<Subject, 'type' | 'isTrust'> & { readonly wanted: (key: string) => string },
): Finding | undefined {
  const found = policy.at(line === undefined || column === undefined ? undefined : { line, column });
  const { text, path } = found;
  const key = String(path.findLast((step) => typeof step === 'string') ?? '');
  const operator = path.includes('Condition') ? String(path[path.indexOf('Condition') + 1] ?? '') : '';
  const row = CODES_BY_RULE[rule];
  const code = typeof row === 'function' ? row({ text, key, operator, type, isTrust }) : row;
  const values = {
    ...valuesOf(found, key),
    operator,
    type,
    wanted: wanted(key),
    hint: hintOf(message, text),
  };
  return code && finding(code, [found.location], values);
}

/** What AWS's sentences name of a place. */
function valuesOf({ text }: Found, key: string): Values {
  const [, partition = '', service = '', region = '', account = ''] = text.split(':');
  const prefix = (text.includes(':') ? text : key).split(':')[0] ?? '';
  const resourceType = 'AWS::IAM::AssumeRolePolicyDocument';
  return {
    text,
    key,
    plain: key.replace('Not', ''),
    partition,
    service,
    region,
    account,
    prefix,
    resourceType,
  };
}

/** Our `; did you mean "x"?` as AWS's sentence. */
function hintOf(message: string, text: string): string {
  const [service = '', name = ''] = text.split(':');
  const near = /; did you mean "([^"]*)"\?$/.exec(message)?.[1];
  if (near !== undefined)
    return ` Did you mean ${message.includes('no action') ? `${service}:` : ''}${near}?`;
  const meant = /; the action is "([^"]*)"$/.exec(message)?.[1];
  if (meant === undefined) return '';
  return ` Did you mean ${meant}? The API called ${name} authorizes against the IAM action ${meant}.`;
}
