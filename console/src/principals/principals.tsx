import { get } from '../api.ts';
import { Failure, Skeleton } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { useLoad } from '../load.ts';
import { go, here, hrefOf, route } from '../route.ts';
import { DecisionPath } from './decision-path.tsx';
import { PolicyPane } from './policy-pane.tsx';
import { nameOf, type Principal, type Principals } from './types.ts';

/** Users, groups and roles with their policies; one policy's source; one path from a principal to a resource. */
export function PrincipalsView() {
  const { id, params } = route.value;
  const search = params.get('q') ?? '';
  const { value, error, isLoading, retry } = useLoad('principals', (signal) =>
    get<Principals>('principals', signal),
  );
  if (error) return <Failure error={error} onRetry={retry} />;
  if (!value) return isLoading ? <Skeleton /> : null;
  const all = [...value.users, ...value.groups, ...value.roles];
  const shown = all.filter((each) => nameOf(each).toLowerCase().includes(search.toLowerCase()));
  const chosen = id === undefined ? all[0] : all.find((each) => nameOf(each) === id);
  const policy = params.get('policy');
  return (
    <div class="page">
      <div class="columns fill">
        <div class="side">
          <label class="search">
            <Icon name="search" />
            <span class="hidden">Find a principal</span>
            <input
              type="search"
              id="filter"
              placeholder="name"
              value={search}
              onInput={({ currentTarget }) => {
                go(here({ q: currentTarget.value }), 'replace');
              }}
            />
          </label>
          <ul class="choices" aria-label="Principals">
            {shown.map((each) => (
              <li key={nameOf(each)}>
                <a
                  href={hrefOf('principals', nameOf(each), new URLSearchParams(search && { q: search }))}
                  aria-current={each === chosen ? 'true' : undefined}
                >
                  {nameOf(each)}
                </a>
              </li>
            ))}
          </ul>
          {shown.length === 0 && <p class="empty">No principal has “{search}” in its name.</p>}
        </div>
        <div class="grow scroll" tabIndex={0}>
          {chosen && <Described principal={chosen} all={value} />}
          {!chosen && (
            <p class="empty">{id === undefined ? 'No principals' : `No ${id}`} in principals.yaml.</p>
          )}
          {(chosen || params.has('decision')) && <DecisionPath arn={chosen?.arn ?? ''} />}
          {policy !== null && <PolicyPane name={policy} key={policy} />}
        </div>
      </div>
    </div>
  );
}

function Described({ principal, all: { organization, groups } }: { principal: Principal; all: Principals }) {
  const { arn, managedPolicies, inlinePolicies, permissionsBoundary, trustPolicy, accessKeys, mfa, tags } =
    principal;
  const levels = (kind: string, layer: readonly (readonly string[])[] | undefined) =>
    layer?.map((names, level) => (
      <Policies key={`${kind}${level}`} title={`${kind}, level ${level}`} names={names} />
    ));
  return (
    <section>
      <h2>{nameOf(principal)}</h2>
      <p class="mono muted">{arn}</p>
      <dl class="facts">
        <Policies title="Managed" names={managedPolicies} />
        <Policies title="Inline" names={inlinePolicies} />
        {principal.groups?.map((group) => {
          const found = groups.find(({ name }) => name === group);
          const names = [...(found?.managedPolicies ?? []), ...(found?.inlinePolicies ?? [])];
          return <Policies key={group} title={`Group ${group}`} names={names} />;
        })}
        <Policies title="Boundary" names={permissionsBoundary === undefined ? [] : [permissionsBoundary]} />
        {trustPolicy !== undefined && <Policies title="Trust" names={[trustPolicy]} />}
        {levels('SCP', organization?.serviceControlPolicies)}
        {levels('RCP', organization?.resourceControlPolicies)}
        {accessKeys !== undefined && (
          <>
            <dt>Access keys</dt>
            <dd class="mono">
              {accessKeys.map(({ id, status }) => `${id} (${status})`).join(', ') || 'none'}
            </dd>
          </>
        )}
        {mfa !== undefined && (
          <>
            <dt>MFA device</dt>
            <dd>{mfa ? 'virtual device' : 'none'}</dd>
          </>
        )}
        {tags !== undefined && Object.keys(tags).length > 0 && (
          <>
            <dt>Tags</dt>
            <dd class="mono">
              {Object.entries(tags)
                .map(([key, value]) => `${key}=${value}`)
                .join(', ')}
            </dd>
          </>
        )}
      </dl>
      <p>
        <a href={hrefOf('decisions', undefined, new URLSearchParams({ q: `principal:${principal.name}` }))}>
          Its decisions
        </a>
        {principal.kind !== 'group' && (
          <>
            {' · '}
            <a href={hrefOf('coverage', undefined, new URLSearchParams({ as: nameOf(principal) }))}>
              Its coverage
            </a>
            {' · '}
            <a href={hrefOf('generate', undefined, new URLSearchParams({ as: nameOf(principal) }))}>
              Its least-privilege policy
            </a>
          </>
        )}
      </p>
    </section>
  );
}

const Policies = ({ title, names }: { title: string; names: readonly string[] }) => (
  <>
    <dt>{title}</dt>
    <dd>
      {names.length === 0
        ? '–'
        : names.map((name, index) => (
            <span key={name}>
              {index > 0 && ', '}
              <a href={here({ policy: name })}>{name}</a>
            </span>
          ))}
    </dd>
  </>
);
