import { get } from '../api.ts';
import { Failure } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { useLoad } from '../load.ts';
import { LAYERS } from '../outcome.tsx';
import { hrefOf, route } from '../route.ts';
import { shortArn } from '../text.ts';
import type { Explanation, StatementTrace } from '../types.ts';

/** One decision as a path: principal, policy, statement, action, resource. The address names it. */
export function DecisionPath() {
  const id = route.value.params.get('decision');
  return id === null ? null : <Path id={id} key={id} />;
}

function Path({ id }: { id: string }) {
  const { value, error } = useLoad(id, (signal) =>
    get<Explanation>(`decisions/${encodeURIComponent(id)}/explain?detail=1`, signal),
  );
  if (error) return <Failure error={error} />;
  if (!value) return null;
  const { principal } = value.decision;
  return (
    <section>
      <h2>
        The path of <a href={hrefOf('decisions', id)}>{value.decision.request.operation ?? 'the decision'}</a>
      </h2>
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
    </section>
  );
}

const placeOf = ({ policy, file, line, sid, effect, statement }: StatementTrace): string =>
  `${effect} ${sid ?? `statement ${statement}`} (${file === undefined ? policy : `${file}:${line}`})`;
