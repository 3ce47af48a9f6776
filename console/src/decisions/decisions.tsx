import { useComputed, useSignal } from '@preact/signals';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Divider, paneColumns } from '../divider.tsx';
import { Explain } from '../explain/explain.tsx';
import { gaps, health, isLoaded, loadOlder, revision, rows } from '../live.ts';
import { go, here, route } from '../route.ts';
import { excluding, filterOf, groupsOf } from './filter.ts';
import { FirstCall } from './first-call.tsx';
import { type Entry, GapRow, withGaps } from './gaps.tsx';
import { Row } from './row.tsx';
import { Toolbar } from './toolbar.tsx';
import { VirtualList } from './virtual-list.tsx';

const narrow = matchMedia('(max-width: 560px)');

/** The list of decisions, and beside it the explanation of the one that is selected. */
export function Decisions() {
  const scroller = useRef<HTMLDivElement>(null);
  const isPaused = useSignal(false);
  const isAway = useSignal(false);
  /** Whether a row has the focus: it would be moved away while it is read. */
  const isOnRow = useSignal(false);
  /** What is shown while the list is held: up to this sequence number. */
  const heldAt = useSignal<number | undefined>(undefined);
  const current = useSignal(0);
  const { params, id: selected } = route.value;
  const query = params.get('q') ?? '';
  const outcomeText = params.get('outcome') ?? '';
  const isGrouped = params.get('group') === '1';
  const isHeld = isPaused.value || isAway.value || isOnRow.value;

  const filtered = useComputed(() => {
    revision.value;
    const { params: now } = route.value;
    const outcomes = (now.get('outcome') ?? '').split(',').filter((each) => each !== '');
    return rows.filter(filterOf(now.get('q') ?? '', outcomes)).toReversed();
  });
  const all = filtered.value;
  useEffect(() => {
    heldAt.value = isHeld ? (rows.at(-1)?.seq ?? 0) : undefined;
  }, [isHeld, heldAt]);
  const limit = isHeld ? heldAt.value : undefined;
  const shown = limit === undefined ? all : all.filter(({ seq }) => seq <= limit);
  const waiting = all.length - shown.length;
  const entries: readonly Entry[] = isGrouped
    ? groupsOf(shown).map(({ latest, count }) => ({ row: latest, count }))
    : withGaps(shown, gaps.value);

  const resume = (): void => {
    isPaused.value = false;
    isAway.value = false;
    isOnRow.value = false;
    if (!scroller.current) return;
    scroller.current.scrollTop = 0;
    // The button that was pressed may be gone with what it resumed.
    if (document.activeElement?.matches('.held')) scroller.current.focus();
  };
  useLayoutEffect(() => {
    // The row that had the focus is filtered out or no longer in memory: the one in its place has it.
    if (!isOnRow.value || document.activeElement !== document.body) return;
    if (entries.length === 0) isOnRow.value = false;
    const index = Math.min(current.value, entries.length - 1);
    const row = scroller.current?.querySelector<HTMLElement>(`a[data-index="${index}"]`);
    (row ?? scroller.current)?.focus();
  });
  const onScroll = useCallback(
    (top: number, isAtEnd: boolean) => {
      isAway.value = top > 4;
      if (isAtEnd) void loadOlder();
    },
    [isAway],
  );
  const rowHeight = narrow.matches ? 48 : 28;
  useLayoutEffect(() => {
    // A list that fits the window, such as a filtered one, cannot be scrolled: its end is visible already.
    const height = scroller.current?.clientHeight ?? 0;
    if (entries.length * rowHeight <= height) void loadOlder();
  }, [revision.value, entries.length, rowHeight]);
  const focusRow = (index: number): void => {
    const next = Math.max(0, Math.min(entries.length - 1, index));
    current.value = next;
    const list = scroller.current;
    if (!list) return;
    const top = next * rowHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + 2 * rowHeight > list.scrollTop + list.clientHeight)
      list.scrollTop = top + 2 * rowHeight - list.clientHeight;
    requestAnimationFrame(() => list.querySelector<HTMLElement>(`a[data-index="${next}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      j: 1,
      ArrowDown: 1,
      k: -1,
      ArrowUp: -1,
      PageDown: 20,
      PageUp: -20,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = moves[event.key];
    const entry = entries[current.value];
    if (step !== undefined) focusRow(current.value + step);
    else if (event.key === 'Home') focusRow(0);
    else if (event.key === 'End') focusRow(entries.length - 1);
    else if (event.key === 'p') isPaused.value = !isPaused.value;
    else if (event.key === 'x' && entry && 'row' in entry && entry.row.operation !== undefined)
      go(here({ q: excluding(query, 'operation', entry.row.operation) }));
    else return;
    event.preventDefault();
  };

  return (
    <div
      class={`split${selected === undefined ? '' : ' open'}`}
      style={selected === undefined ? '' : { '--panes': paneColumns() }}
    >
      <section class="list" id="list" aria-label="Decisions">
        <Toolbar
          query={query}
          outcomes={outcomeText}
          isGrouped={isGrouped}
          isPaused={isPaused}
          held={isPaused.value || isAway.value || waiting > 0 ? waiting : undefined}
          onResume={resume}
        />
        <div
          class="grid"
          role="grid"
          aria-label="Decisions, newest first"
          aria-rowcount={entries.length + 1}
          aria-colcount={7}
          tabIndex={entries.length === 0 ? 0 : -1}
          ref={scroller}
          onKeyDown={onKeyDown}
          onFocusIn={({ target }) => {
            const index = target instanceof HTMLElement ? target.dataset.index : undefined;
            isOnRow.value = index !== undefined;
            if (index !== undefined) current.value = Number(index);
          }}
          onFocusOut={({ target, relatedTarget: next }) => {
            // Where the whole window loses the focus, the row is still the active element.
            const isKept =
              next instanceof Element
                ? next.matches('[data-index],.held')
                : document.activeElement === target;
            if (isKept || !(target instanceof Node)) return;
            // Of a row that is being removed, the one in its place gets the focus.
            queueMicrotask(() => {
              if (target.isConnected) isOnRow.value = false;
            });
          }}
        >
          <div role="rowgroup" class="head">
            <div role="row" aria-rowindex={1} class="row">
              {COLUMNS.map(([name, title]) => (
                <span key={name} role="columnheader" class={`c-${name}`}>
                  {title}
                </span>
              ))}
            </div>
          </div>
          <VirtualList
            count={entries.length}
            rowHeight={rowHeight}
            scroller={scroller}
            kept={current.value}
            onScroll={onScroll}
          >
            {(index, top) => {
              const entry = entries[index];
              if (entry === undefined) return null;
              if ('gap' in entry)
                return <GapRow key={`gap${entry.gap.from}`} {...entry} index={index} top={top} />;
              const { row, count } = entry;
              const above = entries[index - 1];
              return (
                <Row
                  key={row.id}
                  row={row}
                  index={index}
                  top={top}
                  href={here({}, row.id)}
                  isSelected={row.id === selected}
                  isCurrent={index === Math.min(current.value, entries.length - 1)}
                  isNested={
                    !isGrouped &&
                    row.byService &&
                    !!above &&
                    'row' in above &&
                    above.row.requestId === row.requestId
                  }
                  count={count}
                />
              );
            }}
          </VirtualList>
        </div>
        {entries.length === 0 && <Empty isFiltered={query !== '' || outcomeText !== ''} />}
      </section>
      {selected !== undefined && (
        <>
          <Divider label="Width of the list" controls="list" />
          <Explain id={selected} key={selected} />
        </>
      )}
    </div>
  );
}

const COLUMNS = [
  ['outcome', 'Outcome'],
  ['time', 'Time'],
  ['principal', 'Principal'],
  ['operation', 'Operation'],
  ['resource', 'Resource'],
  ['layer', 'Denied by'],
  ['ms', 'ms'],
] as const;

function Empty({ isFiltered }: { isFiltered: boolean }) {
  if (!isLoaded.value) return <div class="empty skeleton" aria-hidden="true" />;
  if (!isFiltered || rows.length === 0) return <FirstCall upstream={health.value?.upstream} />;
  return (
    <div class="empty">
      <p>
        None of {rows.length.toLocaleString('en-US')} decisions matches{' '}
        <code>
          {[route.value.params.get('outcome'), route.value.params.get('q')].filter(Boolean).join(' ')}
        </code>
        .
      </p>
      <button type="button" onClick={() => go(here({ q: undefined, outcome: undefined }))}>
        Clear the filter
      </button>
    </div>
  );
}
