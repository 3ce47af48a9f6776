import { effect, signal } from '@preact/signals';

/** Policies as they would be: other texts, policies and layers that are switched off. */
export interface Drafts {
  readonly texts: Readonly<Record<string, string>>;
  /** Digests of the texts that the edits began with: a file that has another one now is not overwritten. */
  readonly bases: Readonly<Record<string, string>>;
  readonly off: readonly string[];
  readonly offLayers: readonly string[];
}

const NONE: Drafts = { texts: {}, bases: {}, off: [], offLayers: [] };
const KEY = 'drafts';

function read(): Drafts {
  try {
    return { ...NONE, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Drafts>) };
  } catch {
    return NONE;
  }
}

/** Kept as long as the tab is open, for Simulate and Replay. */
export const drafts = signal<Drafts>(read());
effect(() => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(drafts.value));
  } catch {
    // Storage is full or not permitted.
  }
});

/** As the API takes them. */
export const editsOf = ({ texts, off, offLayers }: Drafts) => ({
  off,
  offLayers,
  replace: Object.entries(texts).map(([name, text]) => ({ name, text })),
});

export const countOf = ({ texts, off, offLayers }: Drafts): number =>
  Object.keys(texts).length + off.length + offLayers.length;

/** @param base digest of the text that was edited */
export function setDraft(name: string, text: string, base: string): void {
  const { texts, bases } = drafts.value;
  drafts.value = {
    ...drafts.value,
    texts: { ...texts, [name]: text },
    bases: { ...bases, [name]: bases[name] ?? base },
  };
}

export function discard(name: string): void {
  const { [name]: _, ...texts } = drafts.value.texts;
  const { [name]: __, ...bases } = drafts.value.bases;
  drafts.value = { ...drafts.value, texts, bases };
}

export function toggle(kind: 'off' | 'offLayers', name: string): void {
  const list = drafts.value[kind];
  const next = list.includes(name) ? list.filter((each) => each !== name) : [...list, name];
  drafts.value = { ...drafts.value, [kind]: next };
}

export const discardAll = (): void => {
  drafts.value = NONE;
};
