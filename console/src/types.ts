/* What the console reads of the API's responses. */

export type OutcomeName = 'forwarded' | 'denied' | 'rejected' | 'answered' | 'audited';
export type DecisionName = 'allowed' | 'explicitDeny' | 'implicitDeny';

export interface Summary {
  readonly seq: number;
  readonly id: string;
  readonly time: string;
  readonly outcome: OutcomeName;
  readonly principal?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly requestId: string;
  readonly byService: boolean;
  readonly check?: {
    readonly action: string;
    readonly resource: string;
    readonly decision: DecisionName;
    readonly layer: string;
  };
  readonly checks: number;
  readonly error?: { readonly code: string; readonly status: number };
  readonly durationMicros: number;
}

export interface Problem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly rule: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly mode: 'enforce' | 'audit';
  readonly upstream: string;
  readonly principals: number;
  readonly policies: number;
  readonly problems: readonly Problem[];
  readonly instance: string;
  readonly write: boolean;
  readonly editor: string;
}

export interface ElementTrace {
  readonly element: string;
  readonly operator?: string;
  readonly key?: string;
  readonly wanted: readonly string[];
  readonly found?: string | readonly string[];
  readonly matched: boolean;
  readonly position?: { readonly line: number; readonly column: number };
}

export interface StatementRef {
  readonly policy: string;
  readonly statement: number;
  readonly sid?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface StatementTrace extends StatementRef {
  readonly layer: string;
  readonly level?: number;
  readonly effect: 'Allow' | 'Deny';
  readonly matched: boolean;
  readonly elements: readonly ElementTrace[];
}

export interface Check {
  readonly action: string;
  readonly resource: string;
  readonly decision: DecisionName;
  readonly recorded: DecisionName;
  readonly layer: string;
  readonly message?: string;
  readonly cause?: string;
  readonly undocumented: boolean;
  readonly steps: readonly {
    readonly step: string;
    readonly level?: number;
    readonly verdict: 'passed' | 'failed' | 'open';
  }[];
  readonly statements: readonly StatementTrace[];
  readonly missingKeys: readonly string[];
}

export type Fix =
  | {
      readonly kind: 'meetConditions';
      readonly policy: string;
      readonly statement: number;
      readonly sid?: string;
      readonly conditions: readonly ElementTrace[];
    }
  | {
      readonly kind: 'addStatement';
      readonly statement: object;
      readonly policy?: string;
      readonly file?: string;
      readonly patch?: string;
      readonly text?: string;
      /** Of the text that the patch is for. */
      readonly digest?: string;
      readonly drops: readonly string[];
      readonly others: number;
    }
  | { readonly kind: 'sendContext'; readonly advice: readonly string[] }
  | {
      readonly kind: 'other';
      readonly change: {
        readonly kind: string;
        readonly layer: string;
        readonly because?: string;
        readonly statement?: object;
        readonly statements?: readonly StatementRef[];
      };
    };

export interface DecisionRecord {
  readonly id: string;
  readonly time: string;
  readonly mode: string;
  readonly outcome: OutcomeName;
  readonly principal?: { readonly arn: string; readonly roleArn?: string };
  readonly request: {
    readonly id: string;
    readonly service?: string;
    readonly operation?: string;
    readonly region?: string;
    readonly sourceIp: string;
    readonly userAgent?: string;
    readonly accessKeyId?: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
  };
  readonly checks: readonly {
    readonly action: string;
    readonly resource: string;
    readonly decision: Check['decision'];
    readonly layer: string;
    readonly context?: Readonly<Record<string, string | readonly string[]>>;
  }[];
  readonly error?: { readonly code: string; readonly status: number; readonly message: string };
  readonly durationMicros: number;
}

export interface Explanation {
  readonly decision: DecisionRecord;
  readonly request: readonly {
    readonly step: string;
    readonly verdict: 'passed' | 'failed' | 'notReached';
    readonly says: string;
    readonly advice?: string;
  }[];
  readonly checks: readonly Check[];
  readonly unasked?: string;
  readonly fixes: readonly Fix[];
}

/** A recorded call, as a form takes it. */
export interface RecordedCall {
  readonly principal: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** Paths of the input that are shortened or hidden in the record. */
  readonly incomplete: readonly string[];
}

export interface PolicySource {
  readonly name: string;
  readonly owner: 'aws' | 'customer';
  readonly format: 'json' | 'yaml';
  readonly text: string;
  readonly digest: string;
  readonly path?: string;
  readonly file?: string;
  readonly writable: boolean;
  readonly statements: readonly {
    readonly index: number;
    readonly sid?: string;
    readonly line: number;
    readonly endLine: number;
  }[];
}
