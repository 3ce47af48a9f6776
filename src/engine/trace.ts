import type { Statement } from '../policy/ast.ts';
import type { Change } from './change.ts';
import type { Decision, Layer, StatementRef } from './decision.ts';
import type { ContextValue } from './request.ts';

/** A decision with its full trace. */
export interface Trace {
  readonly decision: Decision;
  /** The layers that apply to the principal, in the order in which AWS evaluates them. */
  readonly layers: readonly LayerTrace[];
  /**
   * Context keys that conditions or policy variables use and the request does not have, as spelled in the policies.
   */
  readonly missingKeys: readonly string[];
  /** For a denial: the changes that together would allow the request. */
  readonly changes: readonly Change[];
}

export interface LayerTrace {
  readonly layer: Layer;
  /** 0-based, root first; for service control and resource control policies. */
  readonly level?: number;
  /** Every statement, in the order of the policies. */
  readonly statements: readonly StatementTrace[];
}

export interface StatementTrace extends StatementRef {
  readonly effect: Statement['effect'];
  readonly matched: boolean;
  /** The first element that did not match, in the order action, resource, principal, conditions. */
  readonly mismatch?: Mismatch;
}

/** What a statement requires, and what the request has. */
export type Mismatch =
  | {
      readonly element: 'Action' | 'NotAction' | 'Resource' | 'NotResource' | 'Principal' | 'NotPrincipal';
      readonly wanted: readonly string[];
      readonly found: string;
    }
  | {
      readonly element: 'Condition';
      /** With set operator and `IfExists`, as written in the policy: `ForAnyValue:StringLikeIfExists`. */
      readonly operator: string;
      readonly key: string;
      readonly wanted: readonly string[];
      /** Absent if the request does not have the key. */
      readonly found?: ContextValue;
    };
