import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../lib/clock.ts';
import { type AwsError, awsError, type Diagnostic } from '../../lib/errors.ts';
import { err, type Result } from '../../lib/result.ts';
import type { Operation } from '../../model/shape.ts';
import { validateInput } from '../../wire/validate.ts';
import type { BulkFile } from './bulk-data.ts';
import type { CallContext, Output, Scope, SomeHandler } from './call.ts';
import { type RecordedKind, type RecordedPut, recordedPuts } from './event-operations.ts';
import { delayOf, failureOf, NO_FIXTURES, type StubFixtures, throttle } from './fixtures.ts';
import { listResources } from './list-resources.ts';
import { handlersFor } from './operations.ts';
import { seededIds } from './pseudo-random.ts';
import { type Attributes, textAt } from './resource-attributes.ts';
import { ResourceReader, ResourceTable } from './resource-table.ts';
import { isEmpty, type Seed, type SeedCall, seedDiagnostics } from './seed.ts';
import { personalizeOperations } from './service-operations.ts';
import { memoryStore } from './store/memory.ts';
import type { ReadableState, ResourceStore, WritableState } from './store/resource-store.ts';
import type { Tags } from './tags.ts';
import type { StubResource } from './upstream.ts';

export interface StubOptions {
  readonly clock: Clock;
  /** How long a creation, update, start, stop or deletion takes; 0 settles at once. */
  readonly transitionSeconds?: number;
  /** Default: in memory. The stub closes it. */
  readonly store?: ResourceStore;
  /** Fresh UUIDs, for solution versions, tracking ids and recommendation ids. Default: the same ones on every run. */
  readonly ids?: () => string;
  /** The script as it is now; it may change while the stub runs. */
  readonly fixtures?: () => StubFixtures;
  /** Checks whether the role of a new resource has the permissions it needs; absent: roles are not checked. */
  readonly checkServiceRole?: CheckServiceRole;
  /** The files at the location of an import job, `s3://bucket/data.csv`; `undefined` where it cannot be read here. */
  readonly readFiles?: (location: string) => Promise<readonly BulkFile[] | undefined>;
  /** Waits for the delays of the fixtures, in milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** An operation of one of the three Personalize services, its decoded input, and where it is called. */
export interface StubCall extends Scope {
  readonly operation: Operation;
  readonly input: Attributes;
  /** Of the request, for what is recorded of it. */
  readonly requestId?: string;
}

/** A resource that begins to be made or changed. */
export interface Creation {
  readonly operation: Operation;
  readonly input: Attributes;
  readonly arn: string;
  readonly requestId: string;
  readonly now: number;
}

/** Computes only: in a shared store the same creation may be checked again. */
export type CheckServiceRole = (
  creation: Creation,
) => { readonly failureReason?: string; conclude(): Promise<void> } | undefined;

/** A Personalize API without HTTP: the proxy calls it in its own process, `serve --stub-only` puts it behind a port. */
export interface PersonalizeStub extends AsyncDisposable {
  /** Answers a call. The output has the members of the operation's output shape, timestamps as `Date`. */
  handle(call: StubCall): Promise<Result<Output, AwsError>>;
  /** The tags that a resource has now, for `aws:ResourceTag/*`; `undefined` if there is no such resource. */
  tagsOf(arn: string): Tags | undefined;
  /** The same, with what other processes have written; absent if there are none. */
  readonly sharedTagsOf?: (arn: string) => Promise<Tags | undefined>;
  /** Every resource of an account and Region as it is now. */
  resources(scope: Scope): readonly StubResource[];
  /** What was put by the events API, oldest first. */
  recorded(kind: RecordedKind): readonly RecordedPut[];
  /**
   * Makes the calls where the store is empty yet: what they create is there at once, with the same ids every time. A
   * store that has something keeps it. All diagnostics; if there is one, nothing is made.
   */
  seed(seed: Seed): Promise<readonly Diagnostic[]>;
  /**
   * Forgets every resource, everything that was put, and how often throttled operations were called; then makes the
   * calls. All diagnostics; if there is one, nothing is forgotten.
   */
  reset(seed?: Seed): Promise<readonly Diagnostic[]>;
  close(): Promise<void>;
}

/** How resources come to be. */
interface Making {
  readonly newId: () => string;
  readonly transitionMillis: number;
  /** Why the role of a resource does not do; `undefined` where it does. */
  readonly checkRole?: (arn: string, now: number) => string | undefined;
  readonly files?: readonly BulkFile[] | undefined;
}

/** Throws where the stub's tables do not fit the service models (see `handlersFor`). */
export function createStub(options: StubOptions): PersonalizeStub {
  const {
    clock,
    checkServiceRole,
    readFiles,
    fixtures = () => NO_FIXTURES,
    store = memoryStore(),
    wait = sleep,
  } = options;
  const newId = options.ids ?? seededIds('stub');
  const transitionMillis = (options.transitionSeconds ?? 0) * 1000;
  const handlers = handlersFor(personalizeOperations());
  const called = new Map<string, number>();

  const invoke = (
    handler: SomeHandler,
    { operation, input, requestId: _, ...scope }: StubCall,
    state: WritableState,
    { newId, transitionMillis, checkRole, files }: Making,
  ) => {
    const now = clock();
    const script = fixtures();
    const begin: CallContext['begin'] = (kind, arn, reason) => {
      const roleFailure = kind === 'create' || kind === 'update' ? checkRole?.(arn, now) : undefined;
      const failureReason = failureOf(script, kind, arn) ?? roleFailure ?? reason;
      return { kind, since: now, until: now + transitionMillis, ...(failureReason && { failureReason }) };
    };
    const table = new ResourceTable(state, now);
    const deps = { scope, now, table, state, fixtures: script, newId, begin };
    // Valid by the operation's shape, which the type of the handler's input is generated from.
    return handler({ operation, input: input as never, ...deps, ...(files && { files }) });
  };

  /** One after the other on one state, as if each had settled long ago. */
  const seeding = ({ calls: _, ...scope }: Seed) => {
    const newId = seededIds('seed');
    return (state: WritableState, { operation, input }: SeedCall) => {
      const invalid = operation.input && validateInput(operation.input, input);
      if (invalid) return err(invalid);
      const handler = handlers.get(operation.name);
      if (handler === undefined) return err(unknownOperation(operation));
      const settled = { newId, transitionMillis: 0 };
      return invoke(handler, { operation, input, ...scope }, state, settled);
    };
  };
  const plant = (state: WritableState, seed: Seed): void => {
    const run = seeding(seed);
    for (const call of seed.calls) run(state, call);
  };

  const tagsIn = (arn: string) => (state: ReadableState) =>
    new ResourceReader(state, clock()).find(arn)?.tags;

  const stub: PersonalizeStub = {
    async handle(call) {
      const { name, input: shape } = call.operation;
      const handler = handlers.get(name);
      if (handler === undefined) return err(unknownOperation(call.operation));
      const milliseconds = delayOf(fixtures(), name);
      if (milliseconds > 0) await wait(milliseconds);
      if (throttle(fixtures(), name, called)) return err(awsError('ThrottlingException', 'Rate exceeded'));
      const invalid = shape && validateInput(shape, call.input);
      if (invalid) return err(invalid);
      let roleCheck: ReturnType<CheckServiceRole>;
      const checkRole = (arn: string, now: number): string | undefined => {
        const { operation, input, requestId = '' } = call;
        roleCheck = checkServiceRole?.({ operation, input, arn, requestId, now });
        return roleCheck?.failureReason;
      };
      const location = dataLocationOf(call);
      const files = location === undefined ? undefined : await readFiles?.(location);
      const output = await store.transact((state) =>
        invoke(handler, call, state, { newId, transitionMillis, checkRole, files }),
      );
      if (output.ok) await roleCheck?.conclude();
      return output;
    },
    tagsOf: (arn) => store.read(tagsIn(arn)),
    ...(store.isShared && { sharedTagsOf: (arn) => store.transact(tagsIn(arn)) }),
    resources: (scope) => store.read((state) => listResources(state, clock(), scope)),
    recorded: (kind) => store.read((state) => recordedPuts(state, kind)),
    async seed(seed) {
      const diagnostics = seedDiagnostics(seed.calls, seeding(seed));
      if (diagnostics.length === 0)
        await store.transact((state) => {
          if (isEmpty(state)) plant(state, seed);
        });
      return diagnostics;
    },
    async reset(seed) {
      const diagnostics = seed ? seedDiagnostics(seed.calls, seeding(seed)) : [];
      if (diagnostics.length > 0) return diagnostics;
      called.clear();
      await store.clear((state) => seed && plant(state, seed));
      return diagnostics;
    },
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store.close(),
  };
  return stub;
}

/** Where an import job reads: before its transaction, which cannot wait. */
const dataLocationOf = ({ operation, input }: StubCall): string | undefined =>
  operation.name === 'CreateDatasetImportJob' ? textAt(input, 'dataSource.dataLocation') : undefined;

const unknownOperation = ({ name }: Operation): AwsError =>
  awsError('UnknownOperationException', `${name} is not an operation of Amazon Personalize.`);
