/**
 * The form of the service models in `generated/`: what `scripts/generate.ts` writes and `load.ts` reads.
 * AWS's own names and order, without prose and without what no part of the project asks for.
 */
export interface GeneratedModel {
  readonly name: string;
  readonly protocol: string;
  readonly signingName: string;
  readonly apiVersion: string;
  readonly targetPrefix?: string;
  readonly xmlNamespace?: string;
  readonly operations: Readonly<Record<string, GeneratedOperation>>;
  readonly shapes: Readonly<Record<string, GeneratedShape>>;
}

export interface GeneratedOperation {
  readonly method: string;
  readonly path: string;
  readonly input?: string;
  readonly output?: string;
  readonly resultWrapper?: string;
  readonly unsigned?: boolean;
  /** Error code on the wire -> HTTP status. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface GeneratedShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, GeneratedMember>>;
  readonly member?: GeneratedMember;
  readonly key?: GeneratedMember;
  readonly value?: GeneratedMember;
  readonly flattened?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
}

/** A shape's name; with its name on the wire where that is not the member's own, and where it is a parameter of the query. */
export type GeneratedMember =
  | string
  | { readonly shape: string; readonly wireName: string; readonly inQuery?: boolean };
