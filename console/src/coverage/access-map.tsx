import { useRef } from 'preact/hooks';
import { hrefOf } from '../route.ts';
import { actionName, shortArn } from '../text.ts';
import type { Cell } from './types.ts';

/** Principals by actions: allowed, denied, granted but unused. Arrows move from cell to cell. */
export function AccessMap({ cells }: { cells: readonly Cell[] }) {
  const table = useRef<HTMLTableElement>(null);
  const principals = [...new Set(cells.map(({ principal }) => principal))];
  const actions = [...new Set(cells.map(({ action }) => action))].sort();
  const byPlace = new Map(cells.map((cell) => [`${cell.action}\n${cell.principal}`, cell]));
  if (cells.length === 0) return <p class="empty">No calls are recorded, and no policy names an action.</p>;
  const move = (event: KeyboardEvent): void => {
    const [row, column] = MOVES[event.key] ?? [];
    const from = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-place]') : null;
    if (row === undefined || column === undefined || !from) return;
    const [y = 0, x = 0] = (from.dataset.place ?? '').split(',').map(Number);
    const next = table.current?.querySelector<HTMLElement>(`[data-place="${y + row},${x + column}"]`);
    if (!next) return;
    event.preventDefault();
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
  return (
    <div class="scroll-x" role="group" aria-label="Principals by actions" tabIndex={0}>
      <table class="map" ref={table} onKeyDown={move}>
        <caption class="muted">
          ✓ allowed, ⊘ denied, <span class="hatch"> granted, unused </span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Action</th>
            {principals.map((name) => (
              <th key={name} scope="col">
                {shortArn(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {actions.map((action, y) => (
            <tr key={action}>
              <th scope="row" class="mono">
                {actionName(action)}
              </th>
              {principals.map((principal, x) => (
                <MapCell key={principal} cell={byPlace.get(`${action}\n${principal}`)} place={`${y},${x}`} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function MapCell({ cell, place }: { cell: Cell | undefined; place: string }) {
  const tabIndex = place === '0,0' ? 0 : -1;
  if (cell === undefined)
    return <td data-place={place} tabIndex={tabIndex} aria-label="not granted, not called" />;
  const { allowed, denied, granted, principal, action } = cell;
  const isUnused = granted && allowed + denied === 0;
  const query = new URLSearchParams({ q: `principal:${principal} action:${action}` });
  return (
    <td class={isUnused ? 'hatch' : ''}>
      <a href={hrefOf('decisions', undefined, query)} data-place={place} tabIndex={tabIndex}>
        {allowed > 0 && <span class="allowed">✓{allowed} </span>}
        {denied > 0 && <span class="denied">⊘{denied}</span>}
        {isUnused && <span class="unused">unused</span>}
        {!granted && allowed + denied === 0 && '–'}
      </a>
    </td>
  );
}
