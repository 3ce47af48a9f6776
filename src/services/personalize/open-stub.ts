import { watchFiles } from '../../directory/watch-files.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Scope } from './call.ts';
import { NO_FIXTURES } from './fixtures.ts';
import { readFixtures } from './fixtures-file.ts';
import type { Seed } from './seed.ts';
import { readSeed } from './seed-files.ts';
import { openStore, type StoreName, storeLabel } from './store/open.ts';
import type { ResourceStore } from './store/resource-store.ts';
import { type CheckServiceRole, createStub, type PersonalizeStub, type StubOptions } from './stub.ts';
import type { StubControl } from './upstream.ts';

/** What of the configuration a stub depends on; paths are absolute. */
export interface StubSettings extends Scope {
  readonly stub: {
    readonly store: StoreName;
    readonly transitionSeconds: number;
    readonly fixtures: string | null;
    readonly seed: string | null;
  };
}

export interface StubDependencies {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly checkServiceRole?: CheckServiceRole;
  readonly readFiles?: NonNullable<StubOptions['readFiles']>;
  /** An edit of the fixtures that counts, or one that does not: then its diagnostics. */
  readonly onFixtures?: (diagnostics: readonly Diagnostic[]) => void;
}

/** A stub with its store, its fixtures (watched) and its seed. */
export interface OpenedStub extends AsyncDisposable {
  readonly stub: PersonalizeStub;
  readonly control: StubControl;
  /** As the banner names it. */
  readonly description: string;
  close(): Promise<void>;
}

/** Opens the stub that the configuration describes, or returns every diagnostic of its files and its store. */
export async function openStub(
  settings: StubSettings,
  { onFixtures, ...deps }: StubDependencies,
): Promise<Result<OpenedStub, readonly Diagnostic[]>> {
  const { partition, region, account } = settings;
  const { transitionSeconds, store: storeName, fixtures: file, seed: folder } = settings.stub;
  await using opened = new AsyncDisposableStack();
  const readCalls = async (): Promise<Result<Seed, readonly Diagnostic[]>> => {
    const calls = folder === null ? ok([]) : await readSeed(folder);
    return calls.ok ? ok({ calls: calls.value, partition, region, account }) : calls;
  };

  const fixtures = file === null ? undefined : await watchFixtures(file, onFixtures);
  if (fixtures?.ok) opened.use(fixtures.value);
  const [seed, store] = await Promise.all([readCalls(), openNamed(storeName)]);
  if (store.ok) opened.defer(() => store.value.close());
  const diagnostics = [fixtures, seed, store].flatMap((each) =>
    each === undefined || each.ok ? [] : each.error,
  );
  if (!seed.ok || !store.ok || diagnostics.length > 0) return err(diagnostics);

  const script = fixtures?.ok ? fixtures.value : undefined;
  const stub = createStub({
    ...deps,
    ids: deps.newId,
    transitionSeconds,
    store: store.value,
    fixtures: () => script?.current().fixtures ?? NO_FIXTURES,
  });
  const unfit = await stub.seed(seed.value);
  if (unfit.length > 0) return err(unfit);

  const resources = opened.move();
  const close = (): Promise<void> => resources.disposeAsync();
  return ok({
    stub,
    description: storeName === 'memory' ? 'embedded stub' : `embedded stub, ${storeLabel(storeName)}`,
    control: {
      resources: () => stub.resources({ partition, region, account }),
      recorded: (kind) => stub.recorded(kind),
      async reset() {
        const again = await readCalls();
        return again.ok ? stub.reset(again.value) : again.error;
      },
      problems: () => [...(script?.problems() ?? []), ...unavailable(store.value.problem)],
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

const unavailable = (problem: string | undefined): readonly Diagnostic[] =>
  problem === undefined ? [] : [{ severity: 'error', rule: 'unavailable-store', message: problem }];

const watchFixtures = (file: string, onFixtures: StubDependencies['onFixtures']) =>
  watchFiles(() => readFixtures(file), [file], {
    onReload: () => onFixtures?.([]),
    onProblem: (diagnostics) => onFixtures?.(diagnostics),
  });

async function openNamed(name: StoreName): Promise<Result<ResourceStore, readonly Diagnostic[]>> {
  try {
    return ok(await openStore(name));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message || String(cause) : String(cause);
    const message = `stub.store: ${storeLabel(name)} cannot be opened: ${reason}`;
    return err([{ severity: 'error', rule: 'unavailable-store', message }]);
  }
}
