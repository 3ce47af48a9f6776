import { iamActions } from '../../model/iam-actions.ts';
import type { Condition, Located, Policy, Position, Statement } from '../../policy/ast.ts';
import { conditionKeyDiagnostic } from '../../policy/condition-key-fault.ts';
import { isInRange, parseIpRange } from '../../policy/ip-range.ts';
import { type Finding, finding, type IssueCode, type Values } from './finding.ts';
import type { PolicyText } from './locate.ts';
import { openRoles } from './role-findings.ts';

type Check = (statement: Statement, policy: PolicyText) => readonly Finding[];

/** Findings of ValidatePolicy in statements that `lint` accepts or reports differently. */
export function statementFindings(policy: Policy, text: PolicyText, isIdentity: boolean): readonly Finding[] {
  const checks: readonly Check[] = [
    emptySid,
    setOperators,
    privateAddresses,
    unsupportedKeys,
    mismatchedActions,
    ...(isIdentity ? [openRoles] : []),
  ];
  return policy.statements.flatMap((statement) => checks.flatMap((check) => check(statement, text)));
}

const at = (
  policy: PolicyText,
  code: IssueCode,
  places: readonly (Position | undefined)[],
  values?: Values,
): Finding =>
  finding(
    code,
    places.map((place) => policy.at(place).location),
    values,
  );

const emptySid: Check = ({ sid }, policy) =>
  sid?.text === '' ? [at(policy, 'EMPTY_SID_VALUE', [sid.position])] : [];

const setOperators: Check = ({ effect, conditions }, policy) =>
  conditions.flatMap((condition) => {
    const code = setOperatorIssue(condition, effect);
    const { key } = condition;
    return code ? [at(policy, code, [key.position], { key: key.text })] : [];
  });

function setOperatorIssue(
  { qualifier, operator, key }: Condition,
  effect: Statement['effect'],
): IssueCode | undefined {
  if (operator === 'Null') return qualifier && 'NULL_WITH_QUALIFIER';
  const type = iamActions().conditionKeyTypes.get(key.text.toLowerCase());
  if (type?.startsWith('ArrayOf')) return qualifier === undefined ? 'MISSING_QUALIFIER' : undefined;
  const isOpen = effect === 'Allow' && qualifier === 'ForAllValues' && type !== undefined;
  return isOpen ? 'FORALLVALUES_WITH_SINGLE_VALUED_KEY' : undefined;
}

/** @see https://datatracker.ietf.org/doc/html/rfc1918, https://datatracker.ietf.org/doc/html/rfc4193 */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].flatMap(
  (text) => parseIpRange(text) ?? [],
);

function isPrivate({ text }: Located): boolean {
  const range = parseIpRange(text);
  return (
    range !== undefined &&
    PRIVATE.some((block) => block.prefixLength <= range.prefixLength && isInRange(range.network, block))
  );
}

const privateAddresses: Check = ({ conditions }, policy) =>
  conditions.flatMap(({ operator, key, values }) => {
    const own = values.filter(isPrivate);
    const isAsked = operator.endsWith('IpAddress') && key.text.toLowerCase() === 'aws:sourceip';
    if (!isAsked || own.length === 0) return [];
    const code = operator.startsWith('Not') ? 'PRIVATE_NOT_IP_ADDRESS' : 'PRIVATE_IP_ADDRESS';
    const places = own.map(({ position }) => position);
    return [at(policy, own.length === values.length ? code : `${code}_SUBSET`, places)];
  });

/** Keys that actions of the statement never get, though others may. */
const unsupportedKeys: Check = ({ action, conditions }, policy) =>
  action.element === 'NotAction'
    ? []
    : conditions.flatMap(({ key }) => {
        const without = action.patterns.filter(({ text }) => isWithout(text, key.text));
        if (without.length === 0) return [];
        const values = { key: key.text, actions: without.map(({ text }) => text).join(', ') };
        const places = [...without, key].map(({ position }) => position);
        return [at(policy, 'UNSUPPORTED_ACTION_FOR_CONDITION_KEY', places, values)];
      });

function isWithout(action: string, key: string): boolean {
  const [service = '', name = ''] = action.split(':');
  const described = iamActions().describe(service.toLowerCase(), name);
  if (described === undefined) return false;
  const own = new Set(described.conditionKeys);
  if (conditionKeyDiagnostic(key, own, iamActions(), '')?.rule === 'unused-condition-key') return true;
  // Of the keys of identity providers, which anyone may define, the reference lists those that are AWS's.
  const isListed = key.includes('.') && iamActions().conditionKeyTypes.has(key.toLowerCase());
  return isListed && !own.has(key);
}

/** Which principals an action of STS is for. */
const CALLERS: Readonly<Record<string, (type: string, name: string) => boolean>> = {
  'sts:assumerole': (type) => type !== 'Federated',
  'sts:assumerolewithsaml': (type, name) => type === 'Federated' && isSaml(name),
  'sts:assumerolewithwebidentity': (type, name) => type === 'Federated' && !isSaml(name),
};

const isSaml = (provider: string): boolean => provider.includes(':saml-provider/');

const mismatchedActions: Check = ({ principal, action }, policy) => {
  if (action.element === 'NotAction' || principal?.element !== 'Principal') return [];
  return action.patterns.flatMap(({ text, position }) => {
    const suits = CALLERS[text.toLowerCase()];
    // An action that suits one of the principals is meant for it.
    if (suits === undefined || principal.entries.length === 0) return [];
    const { entries } = principal;
    if (entries.some(({ type, value }) => value.text === '*' || suits(type, value.text))) return [];
    const principals = entries.map(({ value }) => value.text).join(', ');
    const places = [position, ...entries.map(({ value }) => value.position)];
    return [at(policy, 'MISMATCHED_ACTION_FOR_PRINCIPAL', places, { text, principals })];
  });
};
