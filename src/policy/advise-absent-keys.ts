import type { ActionReference } from './action-reference.ts';
import type { Condition, Statement } from './ast.ts';
import { isListedOnly, isOneOf } from './condition-key.ts';
import { namedActions } from './named-actions.ts';
import type { Report } from './report.ts';

/** Keys that only requests made by an AWS service have; policies without a Principal never see them. */
const SERVICE_CALLS_ONLY =
  /^aws:(?:SourceArn|SourceAccount|SourceOrgID|SourceOrgPaths|SourceOwner|PrincipalServiceName|PrincipalServiceNamesList)$/i;

/** Maximum number of names in a message. */
const NAMES_SHOWN = 3;

/** Warns of a condition on a key that the statement's requests do not have, and reports the effect. */
export function adviseAbsence(
  statement: Statement,
  condition: Condition,
  reference: ActionReference,
  report: Report,
): void {
  adviseServiceKey(statement, condition, report);
  advisePartialKey(statement, condition, reference, report);
  adviseMfa(statement, condition, report);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn */
function adviseServiceKey({ principal }: Statement, { key, operator }: Condition, report: Report): void {
  if (principal !== undefined || operator === 'Null' || !SERVICE_CALLS_ONLY.test(key.text)) return;
  const message = `requests of users and roles never have the key "${key.text}"; only requests made by an AWS service have it, which match trust policies and resource-based policies`;
  report.warning('unused-condition-key', message, key.position);
}

/** An Allow with a condition that some of its actions can never meet grants only the other actions. */
function advisePartialKey(
  { effect, action }: Statement,
  condition: Condition,
  reference: ActionReference,
  report: Report,
): void {
  const { text: key, position } = condition.key;
  if (effect !== 'Allow' || action.element === 'NotAction' || holdsWhenAbsent(condition)) return;
  if (key.toLowerCase().startsWith('aws:') && !isListedOnly(key)) return;
  // If a wildcard has such a condition, it is assumed to mean the actions that have the key.
  const named = action.patterns
    .filter(({ text }) => !/[*?]/.test(text))
    .flatMap(({ text }) => namedActions(text, reference) ?? [])
    .flatMap(({ action: name, description }) => (description ? [{ name, description }] : []));
  const gets = ({ description }: (typeof named)[number]): boolean =>
    isOneOf(key, new Set(description.conditionKeys));
  const without = named.filter((each) => !gets(each)).map(({ name }) => name);
  if (without.length === 0 || !named.some(gets)) return;
  const shown = without.slice(0, NAMES_SHOWN).join(', ');
  const more = without.length > NAMES_SHOWN ? ` and ${without.length - NAMES_SHOWN} more` : '';
  report.warning(
    'partial-condition-key',
    `the statement never grants ${shown}${more}: its requests do not have the key "${key}"`,
    position,
  );
}

const holdsWhenAbsent = ({ operator, qualifier, ifExists }: Condition): boolean =>
  ifExists || operator === 'Null' || operator.includes('Not') || qualifier === 'ForAllValues';

/**
 * Calls with a long-term access key do not have `aws:MultiFactorAuthPresent`: it is absent, not false.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 */
function adviseMfa({ effect }: Statement, condition: Condition, report: Report): void {
  const { key, operator, ifExists, values } = condition;
  if (key.text.toLowerCase() !== 'aws:multifactorauthpresent' || operator !== 'Bool') return;
  const wants = (value: string): boolean => values.some(({ text }) => text.toLowerCase() === value);
  if (effect === 'Deny' && !ifExists && wants('false'))
    report.warning(
      'mfa-absent',
      'calls with a long-term access key do not have "aws:MultiFactorAuthPresent", so this does not deny them; use BoolIfExists',
      key.position,
    );
  if (effect === 'Allow' && ifExists && wants('true'))
    report.warning(
      'mfa-absent',
      'calls with a long-term access key do not have "aws:MultiFactorAuthPresent", so this allows them without MFA; use Bool',
      key.position,
    );
}
