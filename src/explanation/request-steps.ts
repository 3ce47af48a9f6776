import type { Directory } from '../directory/directory.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { REQUEST_RUNGS, type RequestStepName, rejectionOf } from './rejections.ts';

export interface RequestStep {
  readonly step: RequestStepName;
  readonly verdict: 'passed' | 'failed' | 'notReached';
  /** A sentence: what was found, or what is wrong. */
  readonly says: string;
  /** What to do about a step that failed. */
  readonly advice?: string;
}

/** How far a request came before policies were asked, and, of a rejected one, what stopped it and what to do. */
export function requestSteps(record: DecisionRecord, directory: Directory): readonly RequestStep[] {
  const rejection = record.outcome === 'rejected' ? rejectionOf(record, directory) : undefined;
  const stopped = rejection ? REQUEST_RUNGS.indexOf(rejection.step) : REQUEST_RUNGS.length;
  return REQUEST_RUNGS.map((step, index): RequestStep => {
    if (index > stopped) return { step, verdict: 'notReached', says: 'not reached' };
    if (rejection && index === stopped)
      return { step, verdict: 'failed', says: rejection.says, advice: rejection.advice };
    return { step, verdict: 'passed', says: FOUND[step](record, directory) };
  });
}

/** Of a step that a request has passed. */
const FOUND: Readonly<Record<RequestStepName, (record: DecisionRecord, directory: Directory) => string>> = {
  operation: ({ request: { service, operation } }) => `${operation} of ${service}`,
  signature: ({ request: { accessKeyId, region }, checks }) => {
    if (accessKeyId !== undefined) return `key ${accessKeyId} signed it, for ${region}`;
    const isService = checks.some(({ context }) => context?.['aws:PrincipalServiceName'] !== undefined);
    return isService
      ? 'a service of AWS calls, with a role that it was passed'
      : 'the identity token is good';
  },
  principal: ({ principal, session, checks }) => {
    if (principal === undefined)
      return String(checks[0]?.context?.['aws:FederatedProvider'] ?? 'an unknown caller');
    return session ? `${principal.arn}, a session of ${session.holder}` : principal.arn;
  },
  input: () => 'it names its resources',
};
