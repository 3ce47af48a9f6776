import { useSignal } from '@preact/signals';
import { get, send } from '../api.ts';
import { Failure, Skeleton } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { isDisconnected } from '../live.ts';
import { useLoad } from '../load.ts';
import { PrincipalSelect } from '../principals/principal-select.tsx';
import type { MarkList } from '../responses.ts';
import { go, here, route } from '../route.ts';
import { plural } from '../text.ts';
import { AccessMap } from './access-map.tsx';
import { CoverageTable } from './coverage-table.tsx';
import { CoveredSource } from './covered-source.tsx';
import type { Coverage } from './types.ts';

const FORMS = [
  ['source', 'Source'],
  ['map', 'Map'],
  ['table', 'Table'],
] as const;

/** What recorded calls used of the policies: in their source, as a map of principals by actions, as a table. */
export function CoverageView() {
  const { params } = route.value;
  const since = params.get('since') ?? '';
  const as = params.get('as') ?? '';
  const form = params.get('show') ?? 'source';
  const query = new URLSearchParams({ ...(since && { since }), ...(as && { as }) });
  const { value, error, isLoading, retry } = useLoad(query.toString(), (signal) =>
    get<Coverage>(`coverage?${query}`, signal),
  );
  return (
    <div class="page">
      <div class="toolbar">
        <SinceSelect since={since} />
        <PrincipalSelect
          label="Calls of"
          value={as}
          all="all principals"
          onChange={(name) => go(here({ as: name }))}
        />
        <button type="button" onClick={retry}>
          <Icon name="reset" />
          Measure again
        </button>
        <span class="space" />
        <div role="group" aria-label="Form" class="chips">
          {FORMS.map(([name, title]) => (
            <button
              key={name}
              type="button"
              aria-pressed={form === name}
              onClick={() => go(here({ show: name }))}
            >
              {title}
            </button>
          ))}
        </div>
      </div>
      <div class="scroll" tabIndex={0} aria-busy={isLoading}>
        {error && <Failure error={error} onRetry={retry} />}
        {!value && isLoading && <Skeleton />}
        {value && (
          <>
            <p>
              <b>{value.percent.toFixed(1)} %</b> of {value.elements} statements, actions and resources used
              by {plural(value.checks, 'check')} of {plural(value.decisions, 'decision')}.
            </p>
            {value.unasked.map((reason) => (
              <p key={reason} class="note">
                Not counted: {reason}.
              </p>
            ))}
            {form === 'map' ? (
              <AccessMap cells={value.matrix} />
            ) : form === 'table' ? (
              <CoverageTable coverage={value} />
            ) : (
              <CoveredSource policies={value.policies} />
            )}
          </>
        )}
      </div>
    </div>
  );
}

function SinceSelect({ since }: { since: string }) {
  const name = useSignal('');
  const { value, retry } = useLoad('marks', (signal) => get<MarkList>('marks', signal));
  const mark = async (): Promise<void> => {
    const made = name.value.trim() || `mark ${new Date().toLocaleTimeString([], { hour12: false })}`;
    await send('POST', 'marks', { name: made });
    name.value = '';
    retry();
    go(here({ since: made }));
  };
  const marks = value?.marks.map((each) => each.name) ?? [];
  return (
    <>
      <label>
        Since{' '}
        <select value={since} onChange={({ currentTarget }) => go(here({ since: currentTarget.value }))}>
          <option value="">the start</option>
          {[...new Set([...marks, ...(since === '' ? [] : [since])])].map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault();
          void mark();
        }}
      >
        <label>
          <span class="hidden">Name of a new mark</span>
          <input
            placeholder="test run"
            value={name.value}
            maxLength={100}
            onInput={({ currentTarget }) => {
              name.value = currentTarget.value;
            }}
          />
        </label>
        <button type="submit" disabled={isDisconnected()}>
          Mark now
        </button>
      </form>
    </>
  );
}
