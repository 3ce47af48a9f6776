import { get } from '../api.ts';
import { Failure } from '../failure.tsx';
import { useLoad } from '../load.ts';
import { go, here, route } from '../route.ts';
import { Source } from '../source.tsx';
import type { PolicySource } from '../types.ts';
import { type PolicyCoverage, type Uses, usesOf } from './types.ts';

/** The policies, the least used first, and the source of one with how often each line was used. */
export function CoveredSource({ policies }: { policies: readonly PolicyCoverage[] }) {
  const wanted = route.value.params.get('policy');
  const chosen = policies.find(({ policy }) => policy === wanted) ?? policies[0];
  if (chosen === undefined) return <p class="empty">No policy is attached to a principal.</p>;
  return (
    <div class="columns">
      <ul class="choices" aria-label="Policies">
        {policies.map(({ policy, percent, used, elements }) => (
          <li key={policy}>
            <button
              type="button"
              aria-pressed={policy === chosen.policy}
              onClick={() => go(here({ policy }))}
            >
              <span class="grow">{policy}</span>
              <span class={used === elements ? 'allowed' : 'muted'}>{percent.toFixed(1)} %</span>
            </button>
          </li>
        ))}
      </ul>
      <CoveredPolicy policy={chosen} key={chosen.policy} />
    </div>
  );
}

function CoveredPolicy({ policy }: { policy: PolicyCoverage }) {
  const { value, error, retry } = useLoad(policy.policy, (signal) =>
    get<PolicySource>(`policies/${encodeURIComponent(policy.policy)}/source`, signal),
  );
  if (error) return <Failure error={error} onRetry={retry} />;
  if (!value) return null;
  const counts = new Map<number, Uses>();
  for (const statement of policy.statements) {
    const line = statement.line ?? value.statements[statement.statement]?.line;
    if (line !== undefined) counts.set(line, statement);
    // Patterns on the line of their statement are in the count of the statement already.
    for (const pattern of statement.patterns)
      if (pattern.line !== undefined && pattern.line !== line) counts.set(pattern.line, pattern);
  }
  return (
    <div class="grow">
      <p class="muted">
        {value.file ?? (value.owner === 'aws' ? 'AWS managed policy' : 'policy without a file')} · attached to{' '}
        {policy.attachedTo.length}
      </p>
      <Source
        text={value.text}
        label={`Source of ${policy.policy} with its uses`}
        marks={(line) => {
          const uses = counts.get(line);
          return uses === undefined ? undefined : { tone: toneOf(uses), note: <Count uses={uses} /> };
        }}
      />
    </div>
  );
}

const toneOf = (uses: Uses): string => (usesOf(uses) === 0 ? 'unused-line' : '');

const Count = ({ uses: { allowed, denied, undocumented } }: { uses: Uses }) => (
  <span class="counts">
    {allowed > 0 && <span class="allowed">{allowed}✓</span>}
    {denied > 0 && <span class="denied">{denied}⊘</span>}
    {undocumented > 0 && <span class="answered">{undocumented}?</span>}
    {allowed + denied + undocumented === 0 && <span class="unused">0 unused</span>}
  </span>
);
