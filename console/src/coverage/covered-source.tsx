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
  const lines = usesByLine(policy, (index) => value.statements[index]?.line);
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
          const uses = lines.get(line);
          return uses && { tone: isUnused(uses) ? 'unused-line' : '', note: <Count uses={uses} /> };
        }}
      />
    </div>
  );
}

/** What begins on a line: a statement, actions and resources, several of them where they share the line. */
function usesByLine(
  { statements }: PolicyCoverage,
  lineOf: (statement: number) => number | undefined,
): ReadonlyMap<number, readonly Uses[]> {
  const lines = new Map<number, Uses[]>();
  const add = (line: number | undefined, uses: Uses): void => {
    if (line !== undefined) lines.set(line, [...(lines.get(line) ?? []), uses]);
  };
  for (const statement of statements) {
    add(statement.line ?? lineOf(statement.statement), statement);
    for (const pattern of statement.patterns) add(pattern.line, pattern);
  }
  return lines;
}

const isUnused = (uses: readonly Uses[]): boolean => uses.every((each) => usesOf(each) === 0);

/** The most that anything on the line was used, and how much of the line was not. */
function Count({ uses }: { uses: readonly Uses[] }) {
  const most = (kind: keyof Uses): number => Math.max(...uses.map((each) => each[kind]));
  const [allowed, denied, undocumented] = [most('allowed'), most('denied'), most('undocumented')];
  const unused = uses.filter((each) => usesOf(each) === 0).length;
  return (
    <span class="counts">
      {allowed > 0 && <span class="allowed">{allowed}✓</span>}
      {denied > 0 && <span class="denied">{denied}⊘</span>}
      {undocumented > 0 && <span class="answered">{undocumented}?</span>}
      {unused > 0 && <span class="unused">{isUnused(uses) ? '0' : unused} unused</span>}
    </span>
  );
}
