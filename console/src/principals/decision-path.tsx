import { get } from '../api.ts';
import { Failure } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { revision, rows } from '../live.ts';
import { useLoad } from '../load.ts';
import { LAYERS } from '../outcome.tsx';
import { go, here, hrefOf, route } from '../route.ts';
import { actionName, clockTime, shortArn } from '../text.ts';
import type { Explanation, StatementTrace } from '../types.ts';

/** Of the newest decisions, those that can be chosen. */
const MOST = 20;

/** One decision as a path: principal, policy, statement, action, resource. The address names it, or it is the newest. */
export function DecisionPath({ arn }: { arn: string }) {
  revision.value;
  const own = rows.filter(({ principal, check }) => principal === arn && check !== undefined).slice(-MOST);
  const named = route.value.params.get('decision');
  const id = named ?? own.at(-1)?.id;
  if (id === undefined) return null;
  const choices = own.toReversed();
  return (
    <section>
      <h2>
        <label>
          The path of{' '}
          <select value={id} onChange={({ currentTarget }) => go(here({ decision: currentTarget.value }))}>
            {!choices.some((row) => row.id === id) && (
              <option value={id}>{`decision ${id.slice(0, 8)}`}</option>
            )}
            {choices.map((row) => (
              <option key={row.id} value={row.id}>
                {`${clockTime(row.time)} ${row.operation ?? actionName(row.check?.action ?? '')}`}
              </option>
            ))}
          </select>
        </label>
        <a href={hrefOf('decisions', id)}>Explain</a>
      </h2>
      <Path id={id} key={id} />
    </section>
  );
}

function Path({ id }: { id: string }) {
  const { value, error } = useLoad(id, (signal) =>
    get<Explanation>(`decisions/${encodeURIComponent(id)}/explain?detail=1`, signal),
  );
  if (error) return <Failure error={error} />;
  if (!value) return null;
  const { principal } = value.decision;
  return (
    <>
      {value.checks.map(({ action, resource, decision, layer, statements }) => {
        const decisive = statements.find(
          (each) =>
            each.matched && each.layer === layer && (each.effect === 'Allow') === (decision === 'allowed'),
        );
        return (
          <ol key={`${action}${resource}`} class={`path ${decision === 'allowed' ? 'allowed' : 'denied'}`}>
            <li>{principal === undefined ? 'caller' : shortArn(principal.roleArn ?? principal.arn)}</li>
            <li>{decisive ? placeOf(decisive) : `no statement of the ${LAYERS[layer]} allows it`}</li>
            <li>{action}</li>
            <li>
              <Icon name={decision === 'allowed' ? 'check' : 'ban'} /> {shortArn(resource)}
            </li>
          </ol>
        );
      })}
    </>
  );
}

const placeOf = ({ policy, file, line, sid, effect, statement }: StatementTrace): string =>
  `${effect} ${sid ?? `statement ${statement}`} (${file === undefined ? policy : `${file}:${line}`})`;
