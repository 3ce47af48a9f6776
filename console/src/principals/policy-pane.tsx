import { get } from '../api.ts';
import { Failure, Skeleton } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { health } from '../live.ts';
import { useLoad } from '../load.ts';
import { hrefOf } from '../route.ts';
import { Source } from '../source.tsx';
import { editorLink, plural } from '../text.ts';
import type { PolicySource } from '../types.ts';

/** The source of one policy. */
export function PolicyPane({ name }: { name: string }) {
  const { value, error, isLoading, retry } = useLoad(name, (signal) =>
    get<PolicySource>(`policies/${encodeURIComponent(name)}/source`, signal),
  );
  const editor = health.value?.editor;
  return (
    <section>
      <h2>{name}</h2>
      {error?.status === 404 && <p class="muted">This policy of AWS allows everything; it has no file.</p>}
      {error && error.status !== 404 && <Failure error={error} onRetry={retry} />}
      {!value && isLoading && <Skeleton />}
      {value && (
        <>
          <p class="muted">
            {value.file ?? 'AWS managed policy'} · {plural(value.statements.length, 'statement')}
          </p>
          <div class="actions">
            {value.path !== undefined && editor !== undefined && (
              <a class="open" href={editorLink(editor, value, 1)}>
                <Icon name="external" />
                Open in editor
              </a>
            )}
            {value.owner === 'customer' && (
              <a class="open" href={hrefOf('simulate', undefined, new URLSearchParams({ edit: name }))}>
                Edit and simulate
              </a>
            )}
          </div>
          <Source text={value.text} label={`Source of ${name}`} />
        </>
      )}
    </section>
  );
}
