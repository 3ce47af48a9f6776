import type { AwsError } from '../../lib/errors.ts';
import type { Result } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import type { BulkFile } from './bulk-data.ts';
import type { StubFixtures } from './fixtures.ts';
import type { Transition, TransitionKind } from './lifecycle.ts';
import type { Attributes, ResourceTable } from './resource-table.ts';
import type { WritableState } from './store/resource-store.ts';

/** Where a call is made: the account, region and partition that new ARNs name and that lists belong to. */
export interface Scope {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** One call at one moment, with all that a handler may look at and change. */
export interface Call {
  readonly operation: Operation;
  /** Decoded, and valid by the operation's shape. */
  readonly input: Attributes;
  readonly scope: Scope;
  readonly now: number;
  readonly table: ResourceTable;
  readonly state: WritableState;
  readonly fixtures: StubFixtures;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** What lies at the place that an import job reads; absent where the proxy cannot read it. */
  readonly files?: readonly BulkFile[];
  /** A transition that begins now, and fails where a script, a role or `reason` says so. */
  readonly begin: (kind: TransitionKind, arn: string, reason?: string) => Transition;
}

/** By the members of the operation's output shape; timestamps are `Date`. */
export type Output = Readonly<Record<string, unknown>>;

export type Handler = (call: Call) => Result<Output, AwsError>;

/** `arn:aws:personalize:us-east-1:123456789012`: the head of the ARNs of a scope, and the name of its lists. */
export const ownerOf = ({ partition, region, account }: Scope): string =>
  `arn:${partition}:personalize:${region}:${account}`;

/** A text member, `undefined` where it is not given. */
export const textOf = (input: Attributes, member: string): string | undefined => {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
};

/** Eight hex digits, as AWS ends the ARNs of solution versions and event trackers; not taken yet after `start`. */
export function shortId(start: string, { newId, table }: Call): string {
  for (;;) {
    const id = newId().slice(0, 8);
    if (table.find(start + id) === undefined) return id;
  }
}
