import type { CheckRecord, DecisionRecord } from '../../records/decision-record.ts';
import { contextOf } from '../../records/recorded-context.ts';
import { simulateAs } from '../simulate/simulate-as.ts';
import { type NeededContext, neededContext, type RowOptions } from './needed-context.ts';

/** A recorded check as a row of a policy test, in the words of the file. */
export interface CheckRow extends NeededContext {
  readonly action: string;
  readonly resource?: string;
  readonly expect: CheckRecord['decision'];
  readonly layer?: CheckRecord['layer'];
}

/** The row, or why there is none. */
export function checkRow(
  record: DecisionRecord,
  check: CheckRecord,
  principal: string,
  { directory, region }: RowOptions,
): CheckRow | string {
  const { action, resource, decision, layer } = check;
  // Of a service-role check, the role's trust policy and the bucket policy: no identity policy of the role covers them.
  const service = check.context?.['aws:PrincipalServiceName'];
  if (service !== undefined) return `asked by ${service}, which is no user or role`;
  const needed = neededContext(contextOf(record, check), record.time, (context, now) => {
    const asked = simulateAs({ directory, as: principal, action, resource, context, region, now });
    return asked.ok && asked.value.decision === decision && asked.value.layer === layer;
  });
  if (needed === undefined) return 'decided otherwise than the policies of now decide';
  return {
    action,
    ...(resource !== '*' && { resource }),
    ...needed,
    expect: decision,
    ...(decision !== 'allowed' && { layer }),
  };
}
