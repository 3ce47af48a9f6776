import { describe, expectTypeOf, it } from 'vitest';
import type * as coverage from '../../../console/src/coverage/types.ts';
import type * as principals from '../../../console/src/principals/types.ts';
import type * as page from '../../../console/src/responses.ts';
import type * as read from '../../../console/src/types.ts';
import type { CoverageView, MarkList } from '../../../src/admin/coverage-route.ts';
import type { DecisionPage } from '../../../src/admin/decision-list-routes.ts';
import type { StreamedState, StreamGap } from '../../../src/admin/decision-stream.ts';
import type { DecisionSummary } from '../../../src/admin/decision-summary.ts';
import type { ExplanationView } from '../../../src/admin/explain-view.ts';
import type { GeneratedView } from '../../../src/admin/generated-view.ts';
import type { OperationList } from '../../../src/admin/operation-routes.ts';
import type { LintFindings, PolicyList, WrittenPolicy } from '../../../src/admin/policy-file-routes.ts';
import type { PolicySourceView } from '../../../src/admin/policy-source.ts';
import type { PrincipalsView } from '../../../src/admin/principal-routes.ts';
import type { RecordedCallView } from '../../../src/admin/recorded-call-view.ts';
import type { InvalidEdits, ReplayLine, SimulateResponse } from '../../../src/admin/simulate-routes.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import type { StubResource } from '../../../src/services/personalize/upstream.ts';

/*
 * The console is compiled on its own and declares what it reads. `npm run check:types` fails here where a response no longer
 * has it: a member under another name, one that is optional too, or a value that the console does not handle.
 */

type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type Member<Union, Key extends PropertyKey> =
  Union extends Readonly<Record<Key, infer Value>>
    ? Value
    : Union extends { [key in Key]?: infer Value }
      ? Value
      : never;

/** Names of members that the console reads, at any depth, and that the server does not send. */
type Unsent<Sent, Read> = Read extends readonly (infer ReadItem)[]
  ? Unsent<Sent extends readonly (infer SentItem)[] ? SentItem : never, ReadItem>
  : Read extends object
    ? Exclude<keyof Read, KeyOf<Sent>> | Below<Sent, Read>
    : never;
type Below<Sent, Read> = {
  [Key in keyof Read & KeyOf<Sent>]-?: string extends Key
    ? never
    : Unsent<NonNullable<Member<Sent, Key>>, NonNullable<Read[Key]>>;
}[keyof Read & KeyOf<Sent>];

/** What is wrong with what the server sends, for what the console reads: nothing. */
type Wrong<Sent, Read> = [Sent] extends [Read]
  ? Unsent<Sent, Read>
  : { readonly isNot: Read; readonly sent: Sent };

describe('the console reads what the API sends', () => {
  it('of decisions', () => {
    expectTypeOf<Wrong<DecisionSummary, read.Summary>>().toBeNever();
    expectTypeOf<Wrong<DecisionPage, page.DecisionPage>>().toBeNever();
    expectTypeOf<Wrong<DecisionRecord, read.DecisionRecord>>().toBeNever();
    expectTypeOf<Wrong<StreamedState, read.Health>>().toBeNever();
    expectTypeOf<Wrong<StreamGap, page.Gap>>().toBeNever();
    expectTypeOf<Wrong<ExplanationView, read.Explanation>>().toBeNever();
    expectTypeOf<Wrong<RecordedCallView, read.RecordedCall>>().toBeNever();
  });

  it('of principals and policies', () => {
    expectTypeOf<Wrong<PrincipalsView, principals.Principals>>().toBeNever();
    expectTypeOf<Wrong<PolicyList, page.PolicyList>>().toBeNever();
    expectTypeOf<Wrong<PolicySourceView, read.PolicySource>>().toBeNever();
    expectTypeOf<Wrong<WrittenPolicy, page.WrittenPolicy>>().toBeNever();
    expectTypeOf<Wrong<LintFindings, page.LintFindings>>().toBeNever();
  });

  it('of coverage, generated policies, simulation and replay', () => {
    expectTypeOf<Wrong<CoverageView, coverage.Coverage>>().toBeNever();
    expectTypeOf<Wrong<MarkList, page.MarkList>>().toBeNever();
    expectTypeOf<Wrong<GeneratedView, page.Generated>>().toBeNever();
    expectTypeOf<Wrong<SimulateResponse, page.Results>>().toBeNever();
    expectTypeOf<Wrong<InvalidEdits, page.InvalidEdits>>().toBeNever();
    expectTypeOf<Wrong<ReplayLine, page.ReplayLine>>().toBeNever();
    expectTypeOf<Wrong<OperationList, page.Operations>>().toBeNever();
    expectTypeOf<Wrong<StubResource, page.StubResource>>().toBeNever();
  });

  it('and the comparison finds a member under another name, an optional one too, at any depth', () => {
    expectTypeOf<Wrong<{ a: 1; b?: 2 }, { a: 1; c?: 2 }>>().toEqualTypeOf<'c'>();
    expectTypeOf<Wrong<{ list: { x: 1 }[] }, { list: { x: 1; y?: 2 }[] }>>().toEqualTypeOf<'y'>();
    expectTypeOf<Wrong<{ a: 'x' | 'y' }, { a: 'x' }>>().not.toBeNever();
  });
});
