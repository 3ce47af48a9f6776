import type { AwsError } from '../../lib/errors.ts';
import type { Result } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import type { BulkFile } from './bulk-data.ts';
import type { StubFixtures } from './fixtures.ts';
import type { OperationInputs, OperationName } from './inputs.ts';
import type { Transition, TransitionKind } from './lifecycle.ts';
import type { Attributes } from './resource-attributes.ts';
import type { ResourceTable } from './resource-table.ts';
import type { WritableState } from './store/resource-store.ts';

/** Where a call is made: the account, region and partition that new ARNs name and that lists belong to. */
export interface Scope {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** One moment of the stub, with all that a handler may look at and change. */
export interface CallContext {
  readonly scope: Scope;
  readonly now: number;
  readonly table: ResourceTable;
  readonly state: WritableState;
  readonly fixtures: StubFixtures;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** The files at the location that an import job reads; absent where the proxy cannot read it. */
  readonly files?: readonly BulkFile[];
  /** A transition that begins now, and fails where a script, a role or `reason` makes it fail. */
  readonly begin: (kind: TransitionKind, arn: string, reason?: string) => Transition;
}

/** A call with an input of that type. Every input is `Attributes`. */
export interface CallWith<Input> extends CallContext {
  readonly operation: Operation;
  /** Decoded, and valid by the operation's shape. */
  readonly input: Input;
}

/** A call of the operation. */
export type Call<Name extends OperationName> = CallWith<OperationInputs[Name]>;

/** By the members of the operation's output shape; timestamps are `Date`. */
export type Output = Readonly<Record<string, unknown>>;

export type Outcome = Result<Output, AwsError>;

/** Handles the operation. */
export type Handler<Name extends OperationName> = (call: Call<Name>) => Outcome;

/** Handles operations by the names of members: their inputs need no type of their own. */
export type AnyHandler = (call: CallWith<Attributes>) => Outcome;

/** The handler of an operation that is not known here: calling it takes the one cast of an input that was validated. */
export type SomeHandler = (call: CallWith<never>) => Outcome;

/** Makes the handler of an operation from its model. */
export type HandlerFactory<Name extends OperationName> = (operation: Operation) => Handler<Name>;

/** Handlers of some operations, each typed by its own. */
export type Handlers<Names extends OperationName> = { readonly [Name in Names]: Handler<Name> };

/** `arn:aws:personalize:us-east-1:123456789012`: the head of the ARNs of a scope, and the name of its lists. */
export const ownerOf = ({ partition, region, account }: Scope): string =>
  `arn:${partition}:personalize:${region}:${account}`;

/** Eight hex digits, as AWS ends the ARNs of solution versions and event trackers; not taken yet after `start`. */
export function shortId(start: string, { newId, table }: CallContext): string {
  for (;;) {
    const id = newId().slice(0, 8);
    if (table.find(start + id) === undefined) return id;
  }
}
