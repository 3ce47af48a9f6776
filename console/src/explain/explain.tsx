import { get } from '../api.ts';
import { Failure, Skeleton } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { useLoad } from '../load.ts';
import { Badge, LAYERS, OUTCOMES } from '../outcome.tsx';
import { go, here, hrefOf, route } from '../route.ts';
import { milliseconds, plural, shortArn } from '../text.ts';
import type { Check, Explanation } from '../types.ts';
import { principalName } from './copy-as.ts';
import { CopyMenu } from './copy-menu.tsx';
import { Fixes } from './fixes.tsx';
import { Statement } from './statement.tsx';
import { Steps } from './steps.tsx';

/** Why one decision came out as it did, and what would change it. */
export function Explain({ id }: { id: string }) {
  const { value, error, isLoading, retry } = useLoad(id, (signal) =>
    get<Explanation>(`decisions/${encodeURIComponent(id)}/explain?detail=1`, signal),
  );
  return (
    <aside class="detail" aria-label="Explanation" aria-busy={isLoading}>
      <a
        class="close"
        href={hrefOf('decisions', undefined, withoutCheck())}
        aria-label="Close the explanation"
      >
        <Icon name="x" />
      </a>
      {error?.status === 404 ? (
        <p class="empty">Decision {id} is not in memory (the last 10,000 are).</p>
      ) : (
        error && <Failure error={error} onRetry={retry} />
      )}
      {value ? <Explained {...value} retry={retry} /> : isLoading && <Skeleton />}
    </aside>
  );
}

function withoutCheck(): URLSearchParams {
  const params = new URLSearchParams(route.value.params);
  params.delete('check');
  return params;
}

/** The check that the address names, else the first that is not allowed. */
function chosenCheck(checks: readonly Check[]): number {
  const named = Number(route.value.params.get('check') ?? '');
  if (named >= 1 && named <= checks.length) return named - 1;
  return Math.max(
    0,
    checks.findIndex(({ decision, undocumented }) => decision !== 'allowed' && !undocumented),
  );
}

export const chooseCheck = (index: number): void => go(here({ check: String(index + 1) }), 'replace');

function Explained({
  decision,
  request,
  checks,
  unasked,
  fixes,
  retry,
}: Explanation & { retry: () => void }) {
  const index = chosenCheck(checks);
  const check = checks[index];
  const { operation, service } = decision.request;
  const failed = request.find(({ verdict }) => verdict === 'failed');
  return (
    <>
      <header>
        <h2>
          <Badge {...OUTCOMES[decision.outcome]} />
          <span>{operation ?? 'Request that was not routed'}</span>
        </h2>
        <p class="muted">
          {decision.principal
            ? shortArn(decision.principal.roleArn ?? decision.principal.arn)
            : 'unknown caller'}
          {' · '}
          {service ?? 'no service'} · {new Date(decision.time).toLocaleString()} ·{' '}
          {milliseconds(decision.durationMicros)} ms
        </p>
        <div class="actions">
          <CopyMenu decision={decision} />
          {decision.principal && checks.length > 0 && (
            <a
              class="open"
              href={hrefOf(
                'principals',
                principalName(decision),
                new URLSearchParams({ decision: decision.id }),
              )}
            >
              Path
            </a>
          )}
          {decision.request.parameters !== undefined && checks.length > 0 && (
            <a
              class="open"
              href={hrefOf('simulate', undefined, new URLSearchParams({ decision: decision.id }))}
            >
              Simulate
            </a>
          )}
          {check && checks.length > 1 && <CheckPicker checks={checks} index={index} />}
        </div>
      </header>
      {decision.error && <p class="message">{decision.error.message}</p>}
      <Steps request={request} check={check} recorded={decision.checks} />
      {failed?.advice !== undefined && (
        <section>
          <h3>What to do</h3>
          <p>{failed.advice}</p>
        </section>
      )}
      {unasked !== undefined && (
        <p class="note">
          <Icon name="warning" /> The policies cannot be evaluated again: {unasked}.
        </p>
      )}
      {check && <CheckDetail check={check} />}
      {fixes.length > 0 && <Fixes fixes={fixes} onApplied={retry} />}
      {check && <Statements check={check} />}
    </>
  );
}

function CheckDetail({ check }: { check: Check }) {
  const { action, resource, decision, recorded, layer, missingKeys, undocumented, cause } = check;
  return (
    <section>
      <h3>
        {decision === 'allowed' ? 'Allowed' : decision === 'explicitDeny' ? 'Denied' : 'Not allowed'} by the{' '}
        {LAYERS[layer]}
      </h3>
      <dl class="facts">
        <dt>Action</dt>
        <dd class="mono">{action}</dd>
        <dt>Resource</dt>
        <dd class="mono">{resource}</dd>
        {missingKeys.length > 0 && (
          <>
            <dt>Missing keys</dt>
            <dd class="mono">{missingKeys.join(', ')}</dd>
          </>
        )}
      </dl>
      {undocumented && <p class="note">AWS does not document this check.</p>}
      {cause !== undefined && <p class="note">The policies could not be evaluated: {cause}.</p>}
      {recorded !== decision && (
        <p class="note">
          <Icon name="warning" /> The policies have changed since: this was{' '}
          {recorded === 'allowed' ? 'allowed' : 'denied'} then, and is{' '}
          {decision === 'allowed' ? 'allowed' : 'denied'} now.
        </p>
      )}
    </section>
  );
}

/** What decided, or came near to it, stands first, and open; the rest can be opened. */
function Statements({ check: { statements, decision, layer } }: { check: Check }) {
  const distance = ({ matched, effect, elements, layer: own }: Check['statements'][number]): number => {
    if (decision === 'explicitDeny') return matched && effect === 'Deny' ? 0 : 1;
    if (decision === 'allowed') return matched && own === layer ? 0 : matched ? 1 : 2;
    const missed = elements.filter((each) => !each.matched).length;
    return (effect === 'Allow' && own === layer ? 0 : 100) + (matched ? 50 : missed);
  };
  const ordered = statements.toSorted((a, b) => distance(a) - distance(b));
  if (ordered.length === 0)
    return (
      <section>
        <h3>Statements</h3>
        <p class="muted">No statement of any policy is about this action.</p>
      </section>
    );
  return (
    <section>
      <h3>{plural(statements.length, 'statement')} about this action</h3>
      {ordered.map((statement, index) => (
        <Statement
          key={`${statement.layer}${statement.level}${statement.policy}${statement.statement}`}
          statement={statement}
          isOpen={index === 0}
        />
      ))}
    </section>
  );
}

const CheckPicker = ({ checks, index }: { checks: readonly Check[]; index: number }) => (
  <label>
    <span class="hidden">Check</span>
    <select value={String(index)} onChange={({ currentTarget }) => chooseCheck(Number(currentTarget.value))}>
      {checks.map(({ action, resource, decision }, at) => (
        <option key={`${action}${resource}`} value={String(at)}>
          {`${at + 1}/${checks.length} ${decision === 'allowed' ? '✓' : '⊘'} ${action}`}
        </option>
      ))}
    </select>
  </label>
);
