import { AWS_REGIONS } from '../lib/aws-regions.ts';
import { didYouMean } from '../lib/nearest.ts';
import type { ActionReference } from './action-reference.ts';
import type { Condition, Located, Statement } from './ast.ts';
import { formatOperator } from './condition-operator.ts';
import { isInRange, parseIpRange } from './ip-range.ts';
import { isRegionPattern } from './region-pattern.ts';
import type { Report } from './report.ts';
import { isTemplateText } from './template-text.ts';

/** Warns of conditions whose operator never matches its values, and reports the effect on the statement. */
export function adviseOperators(
  { effect, conditions }: Statement,
  reference: ActionReference,
  report: Report,
): void {
  for (const condition of conditions) {
    const type = reference.conditionKeyTypes.get(condition.key.text.toLowerCase());
    const diagnostic = typeDiagnostic(condition, type);
    if (diagnostic !== undefined) {
      const holds = holdsUnread(condition);
      const message = `${diagnostic}${consequence(effect, condition, { extent: 'all', holds })}`;
      report.warning('operator-type', message, condition.key.position);
      continue;
    }
    adviseSetOperator(effect, condition, type, report);
    adviseValues(effect, condition, type, report);
  }
}

function adviseValues(
  effect: Statement['effect'],
  condition: Condition,
  type: string | undefined,
  report: Report,
): void {
  const { values } = condition;
  const check = (rule: string, diagnosticOf: (value: Located) => string | undefined): void => {
    const diagnostics = values.flatMap((value) => {
      const diagnostic = diagnosticOf(value);
      return diagnostic === undefined ? [] : [{ diagnostic, value }];
    });
    const extent = diagnostics.length === values.length ? 'all' : 'some';
    const holds = condition.operator.includes('Not') ? 'always' : 'never';
    for (const { diagnostic, value } of diagnostics)
      report.warning(
        rule,
        `${diagnostic}${consequence(effect, condition, { extent, holds })}`,
        value.position,
      );
  };
  check('wildcard-without-like', (value) => wildcardDiagnostic(condition, value));
  check('operator-type', (value) => rangeDiagnostic(condition, type, value));
  check('service-principal', (value) => serviceDiagnostic(condition, value));
  check('invalid-account', (value) => accountDiagnostic(condition, value));
  check('unknown-region', (value) => regionDiagnostic(condition, value));
  check('unmatched-value', (value) => sessionDiagnostic(condition, value));
  check('private-address', (value) => addressDiagnostic(condition, value));
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-forallvalues-with-single-valued-key */
function adviseSetOperator(
  effect: Statement['effect'],
  { qualifier, operator, key }: Condition,
  type: string | undefined,
  report: Report,
): void {
  const isSingle = type !== undefined && !type.startsWith('ArrayOf');
  if (effect !== 'Allow' || qualifier !== 'ForAllValues' || operator === 'Null' || !isSingle) return;
  const message = `ForAllValues is also true for requests without "${key.text}", and the statement allows them; the key is single-valued and needs no set operator`;
  report.warning('set-operator', message, key.position);
}

/** @see https://datatracker.ietf.org/doc/html/rfc1918, https://datatracker.ietf.org/doc/html/rfc4193 */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].flatMap(
  (text) => parseIpRange(text) ?? [],
);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-private-ip-address */
function addressDiagnostic({ operator, key }: Condition, { text }: Located): string | undefined {
  if (!/^aws:SourceIp$/i.test(key.text) || !operator.endsWith('IpAddress')) return undefined;
  const range = parseIpRange(text);
  const isPrivate =
    range &&
    PRIVATE.some((block) => block.prefixLength <= range.prefixLength && isInRange(range.network, block));
  if (!isPrivate) return undefined;
  return `"${text}" is a private address, but "aws:SourceIp" is a public one (for a VPC endpoint, use "aws:VpcSourceIp")`;
}

type Family = 'String' | 'Numeric' | 'Date' | 'Bool' | 'Binary' | 'IpAddress' | 'Arn';

const FAMILY = /^(?:Not)?(String|Numeric|Date|Bool|Binary|IpAddress|Arn)/;

/** The types of keys whose values an operator cannot compare, by operator family. */
const UNREADABLE: Readonly<Partial<Record<Family, ReadonlySet<string>>>> = {
  Numeric: new Set(['ARN', 'ArrayOfARN', 'IPAddress', 'Bool']),
  Date: new Set(['ARN', 'ArrayOfARN', 'IPAddress', 'Bool']),
  Bool: new Set(['ARN', 'ArrayOfARN', 'IPAddress', 'Date', 'Numeric']),
  IpAddress: new Set(['ARN', 'ArrayOfARN', 'Bool', 'Date', 'Numeric']),
  Arn: new Set(['IPAddress', 'Bool', 'Date', 'Numeric']),
};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function typeDiagnostic(condition: Condition, type: string | undefined): string | undefined {
  const family = familyOf(condition);
  if (family === undefined || type === undefined || !UNREADABLE[family]?.has(type)) return undefined;
  const name = TYPE_NAMES[type] ?? type;
  return `${formatOperator(condition)} cannot compare "${condition.key.text}", whose values are ${name}`;
}

const familyOf = ({ operator }: Condition): Family | undefined =>
  FAMILY.exec(operator)?.[1] as Family | undefined;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  ARN: 'ARNs',
  ArrayOfARN: 'ARNs',
  IPAddress: 'IP addresses',
  Bool: 'true or false',
  Date: 'dates',
  Numeric: 'numbers',
};

/** Operators that treat `*` and `?` as literal characters. */
const EXACT = /^String(?:Not)?Equals(?:IgnoreCase)?$/;

/** Keys whose values clients choose, so that an asterisk can be intended. */
const FREE_KEY = /^s3:(?:prefix|delimiter)$/i;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-general-warning-wildcard-without-like-operator */
function wildcardDiagnostic({ operator, key }: Condition, { text }: Located): string | undefined {
  if (!EXACT.test(operator) || FREE_KEY.test(key.text) || isTemplateText(text)) return undefined;
  const plain = text.replace(/\$\{[^}]*\}/g, '');
  if (!(plain.includes('*') || (plain.startsWith('arn:') && plain.includes('?')))) return undefined;
  const like = operator.includes('Not') ? 'StringNotLike' : 'StringLike';
  return `${operator} treats the wildcard in "${text}" as a literal character, unlike ${like}`;
}

/** String operators compare addresses as strings: no address equals a range. */
function rangeDiagnostic(
  { operator, key }: Condition,
  type: string | undefined,
  { text }: Located,
): string | undefined {
  if (type !== 'IPAddress' || !EXACT.test(operator) || !text.includes('/')) return undefined;
  const right = operator.includes('Not') ? 'NotIpAddress' : 'IpAddress';
  return `${operator} compares "${key.text}" with the string "${text}", not with the range as ${right} does`;
}

/** Keys whose values are service principals. */
const SERVICE_KEY =
  /^(?:iam:PassedToService|aws:PrincipalServiceName|aws:PrincipalServiceNamesList|aws:CalledVia(?:First|Last)?)$/i;

const SERVICE_NAME = /^[a-z0-9][a-z0-9.-]*$/;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html */
function serviceDiagnostic({ operator, key }: Condition, { text }: Located): string | undefined {
  if (!SERVICE_KEY.test(key.text) || !operator.startsWith('String')) return undefined;
  if (!SERVICE_NAME.test(text) || /\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/.test(text))
    return undefined;
  return `"${text}" is not a service principal: "${key.text}" has values like ${text.split('.')[0]}.amazonaws.com`;
}

/** Keys whose values are account IDs. */
const ACCOUNT_KEY =
  /^(?:aws:(?:Source|Principal|Resource|Vpce)Account|s3:(?:Resource|DataAccessPoint)Account|kms:CallerAccount)$/i;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount */
function accountDiagnostic({ operator, key }: Condition, { text }: Located): string | undefined {
  if (!ACCOUNT_KEY.test(key.text) || !operator.startsWith('String') || isTemplateText(text)) return undefined;
  if (/^\d{12}$|[*?$]|^anonymous$/.test(text)) return undefined;
  return `"${text}" is not an account ID, which has 12 digits`;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion */
function regionDiagnostic({ operator, key }: Condition, { text }: Located): string | undefined {
  if (!/^aws:RequestedRegion$/i.test(key.text) || !operator.startsWith('String') || isTemplateText(text))
    return undefined;
  // A wildcard under an exact operator is reported separately.
  const isExact = EXACT.test(operator);
  if (isExact && /[*?]/.test(text)) return undefined;
  if (isRegionPattern(text)) return undefined;
  return `AWS has no region "${text}"${didYouMean(text, AWS_REGIONS)}`;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn */
function sessionDiagnostic({ key }: Condition, { text }: Located): string | undefined {
  if (!/^aws:PrincipalArn$/i.test(key.text)) return undefined;
  const [, partition, account, role] = /^arn:([^:]*):sts::([^:]*):assumed-role\/([^/]+)/.exec(text) ?? [];
  if (role === undefined) return undefined;
  return `"aws:PrincipalArn" of a session is the ARN of its role, as in arn:${partition}:iam::${account}:role/${role}`;
}

interface Outcome {
  /** Whether all values of the condition never match, or some. */
  readonly extent: 'all' | 'some';
  readonly holds: 'always' | 'never';
}

/**
 * The result of an operator for values that it cannot compare: Bool reads them as false, and only the negated numeric and
 * date operators treat them as unequal (docs/conformance.md, values of conditions).
 */
function holdsUnread(condition: Condition): Outcome['holds'] {
  const { operator, values } = condition;
  if (operator === 'Bool')
    return values.every(({ text }) => text.toLowerCase() === 'true') ? 'never' : 'always';
  return /^(?:Numeric|Date)NotEquals$/.test(operator) ? 'always' : 'never';
}

/** The effect on a statement with such a condition. */
function consequence(
  effect: Statement['effect'],
  { operator, ifExists, qualifier }: Condition,
  { extent, holds }: Outcome,
): string {
  if (extent === 'some')
    return operator.includes('Not') ? '; the value exempts nothing' : '; the value matches nothing';
  // With these, the result also depends on whether the key is present.
  if (ifExists || qualifier) return `; if the key is present, the condition is ${holds} true`;
  if (holds === 'always')
    return effect === 'Deny' ? ', so that the Deny exempts no request' : ', so that nothing is excluded';
  return effect === 'Deny' ? ', so that the Deny never applies' : ', so that the statement never applies';
}
