import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { OUTCOMES } from '../outcome.tsx';
import { go, here } from '../route.ts';
import type { OutcomeName } from '../types.ts';
import { FIELD_NAMES } from './filter.ts';

interface ToolbarProps {
  readonly query: string;
  readonly outcomes: string;
  readonly isGrouped: boolean;
  readonly isPaused: Signal<boolean>;
  /** New decisions that wait, while the list is held. */
  readonly held: number | undefined;
  readonly onResume: () => void;
}

const TYPING_MILLIS = 300;

export function Toolbar({ query, outcomes, isGrouped, isPaused, held, onResume }: ToolbarProps) {
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const input = useRef<HTMLInputElement>(null);
  /** What the address has because it was typed: what is being typed meanwhile is not overwritten by it. */
  const typed = useRef(query);
  useEffect(() => {
    if (query === typed.current) return;
    clearTimeout(typing.current);
    typed.current = query;
    if (input.current) input.current.value = query;
  }, [query]);
  const chosen = new Set(outcomes.split(',').filter((each) => each !== ''));
  const toggle = (outcome: string): void => {
    const next = chosen.has(outcome) ? [...chosen].filter((each) => each !== outcome) : [...chosen, outcome];
    go(here({ outcome: next.join(',') }));
  };
  const search = (text: string): void => {
    clearTimeout(typing.current);
    typing.current = setTimeout(() => {
      typed.current = text;
      go(here({ q: text }), 'replace');
    }, TYPING_MILLIS);
  };
  return (
    <div class="toolbar">
      <div class="chips" role="group" aria-label="Outcomes">
        {(Object.entries(OUTCOMES) as [OutcomeName, (typeof OUTCOMES)[OutcomeName]][]).map(
          ([outcome, { word, icon, tone }]) => (
            <button
              key={outcome}
              type="button"
              class={`chip ${tone}`}
              aria-pressed={chosen.has(outcome)}
              onClick={() => toggle(outcome)}
            >
              <Icon name={icon} />
              {word}
            </button>
          ),
        )}
      </div>
      <label class="search">
        <Icon name="search" />
        <span class="hidden">Filter decisions</span>
        <input
          type="search"
          id="filter"
          ref={input}
          defaultValue={typed.current}
          placeholder="text, principal:alice, -operation:List"
          title={`Fields: ${FIELD_NAMES.join(', ')}; a minus excludes, commas separate values`}
          spellcheck={false}
          autocomplete="off"
          onInput={({ currentTarget }) => search(currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
      </label>
      <span class="space" />
      {held !== undefined && (
        <button type="button" class="held" onClick={onResume}>
          Held · {held.toLocaleString('en-US')} new
        </button>
      )}
      <button
        type="button"
        aria-pressed={isPaused.value}
        onClick={() => {
          if (isPaused.value) onResume();
          else isPaused.value = true;
        }}
      >
        <Icon name={isPaused.value ? 'play' : 'pause'} />
        {isPaused.value ? 'Resume' : 'Pause'}
      </button>
      <button
        type="button"
        aria-pressed={isGrouped}
        onClick={() => go(here({ group: isGrouped ? undefined : '1' }))}
      >
        <Icon name="group" />
        Group
      </button>
    </div>
  );
}
