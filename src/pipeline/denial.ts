import { denialMessage, denialSentence } from '../engine/denial-message.ts';
import { isRoleAssumption } from '../engine/ownership.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { DecidedCheck } from './stages.ts';

/**
 * AWS's answer to a denied check. Of a role that is assumed it does not tell why: a role that is not there, its trust
 * policy and the caller's own policies all give the same answer (conformance A6).
 */
export const accessDenied = (check: Pick<DecidedCheck, 'question' | 'decision'>): AwsError =>
  awsError('AccessDeniedException', messageOf(check));

function messageOf({ question, decision }: Pick<DecidedCheck, 'question' | 'decision'>): string {
  const { principal, action, resource } = question;
  if (principal.type === 'Anonymous') return 'Access Denied';
  if (principal.type === 'WebIdentity') return `Not authorized to perform ${action}`;
  if (isRoleAssumption(action, resource)) return denialSentence(question);
  const service = action.slice(0, action.indexOf(':'));
  if (action === LIST_BUCKETS || (resource === '*' && WITHOUT_RESOURCE.has(service)))
    return denialMessage(question, decision).replace(` on resource: ${resource}`, '');
  const named = service === 's3' ? { ...question, resource: `"${resource}"` } : question;
  return denialMessage(named, decision);
}

/** Checked on `arn:aws:s3:::*`, which captured denials do not print. */
const LIST_BUCKETS = 's3:ListAllMyBuckets';

/** They name no resource where they have none (conformance B2); S3 puts the others in quotes. */
const WITHOUT_RESOURCE: ReadonlySet<string> = new Set(['s3', 'cloudwatch']);
