import type { Decision } from '../engine/decision.ts';
import { denialMessage, denialSentence } from '../engine/denial-message.ts';
import { isRoleAssumption } from '../engine/ownership.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { DecidedCheck, Service } from './service.ts';

/**
 * AWS's answer to a denied check. Why a role could not be assumed is not said: a role that does not exist, its trust policy
 * and the caller's own policies all give the same answer.
 */
export const accessDenied = (
  check: Pick<DecidedCheck, 'question' | 'decision'>,
  services: readonly Service[],
): AwsError => awsError('AccessDeniedException', messageOf(check, services));

function messageOf(
  { question, decision }: Pick<DecidedCheck, 'question' | 'decision'>,
  services: readonly Service[],
): string {
  const { principal, action, resource } = question;
  if (principal.type === 'Anonymous') return 'Access Denied';
  if (principal.type === 'WebIdentity') return `Not authorized to perform ${action}`;
  if (isRoleAssumption(action, resource)) return denialSentence(question);
  const prefix = action.slice(0, action.indexOf(':'));
  const service = services.find(({ name }) => name === prefix);
  return service?.denialMessage?.(question, decision) ?? denialMessage(question, decision);
}

/** The common sentence, without its resource where the service does not print one. */
export function withoutResource(request: AuthorizationRequest, decision: Decision, omit: boolean): string {
  const message = denialMessage(request, decision);
  return omit ? message.replace(` on resource: ${request.resource}`, '') : message;
}
