import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError, send } from '../api.ts';
import { countOf, drafts, editsOf } from '../drafts.ts';
import { Failure } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { Badge, DECISIONS, LAYERS } from '../outcome.tsx';
import type { InvalidEdits, Outcome, Results } from '../responses.ts';
import { hrefOf } from '../route.ts';
import { actionName, plural, splitResource } from '../text.ts';
import { CaseForm } from './case-form.tsx';
import { type Case, cases, removeCase, requestOf } from './cases.ts';
import { Policies } from './policies.tsx';

const TYPING_MILLIS = 300;

/** Calls before and after edits of the policies. Nothing is recorded and nothing changes. */
export function Simulate() {
  const results = useSignal<Results['results']>([]);
  const error = useSignal<ApiError | undefined>(undefined);
  const isRunning = useSignal(false);
  const run = async (): Promise<void> => {
    if (cases.value.length === 0) {
      results.value = [];
      return;
    }
    isRunning.value = true;
    try {
      const body = { cases: cases.value.map(requestOf), policies: editsOf(drafts.value) };
      results.value = (await send<Results>('POST', 'simulate', body)).results;
      error.value = undefined;
    } catch (cause) {
      error.value = cause instanceof ApiError ? cause : new ApiError(0, 'Failed', String(cause));
    }
    isRunning.value = false;
  };
  useEffect(() => {
    const timer = setTimeout(() => void run(), TYPING_MILLIS);
    return () => clearTimeout(timer);
  }, [cases.value, drafts.value]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.ctrlKey) void run();
  };
  return (
    <div class="page" role="group" aria-label="Simulation" onKeyDown={onKeyDown}>
      <div class="scroll" tabIndex={0}>
        <div class="columns even">
          <div>
            <CaseForm />
            <section aria-busy={isRunning.value}>
              <h2>
                Results
                {countOf(drafts.value) > 0 && (
                  <a href={hrefOf('replay')}>
                    Replay all recorded calls with {plural(countOf(drafts.value), 'edit')}
                  </a>
                )}
              </h2>
              {error.value && <Failure error={error.value} onRetry={() => void run()} />}
              <Findings error={error.value} />
              {cases.value.length === 0 ? (
                <p class="muted">No calls yet. Add a recorded one, or fill in the form.</p>
              ) : (
                <ResultTable results={results.value} isStale={error.value !== undefined} />
              )}
            </section>
          </div>
          <Policies />
        </div>
      </div>
    </div>
  );
}

const Findings = ({ error }: { error: ApiError | undefined }) => (
  <ul>
    {((error?.body as InvalidEdits | undefined)?.policies ?? []).flatMap(({ name, diagnostics }) =>
      diagnostics.map(({ message, line }) => (
        <li key={`${name}${line}${message}`}>
          <b>{line === undefined ? name : `${name}:${line}`}</b> {message}
        </li>
      )),
    )}
  </ul>
);

const ResultTable = ({ results, isStale }: { results: Results['results']; isStale: boolean }) => (
  <div class={`scroll-x${isStale ? ' stale' : ''}`} tabIndex={0}>
    <table>
      <caption class="hidden">Calls before and after the edits</caption>
      <thead>
        <tr>
          <th scope="col">Call</th>
          <th scope="col">Check</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
          <th scope="col">
            <span class="hidden">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {cases.value.map((asked, index) => (
          <ResultRow key={asked.id} asked={asked} result={results[index]} />
        ))}
      </tbody>
    </table>
  </div>
);

function ResultRow({ asked, result }: { asked: Case; result: Results['results'][number] | undefined }) {
  const label = 'decision' in asked ? asked.label : `${asked.principal} ${asked.operation}`;
  const after = result?.after;
  const check = after && 'action' in after ? after : undefined;
  return (
    <tr>
      <th scope="row">
        {'decision' in asked ? <a href={hrefOf('decisions', asked.decision)}>{label}</a> : label}
        {check?.caveats?.map((caveat) => (
          <p key={caveat} class="audited">
            The decision may differ: {caveat}.
          </p>
        ))}
      </th>
      <td class="mono">{check && `${actionName(check.action)} ${splitResource(check.resource)[1]}`}</td>
      <td>
        <Shown outcome={result?.before} />
      </td>
      <td>
        <Shown outcome={after} />
      </td>
      <td>
        <button type="button" aria-label={`Remove ${label}`} onClick={() => removeCase(asked.id)}>
          <Icon name="x" />
        </button>
      </td>
    </tr>
  );
}

function Shown({ outcome }: { outcome: Outcome | undefined }) {
  if (outcome === undefined) return <span class="muted">…</span>;
  if ('error' in outcome) return <span class="denied">{outcome.error}</span>;
  return (
    <span title={outcome.message}>
      <Badge {...DECISIONS[outcome.decision]} />{' '}
      {outcome.decision !== 'allowed' && <span class="muted">{LAYERS[outcome.layer]}</span>}
    </span>
  );
}
