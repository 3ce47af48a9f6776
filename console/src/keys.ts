import { useEffect, useRef } from 'preact/hooks';
import { go, here, hrefOf, route } from './route.ts';
import { stored } from './stored.ts';

/** Single-key shortcuts can be switched off: https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts */
export const keysEnabled = stored<boolean>('shortcuts', true);

const PREFIX_MILLIS = 1_000;

/** `g` and a letter goes to a view, `/` to the filter, `?` shows the list of keys. */
export function useShortcuts(
  views: readonly { readonly name: string; readonly key: string }[],
  onHelp: () => void,
): void {
  const help = useRef(onHelp);
  help.current = onHelp;
  useEffect(() => {
    let prefixed = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key === 'Escape') closeDetail();
      if (!keysEnabled.value || isTyping(event.target)) return;
      const view = Date.now() - prefixed < PREFIX_MILLIS && views.find(({ key }) => key === event.key);
      prefixed = event.key === 'g' && !view ? Date.now() : 0;
      if (view) go(hrefOf(view.name));
      else if (event.key === '/') document.querySelector<HTMLElement>('#filter')?.focus();
      else if (event.key === '?') help.current();
      else if (event.key === '[' || event.key === ']') stepCheck(event.key === ']' ? 1 : -1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    addEventListener('pointerdown', closeMenus);
    addEventListener('focusin', closeMenus);
    return () => {
      removeEventListener('keydown', onKeyDown);
      removeEventListener('pointerdown', closeMenus);
      removeEventListener('focusin', closeMenus);
    };
  }, [views]);
}

/** Closes what is open, the innermost first. */
function closeDetail(): void {
  const menu = document.querySelector<HTMLDetailsElement>('details.menu[open]');
  if (menu) {
    if (menu.contains(document.activeElement)) menu.querySelector('summary')?.focus();
    menu.open = false;
  } else if (document.querySelector('dialog[open]') === null && route.value.id !== undefined) {
    const { id } = route.value;
    go(hrefOf(route.value.view, undefined, route.value.params));
    document.querySelector<HTMLElement>(`a[href*="${CSS.escape(id)}"]`)?.focus();
  }
}

/** A menu is open as long as nothing else is pressed or has the focus. */
function closeMenus({ target }: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]'))
    if (target instanceof Node && !menu.contains(target)) menu.open = false;
}

function stepCheck(step: number): void {
  const picker = document.querySelector<HTMLSelectElement>('.detail header select');
  if (picker === null) return;
  const next = picker.selectedIndex + step;
  if (next >= 0 && next < picker.options.length) go(here({ check: String(next + 1) }), 'replace');
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.shadowRoot !== null ||
    /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
