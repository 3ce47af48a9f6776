/* What the views read of the API's responses; test/unit/admin/console-types.test.ts holds them against the server's. */

import type { DecisionName, Problem, Summary } from './types.ts';

export interface DecisionPage {
  readonly instance: string;
  readonly newest: number;
  readonly decisions: readonly Summary[];
  readonly next?: number;
}

/** Decisions that were lost between two others: no longer in memory when this page asked. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface MarkList {
  readonly marks: readonly { readonly name: string; readonly time: string }[];
}

export interface PolicyList {
  readonly policies: readonly {
    readonly name: string;
    readonly owner: 'aws' | 'customer';
    readonly attachments: readonly { readonly use: string; readonly to: string }[];
  }[];
}

export interface WrittenPolicy {
  readonly backup: string;
}

export interface LintFindings {
  readonly findings: readonly Problem[];
}

export interface Operations {
  readonly operations: readonly { readonly name: string; readonly service: string }[];
}

export type Outcome =
  | {
      readonly decision: DecisionName;
      readonly layer: string;
      readonly action: string;
      readonly resource: string;
      readonly message?: string;
      /** Why the decision may differ from that on the recorded call. */
      readonly caveats?: readonly string[];
    }
  | { readonly error: string };

export interface Results {
  readonly results: readonly { readonly before: Outcome; readonly after: Outcome }[];
}

export interface InvalidEdits {
  readonly policies: readonly {
    readonly name: string;
    readonly diagnostics: readonly { readonly message: string; readonly line?: number }[];
  }[];
}

export interface Change {
  readonly type: 'change';
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly was: { readonly decision: DecisionName };
  readonly now?: { readonly decision: DecisionName };
  readonly because?: string;
  readonly count: number;
  readonly decisions: readonly string[];
}

export type ReplayLine =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | Change
  | { readonly type: 'done'; readonly decisions: number; readonly checks: number; readonly changes: number };

export interface GenerateTarget {
  readonly policy: string;
  readonly file: string;
  readonly digest: string;
  readonly text: string;
  readonly patch: string;
  readonly others: number;
}

export interface Generated {
  readonly text: string;
  readonly checks: number;
  readonly elements: number;
  readonly replaces: readonly string[];
  readonly patch: string;
  readonly notes: readonly string[];
  readonly denied: number;
  readonly lines: readonly {
    readonly line: number;
    readonly count: number;
    readonly decisions: readonly string[];
  }[];
  readonly targets: readonly GenerateTarget[];
}

export interface StubResource {
  readonly arn: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly status?: string;
  readonly failureReason?: string;
  readonly tags: Readonly<Record<string, string>>;
}
