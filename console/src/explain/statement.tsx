import { useSignal } from '@preact/signals';
import { get } from '../api.ts';
import { Icon } from '../icons.tsx';
import { health } from '../live.ts';
import { useLoad } from '../load.ts';
import { LAYERS } from '../outcome.tsx';
import { Source } from '../source.tsx';
import { editorLink, listed } from '../text.ts';
import type { ElementTrace, PolicySource, StatementTrace } from '../types.ts';

/** A statement, its place, and element by element what it wanted and what the request had. */
export function Statement({ statement, isOpen }: { statement: StatementTrace; isOpen: boolean }) {
  const open = useSignal(isOpen);
  const { effect, policy, sid, statement: index, file, line, matched, elements, layer, level } = statement;
  const missed = elements.filter((each) => !each.matched);
  const place = file === undefined ? policy : line === undefined ? file : `${file}:${line}`;
  return (
    <details
      class="statement"
      open={open.value}
      onToggle={({ currentTarget }) => {
        open.value = currentTarget.open;
      }}
    >
      <summary>
        <Icon name="chevron" />
        <span class={matched ? (effect === 'Allow' ? 'allowed' : 'denied') : 'muted'}>
          {effect} {matched ? 'matches' : `misses by ${missed.map(nameOf).join(', ')}`}
        </span>
        <b>{sid !== undefined && sid !== '' ? sid : `Statement ${index}`}</b>
        <span class="muted mono">{place}</span>
        <span class="muted">
          {LAYERS[layer]}
          {level === undefined ? '' : `, level ${level}`}
        </span>
      </summary>
      {open.value && <Opened statement={statement} missed={missed} />}
    </details>
  );
}

/** FullAWSAccess and the policies that are passed with a session are in no folder. */
const hasSource = ({ file, layer }: StatementTrace): boolean =>
  file !== undefined || layer === 'identity' || layer === 'permissionsBoundary';

const nameOf = ({ element, key }: ElementTrace): string => key ?? element;

function Opened({ statement, missed }: { statement: StatementTrace; missed: readonly ElementTrace[] }) {
  const { value: source } = useLoad(statement.policy, (signal) =>
    hasSource(statement)
      ? get<PolicySource>(`policies/${encodeURIComponent(statement.policy)}/source`, signal)
      : Promise.resolve(undefined),
  );
  const range = source?.statements.find(({ index }) => index === statement.statement);
  const editor = health.value?.editor;
  const notes = new Map(
    statement.elements.flatMap((each) => (each.position ? [[each.position.line, each] as const] : [])),
  );
  return (
    <div class="opened">
      {source && range && (
        <>
          {source.path !== undefined && editor !== undefined && (
            <a class="open" href={editorLink(editor, source, missed[0]?.position?.line ?? range.line)}>
              <Icon name="external" />
              Open in editor
            </a>
          )}
          <Source
            text={source.text}
            from={range.line}
            to={range.endLine}
            label={`Source of ${statement.policy}`}
            marks={(line) => {
              const element = notes.get(line);
              if (element === undefined) return undefined;
              return { tone: element.matched ? 'allowed' : 'denied', note: element.matched ? '✓' : '✗' };
            }}
          />
        </>
      )}
      <table class="elements">
        <caption class="hidden">Elements of the statement</caption>
        <thead>
          <tr>
            <th scope="col">Element</th>
            <th scope="col">Expected</th>
            <th scope="col">Found</th>
          </tr>
        </thead>
        <tbody>
          {statement.elements.map((each) => (
            <tr key={`${each.element}${each.operator}${each.key}`} class={each.matched ? '' : 'missed'}>
              <th scope="row">
                <Icon name={each.matched ? 'check' : 'x'} />
                <span class="hidden">{each.matched ? 'matches' : 'does not match'}</span>
                {each.element === 'Condition' ? `${each.operator} ${each.key}` : each.element}
              </th>
              <td class="mono">{each.wanted.join(', ')}</td>
              <td class="mono">
                {each.found === undefined ? <i>not in the request</i> : listed(each.found)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
