import { get, send } from '../api.ts';
import { ConfirmButton } from '../confirm-button.tsx';
import { Failure, Skeleton } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { isDisconnected } from '../live.ts';
import { useLoad } from '../load.ts';
import type { StubResource as Resource } from '../responses.ts';
import { go, here, hrefOf, route } from '../route.ts';
import { plural } from '../text.ts';

const KINDS = ['resources', 'events', 'items', 'users', 'actions', 'action-interactions'] as const;

/** What the embedded stub has: resources below their dataset groups, and what was put. */
export function Stub() {
  const kind = route.value.params.get('show') ?? 'resources';
  const { value, error, isLoading, retry } = useLoad(kind, (signal) =>
    get<Readonly<Record<string, readonly unknown[]>>>(`stub/${kind}`, signal),
  );
  const reset = async (): Promise<void> => {
    await send('POST', 'reset');
    retry();
  };
  if (error?.code === 'NoStub') return <p class="empty">{error.message}</p>;
  const list = value?.[kind];
  return (
    <div class="page">
      <div class="toolbar">
        <div role="group" aria-label="Contents" class="chips">
          {KINDS.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={kind === name}
              onClick={() => go(here({ show: name }))}
            >
              {name}
            </button>
          ))}
        </div>
        <span class="space" />
        <button type="button" onClick={retry}>
          <Icon name="reset" />
          Read again
        </button>
        <ConfirmButton
          icon="trash"
          label="Reset stub"
          question="Delete all resources of the stub and load its seed again?"
          isDisabled={isDisconnected()}
          onConfirm={() => void reset()}
        />
      </div>
      <div class="scroll" tabIndex={0} aria-busy={isLoading}>
        {error && <Failure error={error} onRetry={retry} />}
        {!list && isLoading && <Skeleton />}
        {list &&
          (kind === 'resources' ? (
            <Tree resources={list as readonly Resource[]} />
          ) : (
            <Puts kind={kind} puts={list} />
          ))}
      </div>
    </div>
  );
}

function Tree({ resources }: { resources: readonly Resource[] }) {
  if (resources.length === 0)
    return <p class="empty">The stub has no resources yet. Create one, or give it a seed.</p>;
  const known = new Set(resources.map(({ arn }) => arn));
  const below = Map.groupBy(resources, ({ parent }) =>
    parent !== undefined && known.has(parent) ? parent : '',
  );
  return <Branch resources={below.get('') ?? []} below={below} />;
}

const Branch = ({
  resources,
  below,
}: {
  resources: readonly Resource[];
  below: ReadonlyMap<string, readonly Resource[]>;
}) => (
  <ul class="tree">
    {resources.map((resource) => {
      const children = below.get(resource.arn) ?? [];
      return (
        <li key={resource.arn}>
          {children.length === 0 ? (
            <Leaf {...resource} />
          ) : (
            <details open>
              <summary>
                <Icon name="chevron" />
                <Leaf {...resource} />
              </summary>
              <Branch resources={children} below={below} />
            </details>
          )}
        </li>
      );
    })}
  </ul>
);

function Leaf({ arn, type, name, status = '', failureReason, tags }: Resource) {
  const tone = status.includes('FAILED') ? 'denied' : status === 'ACTIVE' ? 'allowed' : 'muted';
  return (
    <span class="leaf">
      <span class="muted">{type}</span> <b title={arn}>{name}</b> <span class={tone}>{status}</span>{' '}
      <span class="mono muted">
        {Object.entries(tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(' ')}
      </span>
      {failureReason !== undefined && (
        <>
          <span class="denied"> {failureReason} </span>
          <a href={hrefOf('decisions', undefined, new URLSearchParams({ q: 's3:', outcome: 'denied' }))}>
            Service-role decisions
          </a>
        </>
      )}
    </span>
  );
}

function Puts({ kind, puts }: { kind: string; puts: readonly unknown[] }) {
  if (puts.length === 0) return <p class="empty">Nothing was put here yet: {kind}.</p>;
  return (
    <>
      <p>{plural(puts.length, 'entry').replace('entrys', 'entries')}, the newest first</p>
      {puts
        .slice(-200)
        .toReversed()
        .map((put, index) => (
          <pre key={`${index}`} class="snippet">
            {JSON.stringify(put, null, 2)}
          </pre>
        ))}
    </>
  );
}
