import { get } from '../api.ts';
import { Apply } from '../apply.tsx';
import { CopyButton } from '../copy-button.tsx';
import { Failure, Skeleton } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { health } from '../live.ts';
import { useLoad } from '../load.ts';
import { PrincipalSelect } from '../principals/principal-select.tsx';
import type { Generated } from '../responses.ts';
import { go, here, hrefOfDecisions, route } from '../route.ts';
import { Diff, Source } from '../source.tsx';
import { plural } from '../text.ts';

const SCOPES = [
  ['exact', 'exact resources'],
  ['prefix', 'by prefix'],
  ['any', 'any resource'],
] as const;

/** The least-privilege policy of a principal, from what it called. */
export function Generate() {
  const { params } = route.value;
  const principal = params.get('as') ?? '';
  const scope = params.get('resources') ?? 'exact';
  return (
    <div class="page">
      <div class="toolbar">
        <PrincipalSelect label="Policy for" value={principal} onChange={(name) => go(here({ as: name }))} />
        <div role="group" aria-label="Resources" class="chips">
          {SCOPES.map(([name, title]) => (
            <button
              key={name}
              type="button"
              aria-pressed={scope === name}
              onClick={() => go(here({ resources: name }))}
            >
              {title}
            </button>
          ))}
        </div>
      </div>
      <div class="scroll" tabIndex={0}>
        {principal === '' ? (
          <p class="empty">
            Choose a principal: its recorded calls become the smallest policy that allows them.
          </p>
        ) : (
          <GeneratedPolicy principal={principal} scope={scope} />
        )}
      </div>
    </div>
  );
}

function GeneratedPolicy({ principal, scope }: { principal: string; scope: string }) {
  const query = new URLSearchParams({ principal, resources: scope, detail: '1' });
  const { value, error, isLoading, retry } = useLoad(query.toString(), (signal) =>
    get<Generated>(`policy?${query}`, signal),
  );
  if (error?.status === 404)
    return (
      <div class="empty">
        <p>{error.message}.</p>
        <p>Run the application against the proxy in audit mode: every call is recorded and none is denied.</p>
      </div>
    );
  if (error) return <Failure error={error} onRetry={retry} />;
  if (!value) return isLoading ? <Skeleton /> : null;
  const { text, checks, elements, notes, lines, denied } = value;
  const calls = new Map(lines.map((each) => [each.line, each]));
  const name = `${principal.replace(/^.*\//, '')}.json`;
  return (
    <div aria-busy={isLoading}>
      <p>
        <Icon name="check" /> <b>Proven:</b>{' '}
        {checks === 1 ? 'the recorded check passes' : `all ${plural(checks, 'recorded check')} pass`} under
        it, and without any of its {plural(elements, 'element')} {checks === 1 ? 'it' : 'one of them'} fails.
      </p>
      {denied > 0 && <p class="muted">Not granted: {plural(denied, 'call')} that the policies denied.</p>}
      {notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      <div class="actions">
        <a class="open" download={name} href={`data:application/json,${encodeURIComponent(text)}`}>
          <Icon name="download" />
          Download {name}
        </a>
        <CopyButton text={text} label="Copy" />
      </div>
      <div class="columns even">
        <section>
          <h2>The policy, and the calls that need each line</h2>
          <Source
            text={text}
            label="Generated policy"
            marks={(line) => {
              const found = calls.get(line);
              if (found === undefined) return undefined;
              return {
                tone: '',
                note: (
                  <a
                    class="counts"
                    href={hrefOfDecisions(found.decisions)}
                    aria-label={plural(found.count, 'call')}
                  >
                    {found.count}
                  </a>
                ),
              };
            }}
          />
        </section>
        <Replacement generated={value} onApplied={retry} />
      </div>
    </div>
  );
}

/** The change: of one of the principal's files, which can be applied, or of all of its policies together. */
function Replacement({ generated, onApplied }: { generated: Generated; onApplied: () => void }) {
  const { targets, replaces, patch } = generated;
  const wanted = route.value.params.get('file');
  const target = wanted === '' ? undefined : (targets.find(({ policy }) => policy === wanted) ?? targets[0]);
  const others = replaces.filter((name) => name !== target?.policy);
  return (
    <section>
      <h2>
        {targets.length === 0 ? (
          `In place of ${replaces.join(', ') || 'nothing'}`
        ) : (
          <label>
            In place of{' '}
            <select
              value={target?.policy}
              onChange={({ currentTarget }) => go(here({ file: currentTarget.value }))}
            >
              {targets.map(({ policy, file }) => (
                <option key={policy} value={policy}>
                  {file}
                </option>
              ))}
            </select>
          </label>
        )}
      </h2>
      {target && others.length > 0 && (
        <p class="note">
          Also attached, and granting what it grants: {others.join(', ')}. Detach it in principals.yaml for
          the least privilege.
        </p>
      )}
      {target && target.others > 0 && (
        <p class="note">
          <Icon name="warning" /> {target.file} is also attached to {plural(target.others, 'other principal')}
          , whose calls are not in it.
        </p>
      )}
      {target?.patch === '' ? (
        <p>
          <Icon name="check" /> {target.file} is this policy already.
        </p>
      ) : (
        <>
          <Diff patch={target?.patch ?? patch} label="Difference from the current policies" />
          {target && health.value?.write && (
            <div class="actions">
              <Apply
                policy={target.policy}
                text={target.text}
                digest={target.digest}
                onApplied={onApplied}
                key={target.policy}
              />
            </div>
          )}
        </>
      )}
    </section>
  );
}
