import { signal } from '@preact/signals';
import { addressOf, get } from './api.ts';
import type { DecisionPage, Gap } from './responses.ts';
import type { Health, Summary } from './types.ts';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly since: number };

/** As many as the proxy keeps. */
const MOST_ROWS = 10_000;
const FLUSH_MILLIS = 100;

/** Nothing can be changed until the proxy is back. */
export const isDisconnected = (): boolean => connection.value.state === 'lost';

export const health = signal<Health | undefined>(undefined);
export const connection = signal<Connection>({ state: 'connecting' });
/** In ascending order. The array is changed in place; `revision` changes with it. */
export const rows: Summary[] = [];
export const gaps = signal<readonly Gap[]>([]);
export const revision = signal(0);
/** Whether the first page of decisions has been read. */
export const isLoaded = signal(false);
/** The sequence number that older pages end before; `undefined` where there are none. */
let older: number | undefined;
/** How often everything was forgotten: a page that was asked for before that is of no use. */
let forgotten = 0;
let last: string | undefined;
let source: EventSource | undefined;
let scheduled = false;

/** Bursts cause one rendering per frame at the most, and ten per second. */
function changed(): void {
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    revision.value += 1;
  }, FLUSH_MILLIS);
}

function add(decisions: readonly Summary[]): void {
  const newest = rows.at(-1)?.seq ?? 0;
  // The stream begins with the newest ones: those before them are read when they are scrolled to.
  const [first] = decisions;
  if (rows.length === 0 && first !== undefined && first.seq > 1) older = first.seq;
  for (const each of decisions) if (each.seq > newest) rows.push(each);
  if (rows.length > MOST_ROWS) rows.splice(0, rows.length - MOST_ROWS);
  changed();
}

function forget(): void {
  rows.length = 0;
  gaps.value = [];
  older = undefined;
  forgotten += 1;
  changed();
}

/** Reads the newest decisions, then follows. */
export async function start(): Promise<void> {
  document.addEventListener('visibilitychange', () => (document.hidden ? stop() : follow()));
  await load();
  follow();
}

async function load(): Promise<void> {
  try {
    const page = await get<DecisionPage>('decisions?view=summary&limit=500');
    rows.splice(0, rows.length, ...page.decisions.toReversed());
    older = page.next;
    last = `${page.instance}:${page.newest}`;
    isLoaded.value = true;
    revision.value += 1;
  } catch {
    lost();
  }
}

/** The next page into the past, for who scrolls to the end. Where it cannot be read, the next scrolling asks again. */
export async function loadOlder(): Promise<void> {
  if (older === undefined) return;
  const before = older;
  const seen = forgotten;
  older = undefined;
  const page = await get<DecisionPage>(`decisions?view=summary&limit=1000&before=${before}`).catch(() => {});
  if (seen !== forgotten) return;
  older = page ? page.next : before;
  if (page === undefined) return;
  rows.unshift(...page.decisions.toReversed());
  revision.value += 1;
}

function stop(): void {
  source?.close();
  source = undefined;
}

function follow(): void {
  if (source !== undefined || document.hidden) return;
  const after = last === undefined ? '' : `?after=${encodeURIComponent(last)}`;
  const opened = new EventSource(addressOf(`decisions/stream${after}`));
  source = opened;
  const on = (event: string, work: (data: string) => void): void =>
    opened.addEventListener(event, (message) => {
      last = message.lastEventId;
      work(message.data);
    });
  opened.addEventListener('open', () => {
    connection.value = { state: 'live' };
    isLoaded.value = true;
  });
  opened.addEventListener('error', () => {
    lost();
    if (opened.readyState !== EventSource.CLOSED) return;
    stop();
    setTimeout(follow, 1_000);
  });
  on('decisions', (data) => add(JSON.parse(data) as Summary[]));
  on('state', (data) => {
    health.value = JSON.parse(data) as Health;
  });
  on('reset', forget);
  on('gap', (data) => {
    gaps.value = [...gaps.value, JSON.parse(data) as Gap];
    changed();
  });
}

function lost(): void {
  if (connection.value.state !== 'lost') connection.value = { state: 'lost', since: Date.now() };
}
