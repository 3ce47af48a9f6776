import type { Statement } from '../policy/ast.ts';
import type { Change } from './change.ts';
import type { Decision, Layer, StatementRef } from './decision.ts';
import type { ContextValue } from './request.ts';

/** A decision with everything that led to it. */
export interface Trace {
  readonly decision: Decision;
  /** The layers that bear on the principal, in the order in which AWS asks them. */
  readonly layers: readonly LayerTrace[];
  /** Context keys that conditions or policy variables asked for and the request does not have, as policies spell them. */
  readonly missingKeys: readonly string[];
  /** Of a denial: what would allow the request, all of it applied together. */
  readonly changes: readonly Change[];
}

export interface LayerTrace {
  readonly layer: Layer;
  /** 0-based, root first; of service control and resource control policies. */
  readonly level?: number;
  /** Every statement, in the order of the policies. */
  readonly statements: readonly StatementTrace[];
}

export interface StatementTrace extends StatementRef {
  readonly effect: Statement['effect'];
  readonly matched: boolean;
  /** The first thing that did not match, in the order action, resource, principal, conditions. */
  readonly mismatch?: Mismatch;
}

/** What a statement wanted, and what the request had. */
export type Mismatch =
  | {
      readonly element: 'Action' | 'NotAction' | 'Resource' | 'NotResource' | 'Principal' | 'NotPrincipal';
      readonly wanted: readonly string[];
      readonly found: string;
    }
  | {
      readonly element: 'Condition';
      /** With qualifier and `IfExists`, as the policy writes it: `ForAnyValue:StringLikeIfExists`. */
      readonly operator: string;
      readonly key: string;
      readonly wanted: readonly string[];
      /** Absent when the request does not have the key. */
      readonly found?: ContextValue;
    };
