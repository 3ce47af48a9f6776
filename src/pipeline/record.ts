import type { Principal } from '../engine/principal.ts';
import { header } from '../http-message.ts';
import type { CheckRecord, DecisionRecord, Outcome, PrincipalRecord } from '../record/decision-record.ts';
import type { Decided, DecidedCheck, Received } from './stages.ts';

/** How a request ended, for its record. */
export interface Ending {
  readonly mode: DecisionRecord['mode'];
  readonly outcome: Outcome;
  readonly error?: NonNullable<DecisionRecord['error']>;
  readonly durationMicros: number;
}

/** The record of a request that came as far as `stage`. What was not reached is not in it. */
export function decisionRecord(stage: Received & Partial<Decided>, ending: Ending): DecisionRecord {
  const { request, route, credential, caller } = stage;
  const userAgent = header(request, 'user-agent');
  const principal = caller && principalRecord(caller.principal);
  return {
    id: stage.decisionId,
    time: new Date(stage.receivedAt).toISOString(),
    mode: ending.mode,
    outcome: ending.outcome,
    ...(principal && { principal }),
    request: {
      id: stage.requestId,
      ...(route && { service: route.service.name, operation: route.operation.name }),
      ...(credential && { region: credential.scope.region }),
      sourceIp: request.remoteAddress,
      ...(userAgent !== undefined && { userAgent }),
    },
    checks: (stage.decided ?? []).map(checkRecord),
    undocumented: (stage.decidedUndocumented ?? []).map(checkRecord),
    ...(ending.error && { error: ending.error }),
    durationMicros: ending.durationMicros,
  };
}

const checkRecord = ({ question, decision }: DecidedCheck): CheckRecord => ({
  action: question.action,
  resource: question.resource,
  decision: decision.decision,
  layer: decision.layer,
  determining: decision.determining,
});

function principalRecord(principal: Principal): PrincipalRecord | undefined {
  if (!('arn' in principal)) return undefined;
  const { type, arn, accountId } = principal;
  if (principal.type === 'User') return { type, arn, accountId, userName: principal.userName };
  if (principal.type === 'AssumedRole') {
    return { type, arn, accountId, roleArn: principal.roleArn, sessionName: principal.sessionName };
  }
  return { type, arn, accountId };
}
