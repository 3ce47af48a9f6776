import type { ActionReference } from './action-reference.ts';
import type { Condition, Statement } from './ast.ts';
import { isListedOnly, isOneOf } from './condition-key.ts';
import { namedActions } from './named-actions.ts';
import type { Report } from './report.ts';

/** Keys of calls that an AWS service makes for itself, which policies without a Principal never see. */
const SERVICE_CALLS_ONLY =
  /^aws:(?:SourceArn|SourceAccount|SourceOrgID|SourceOrgPaths|SourceOwner|PrincipalServiceName|PrincipalServiceNamesList)$/i;

/** As many names as a message can bear. */
const NAMES_SHOWN = 3;

/** A condition on a key that requests of the statement do not have, and what that makes of the statement. */
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
  const message = `no request of a user or role ever gets the key "${key.text}": only a service that calls for itself has it, which trust and resource-based policies see`;
  report.warning('unused-condition-key', message, key.position);
}

/** An Allow whose condition some of its actions can never fulfil grants only the others. */
function advisePartialKey(
  { effect, action }: Statement,
  condition: Condition,
  reference: ActionReference,
  report: Report,
): void {
  const { text: key, position } = condition.key;
  if (effect !== 'Allow' || action.element === 'NotAction' || holdsWhenAbsent(condition)) return;
  if (key.toLowerCase().startsWith('aws:') && !isListedOnly(key)) return;
  // A wildcard with such a condition means those that it fits.
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
    `the statement never grants ${shown}${more}: requests of it have no key "${key}"`,
    position,
  );
}

const holdsWhenAbsent = ({ operator, qualifier, ifExists }: Condition): boolean =>
  ifExists || operator === 'Null' || operator.includes('Not') || qualifier === 'ForAllValues';

/**
 * Calls with an access key alone have no `aws:MultiFactorAuthPresent`: it is absent there, not false.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 */
function adviseMfa({ effect }: Statement, condition: Condition, report: Report): void {
  const { key, operator, ifExists, values } = condition;
  if (key.text.toLowerCase() !== 'aws:multifactorauthpresent' || operator !== 'Bool') return;
  const wants = (value: string): boolean => values.some(({ text }) => text.toLowerCase() === value);
  if (effect === 'Deny' && !ifExists && wants('false'))
    report.warning(
      'mfa-absent',
      'calls with an access key alone have no "aws:MultiFactorAuthPresent", so this does not deny them; BoolIfExists does',
      key.position,
    );
  if (effect === 'Allow' && ifExists && wants('true'))
    report.warning(
      'mfa-absent',
      'calls with an access key alone have no "aws:MultiFactorAuthPresent", so this allows them without a second factor; Bool does not',
      key.position,
    );
}
