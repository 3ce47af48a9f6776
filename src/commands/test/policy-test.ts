import type { Caller } from '../../directory/caller.ts';
import type { Decision } from '../../engine/decision.ts';
import type { ContextValue } from '../../engine/request.ts';
import type { Operation } from '../../model/shape.ts';

/** One question to the policies, and what is to come out. */
export interface PolicyTest {
  readonly name: string;
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  /** As the file names it. */
  readonly principal: string;
  readonly caller: Caller;
  readonly asked:
    | { readonly kind: 'action'; readonly action: string; readonly resource: string }
    | {
        readonly kind: 'call';
        readonly operation: Operation;
        readonly input: Readonly<Record<string, unknown>>;
      };
  readonly context: Readonly<Record<string, ContextValue>>;
  /** Milliseconds since the epoch; absent: now. */
  readonly clock?: number;
  readonly expected: Expected;
}

export interface Expected {
  readonly decision: 'allowed' | 'denied' | 'explicitDeny' | 'implicitDeny';
  readonly layer?: Decision['layer'];
  /** `policy`, `policy#Sid` or `policy#0` */
  readonly statement?: string;
  readonly because?: string;
  readonly refused?: string;
}

/** `CreateCampaign`, or `personalize:CreateCampaign on arn:…`. */
export const questionText = ({ asked }: Pick<PolicyTest, 'asked'>): string =>
  asked.kind === 'call' ? asked.operation.name : `${asked.action} on ${asked.resource}`;
