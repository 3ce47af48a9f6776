import type { CheckRecord, DecisionRecord, Outcome } from '../records/decision-record.ts';

/** What a list shows of a decision: about half the size of its record. */
export interface DecisionSummary {
  /** Position among the decisions of this process; the first has 1. */
  readonly seq: number;
  readonly id: string;
  readonly time: string;
  readonly outcome: Outcome;
  /** The role of a session, else the ARN; of a rejected request the access key ID that it claims. */
  readonly principal?: string;
  readonly service?: string;
  readonly operation?: string;
  /** Shared by a call and the checks of the service role that it passes. */
  readonly requestId: string;
  /** Whether the caller is an AWS service with a role that was passed to it. */
  readonly byService: boolean;
  /** The first check that is not allowed, else the first. */
  readonly check?: Pick<CheckRecord, 'action' | 'resource' | 'decision' | 'layer'>;
  /** How many checks the call needed. */
  readonly checks: number;
  readonly error?: { readonly code: string; readonly status: number };
  readonly durationMicros: number;
}

/** A record as a list shows it. */
export function summarize(record: DecisionRecord, seq: number): DecisionSummary {
  const { id, time, outcome, principal, request, checks, error, durationMicros } = record;
  const shown = checks.find(({ decision }) => decision !== 'allowed') ?? checks[0];
  const name = principal?.roleArn ?? principal?.arn ?? request.accessKeyId;
  return {
    seq,
    id,
    time,
    outcome,
    ...(name !== undefined && { principal: name }),
    ...(request.service !== undefined && { service: request.service }),
    ...(request.operation !== undefined && { operation: request.operation }),
    requestId: request.id,
    byService: checks.some(({ context }) => context?.['aws:PrincipalServiceName'] !== undefined),
    ...(shown && {
      check: {
        action: shown.action,
        resource: shown.resource,
        decision: shown.decision,
        layer: shown.layer,
      },
    }),
    checks: checks.length,
    ...(error && { error: { code: error.code, status: error.status } }),
    durationMicros,
  };
}

/** Whether a summary has the text in anything that a list shows, ignoring case. */
export function mentions(summary: DecisionSummary, text: string): boolean {
  const { principal, service, operation, check, error, id } = summary;
  const shown = [principal, service, operation, check?.action, check?.resource, error?.code, id];
  return shown.join('\n').toLowerCase().includes(text.toLowerCase());
}
