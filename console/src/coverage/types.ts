export interface Uses {
  readonly allowed: number;
  readonly denied: number;
  readonly undocumented: number;
}

export interface StatementCoverage extends Uses {
  readonly statement: number;
  readonly sid?: string;
  readonly effect: string;
  readonly line?: number;
  readonly patterns: readonly (Uses & {
    readonly element: string;
    readonly pattern: string;
    readonly line?: number;
  })[];
}

export interface PolicyCoverage {
  readonly policy: string;
  readonly file?: string;
  readonly elements: number;
  readonly used: number;
  readonly percent: number;
  readonly attachedTo: readonly string[];
  readonly statements: readonly StatementCoverage[];
}

export interface Cell {
  readonly principal: string;
  readonly action: string;
  readonly allowed: number;
  readonly denied: number;
  readonly granted: boolean;
  readonly decisions: readonly string[];
}

export interface Coverage {
  readonly percent: number;
  readonly elements: number;
  readonly used: number;
  readonly decisions: number;
  readonly checks: number;
  readonly unasked: readonly string[];
  readonly policies: readonly PolicyCoverage[];
  readonly matrix: readonly Cell[];
}

export const usesOf = ({ allowed, denied, undocumented }: Uses): number => allowed + denied + undocumented;
