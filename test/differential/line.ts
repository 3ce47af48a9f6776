/**
 * A line of the `evaluate` contract as plain JSON: the input of the reference evaluator, written by the corpus and
 * the generators.
 */
export interface Line {
  readonly principal: { readonly arn: string };
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
  readonly policies: LinePolicies;
}

export type Context = Readonly<Record<string, string | readonly string[]>>;

export interface LinePolicies {
  readonly identity?: readonly { readonly name: string; readonly document: Document }[];
  readonly resourcePolicy?: { readonly document: Document; readonly account: string };
  readonly permissionsBoundary?: Document;
  readonly session?: readonly Document[];
  readonly serviceControl?: readonly (readonly Document[])[];
  readonly resourceControl?: readonly (readonly Document[])[];
}

type OneOrMany<T> = T | readonly T[];

export interface Document {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement?: OneOrMany<Statement>;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, OneOrMany<string>>>;
  readonly NotPrincipal?: '*' | Readonly<Record<string, OneOrMany<string>>>;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>
  >;
}
