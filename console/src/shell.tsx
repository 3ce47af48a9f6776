import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { announcement } from './announce.ts';
import { ApiError, send } from './api.ts';
import { ConfirmButton } from './confirm-button.tsx';
import { Failure } from './failure.tsx';
import { Icon } from './icons.tsx';
import { keysEnabled, useShortcuts } from './keys.ts';
import { connection, health, isDisconnected } from './live.ts';
import { hrefOf, route } from './route.ts';
import { plural } from './text.ts';
import { type Theme, theme } from './theme.ts';
import type { Problem } from './types.ts';
import { VIEWS } from './views.tsx';

/** The header, the navigation, and the view that the address names. */
export function Shell() {
  const help = useRef<HTMLDialogElement>(null);
  useShortcuts(VIEWS, () => help.current?.showModal());
  const view = VIEWS.find(({ name }) => name === route.value.view);
  useEffect(() => {
    document.title = `${view?.title ?? 'Not found'} · personalize-authz-proxy`;
  }, [view]);
  return (
    <>
      <button
        type="button"
        class="skip"
        onClick={() => document.querySelector<HTMLElement>('#main')?.focus()}
      >
        Skip to the content
      </button>
      <header class="top">
        <Mode />
        <span class="upstream" title="Where authorized Personalize calls go">
          {health.value?.upstream ?? '…'}
        </span>
        <Problems />
        <span class="space" />
        <ConnectionState />
        <Menu onHelp={() => help.current?.showModal()} />
      </header>
      <Lost />
      <nav aria-label="Views">
        {VIEWS.map(({ name, title }) => (
          <a key={name} href={hrefOf(name)} aria-current={view?.name === name ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <main id="main" tabIndex={-1}>
        {view === undefined ? (
          <div class="empty">
            <h1>There is no view “{route.value.view}”</h1>
            <a href="#/decisions">Decisions</a>
          </div>
        ) : (
          <>
            <h1 class="hidden">{view.title}</h1>
            <view.Component />
          </>
        )}
      </main>
      <p role="status" class="hidden">
        {announcement.value}
      </p>
      <Help dialog={help} />
    </>
  );
}

function Mode() {
  const error = useSignal<ApiError | undefined>(undefined);
  const mode = health.value?.mode;
  const change = async (wanted: string): Promise<void> => {
    try {
      await send('PUT', 'mode', { mode: wanted });
      error.value = undefined;
    } catch (cause) {
      error.value = cause instanceof ApiError ? cause : undefined;
    }
  };
  return (
    <>
      <label class={`mode ${mode === 'audit' ? 'audited' : ''}`}>
        <span class="hidden">Mode</span>
        <select
          value={mode ?? 'enforce'}
          disabled={mode === undefined || isDisconnected()}
          onChange={({ currentTarget }) => void change(currentTarget.value)}
        >
          <option value="enforce">enforce</option>
          <option value="audit">audit</option>
        </select>
      </label>
      {error.value && <Failure error={error.value} />}
    </>
  );
}

function Problems() {
  const problems = health.value?.problems ?? [];
  if (problems.length === 0) return null;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <details class="menu problems">
      <summary class={errors > 0 ? 'denied' : 'warning'}>
        <Icon name="warning" />
        {plural(problems.length, 'problem')}
      </summary>
      <ul>
        {problems.map((problem) => (
          <li key={JSON.stringify(problem)}>
            <b class="mono">{placeOf(problem)}</b> {problem.message}{' '}
            <span class="muted">({problem.rule})</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

const placeOf = ({ file, line, column }: Problem): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');

function ConnectionState() {
  const { state } = connection.value;
  const [icon, tone, word] =
    state === 'live'
      ? (['live', 'allowed', 'Live'] as const)
      : state === 'lost'
        ? (['unplug', 'denied', 'Disconnected'] as const)
        : (['unused', 'muted', 'Connecting'] as const);
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}

/** What is shown stays; what would change something is disabled until the proxy is back. */
function Lost() {
  const seconds = useSignal(0);
  const { value } = connection;
  const since = value.state === 'lost' ? value.since : undefined;
  useEffect(() => {
    if (since === undefined) return;
    const tick = (): void => {
      seconds.value = Math.round((Date.now() - since) / 1000);
    };
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [since, seconds]);
  if (since === undefined) return null;
  return (
    <p class="banner">
      <Icon name="unplug" /> Connection lost {seconds.value} s ago. Retrying.
    </p>
  );
}

function Menu({ onHelp }: { onHelp: () => void }) {
  const error = useSignal<string | undefined>(undefined);
  const run = (work: () => Promise<unknown>) => async (): Promise<void> => {
    try {
      await work();
      error.value = undefined;
    } catch (cause) {
      error.value = cause instanceof Error ? cause.message : String(cause);
    }
  };
  return (
    <details class="menu right">
      <summary aria-label="More">
        <Icon name="more" />
      </summary>
      <div>
        <ConfirmButton
          icon="trash"
          label="Clear decisions"
          question="Forget all decisions in memory? A decision log keeps its file."
          isDisabled={isDisconnected()}
          onConfirm={run(() => send('DELETE', 'decisions'))}
        />
        <ConfirmButton
          icon="reset"
          label="Reset stub"
          question="Delete all resources of the stub and load its seed again?"
          isDisabled={isDisconnected()}
          onConfirm={run(() => send('POST', 'reset'))}
        />
        <button
          type="button"
          onClick={() => void run(() => send('POST', 'reload'))()}
          disabled={isDisconnected()}
        >
          <Icon name="reset" />
          Reload policies
        </button>
        <label class="item">
          Theme
          <select value={theme.value} onChange={({ currentTarget }) => setTheme(currentTarget.value)}>
            <option value="system">system</option>
            <option value="light">light</option>
            <option value="dark">dark</option>
          </select>
        </label>
        <button type="button" onClick={onHelp}>
          Keyboard shortcuts
        </button>
        <a href="./openapi.json">API description</a>
        {error.value !== undefined && <p role="alert">{error.value}</p>}
      </div>
    </details>
  );
}

const setTheme = (value: string): void => {
  theme.value = value as Theme;
};

const SHORTCUTS = [
  ['g then d c s g r p t', 'go to a view, by its first letter (t: stub)'],
  ['/', 'filter'],
  ['j k, arrows', 'move in the list'],
  ['Enter', 'explain the decision'],
  ['p', 'pause'],
  ['x', 'exclude the operation'],
  ['[ ]', 'previous, next check'],
  ['Esc', 'close the explanation'],
  ['?', 'this list'],
] as const;

const Help = ({ dialog }: { dialog: { current: HTMLDialogElement | null } }) => (
  <dialog ref={dialog} aria-labelledby="help">
    <h2 id="help">Keyboard shortcuts</h2>
    <dl class="facts">
      {SHORTCUTS.map(([keys, what]) => (
        <div key={keys}>
          <dt>
            <kbd>{keys}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
    <label>
      <input
        type="checkbox"
        checked={keysEnabled.value}
        onChange={({ currentTarget }) => {
          keysEnabled.value = currentTarget.checked;
        }}
      />{' '}
      Single-key shortcuts
    </label>
    <form method="dialog">
      <button type="submit">Close</button>
    </form>
  </dialog>
);
