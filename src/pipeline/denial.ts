import { denialMessage, denialSentence } from '../engine/denial-message.ts';
import { isRoleAssumption } from '../engine/ownership.ts';
import { type AwsError, awsError } from '../errors.ts';
import type { DecidedCheck } from './stages.ts';

/**
 * AWS's answer to a denied check. Of a role that is assumed it does not tell why: a role that is not there, its trust
 * policy and the caller's own policies all give the same answer (conformance A6).
 */
export const accessDenied = (check: DecidedCheck): AwsError =>
  awsError('AccessDeniedException', messageOf(check));

function messageOf({ question, decision }: DecidedCheck): string {
  const { principal, action, resource } = question;
  if (principal.type === 'WebIdentity') return `Not authorized to perform ${action}`;
  return isRoleAssumption(action, resource) ? denialSentence(question) : denialMessage(question, decision);
}
