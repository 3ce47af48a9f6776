import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError, get } from '../api.ts';
import { Icon } from '../icons.tsx';
import { rows } from '../live.ts';
import { useLoad } from '../load.ts';
import { PrincipalSelect } from '../principals/principal-select.tsx';
import type { Operations } from '../responses.ts';
import { go, here, route } from '../route.ts';
import { actionName, clockTime, shortArn } from '../text.ts';
import type { RecordedCall, Summary } from '../types.ts';
import { addCase } from './cases.ts';
import { InputFields, type JsonSchema } from './input-fields.tsx';

/** A call to add: recorded, or by principal, operation, input and context keys. */
export function CaseForm() {
  const principal = useSignal('');
  const operation = useSignal('');
  const input = useSignal<Readonly<Record<string, unknown>>>({});
  const context = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const { value: list } = useLoad('operations', (signal) => get<Operations>('operations', signal));
  const known = list?.operations.some(({ name }) => name === operation.value) ?? false;
  const { value: schema } = useLoad(known ? operation.value : '', (signal) =>
    operation.value === '' || !known
      ? Promise.resolve(undefined)
      : get<JsonSchema>(`operations/${encodeURIComponent(operation.value)}`, signal),
  );
  const add = (event: Event): void => {
    event.preventDefault();
    const read = contextOf(context.value);
    if (typeof read === 'string') {
      problem.value = read;
      return;
    }
    problem.value = undefined;
    addCase({ principal: principal.value, operation: operation.value, input: input.value, context: read });
  };
  const incomplete = useSignal<readonly string[]>([]);
  const filled = useSignal(0);
  const decision = route.value.params.get('decision');
  useEffect(() => {
    if (decision === null) return;
    get<RecordedCall>(`decisions/${encodeURIComponent(decision)}/call`).then(
      (call) => {
        principal.value = call.principal;
        operation.value = call.operation;
        input.value = call.input;
        context.value = linesOf(call.context);
        incomplete.value = call.incomplete;
        filled.value += 1;
        problem.value = undefined;
      },
      (cause: unknown) => {
        problem.value = cause instanceof ApiError ? cause.message : String(cause);
      },
    );
  }, [decision]);
  return (
    <section>
      <h2>Add a call</h2>
      <Recorded decision={decision} />
      <form onSubmit={add} class="form">
        <PrincipalSelect
          label="Principal"
          value={principal.value}
          onChange={(name) => {
            principal.value = name;
          }}
        />
        <label>
          Operation
          <input
            list="operations"
            required
            value={operation.value}
            spellcheck={false}
            onInput={({ currentTarget }) => {
              operation.value = currentTarget.value;
            }}
          />
        </label>
        <datalist id="operations">
          {list?.operations.map(({ name, service }) => (
            <option key={`${service}${name}`} value={name}>
              {service}
            </option>
          ))}
        </datalist>
        {decision !== null && incomplete.value.length > 0 && (
          <p class="note">
            <Icon name="warning" /> The record has {incomplete.value.join(', ')} shortened or hidden: the
            decision on the call as it was sent may differ.
          </p>
        )}
        {schema && <InputFields schema={schema} input={input} key={`${operation.value} ${filled.value}`} />}
        <label>
          Context keys, one per line
          <textarea
            rows={2}
            placeholder={'aws:SourceIp=192.0.2.1\naws:MultiFactorAuthPresent=true'}
            value={context.value}
            spellcheck={false}
            onInput={({ currentTarget }) => {
              context.value = currentTarget.value;
            }}
          />
        </label>
        {problem.value !== undefined && (
          <p role="alert" class="denied">
            {problem.value}
          </p>
        )}
        <button type="submit" class="primary" disabled={principal.value === '' || !known}>
          Add
        </button>
      </form>
    </section>
  );
}

/** Recent denials to start from. */
function Recorded({ decision }: { decision: string | null }) {
  const chosen = useSignal(decision ?? '');
  const recent = rows.filter(({ check }) => check !== undefined).toReversed();
  const refused = recent.filter(({ error }) => error !== undefined);
  const shown = [...refused, ...recent.filter(({ error }) => error === undefined)].slice(0, 50);
  const row = shown.find(({ id }) => id === chosen.value);
  if (shown.length === 0) return null;
  return (
    <div class="form">
      <label>
        Recorded
        <select
          value={chosen.value}
          onChange={({ currentTarget }) => {
            chosen.value = currentTarget.value;
          }}
        >
          <option value="">choose a decision</option>
          {shown.map((each) => (
            <option key={each.id} value={each.id}>
              {labelOf(each)}
            </option>
          ))}
        </select>
      </label>
      <div class="actions">
        <button
          type="button"
          disabled={!row}
          onClick={() => row && addCase({ decision: row.id, label: labelOf(row) })}
        >
          <Icon name="play" />
          Evaluate again
        </button>
        <button type="button" disabled={!row} onClick={() => row && go(here({ decision: row.id }))}>
          Fill in the form
        </button>
      </div>
    </div>
  );
}

const labelOf = ({ time, principal = '', operation, check, error }: Summary): string =>
  `${error ? '⊘' : '✓'} ${clockTime(time)} ${shortArn(principal)} ${operation ?? actionName(check?.action ?? '')}`;

const linesOf = (context: RecordedCall['context']): string =>
  Object.entries(context)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : `[${value.join(',')}]`}`)
    .join('\n');

/** `key=value` lines; several values separated by commas after `[`: `aws:TagKeys=[a,b]`. */
function contextOf(text: string): Readonly<Record<string, string | readonly string[]>> | string {
  const context: Record<string, string | readonly string[]> = {};
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const at = line.indexOf('=');
    if (at < 1) return `"${line}" is not key=value.`;
    const value = line.slice(at + 1).trim();
    const [, items] = /^\[(.*)\]$/.exec(value) ?? [];
    context[line.slice(0, at).trim()] =
      items === undefined ? value : items.split(',').map((each) => each.trim());
  }
  return context;
}
