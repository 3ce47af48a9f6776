import { signal } from '@preact/signals';

/** What the address shows: a view, what is selected in it, and its parameters. All of it is in the hash. */
export interface Route {
  readonly view: string;
  readonly id: string | undefined;
  readonly params: URLSearchParams;
}

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view = '', ...rest] = path.split('/');
  const id = rest.join('/');
  return {
    view: view === '' ? 'decisions' : view,
    id: id === '' ? undefined : safeDecode(id),
    params: new URLSearchParams(query),
  };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const route = signal<Route>(parse(location.hash));

const update = (): void => {
  route.value = parse(location.hash);
};
addEventListener('hashchange', update);

/** The address of a view. */
export function hrefOf(view: string, id?: string, params?: URLSearchParams): string {
  const query = params?.toString() ?? '';
  const path = id === undefined ? view : `${view}/${encodeURIComponent(id)}`;
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}

/** The address of one decision, or of the list of several. */
export const hrefOfDecisions = (ids: readonly string[]): string =>
  ids.length === 1
    ? hrefOf('decisions', ids[0])
    : hrefOf('decisions', undefined, new URLSearchParams({ q: `decision:${ids.join(',')}` }));

/** The address of the current view with something else in it. */
export function here(change: Readonly<Record<string, string | undefined>>, id = route.value.id): string {
  const params = new URLSearchParams(route.value.params);
  for (const [name, value] of Object.entries(change))
    if (value === undefined || value === '') params.delete(name);
    else params.set(name, value);
  return hrefOf(route.value.view, id, params);
}

/** Goes to an address; what is typed replaces the entry of the history, a click adds one. */
export function go(href: string, how: 'push' | 'replace' = 'push'): void {
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', href);
  update();
}
