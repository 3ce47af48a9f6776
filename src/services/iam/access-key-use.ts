import { ok } from '../../lib/result.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { type Answer, type Output, textIn } from './call.ts';
import { noSuchEntity } from './refusals.ts';

/** IAM's words for a key that was never used. */
const NEVER_USED: Output = { ServiceName: 'N/A', Region: 'N/A' };

/**
 * The last call that a long-term access key signed, from the decisions in memory.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
 */
export const accessKeyLastUsed: Answer = (call) => {
  const id = textIn(call, 'AccessKeyId') ?? '';
  const found = call.directory.findAccessKey(id);
  if (!found) return noSuchEntity(`The Access Key with id ${id} cannot be found`);
  const last = call.log.list().findLast((record) => isSignedWith(record, id));
  return ok({ UserName: found.user.name, AccessKeyLastUsed: last ? useOf(last) : NEVER_USED });
};

/** A rejected request may claim a key that did not sign it: only a caller who was identified counts. */
const isSignedWith = ({ principal, request }: DecisionRecord, id: string): boolean =>
  principal !== undefined && request.accessKeyId === id;

function useOf({ time, request, checks }: DecisionRecord): Output {
  const [service = request.service ?? 'N/A'] = checks[0]?.action.split(':') ?? [];
  return { LastUsedDate: new Date(time), ServiceName: service, Region: request.region ?? 'N/A' };
}
