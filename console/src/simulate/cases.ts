import { effect, signal } from '@preact/signals';

/** A call to ask about: a recorded one, or one that was made up. */
export type Case =
  | { readonly id: number; readonly decision: string; readonly label: string }
  | {
      readonly id: number;
      readonly principal: string;
      readonly operation: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly context: Readonly<Record<string, string | readonly string[]>>;
    };

const KEY = 'cases';

function read(): readonly Case[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as readonly Case[];
  } catch {
    return [];
  }
}

/** Kept as long as the tab is open. */
export const cases = signal<readonly Case[]>(read());
effect(() => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(cases.value));
  } catch {
    // Storage is full or not permitted.
  }
});

const nextId = (): number => Math.max(0, ...cases.value.map(({ id }) => id)) + 1;

type NewCase = Case extends infer Each ? (Each extends Case ? Omit<Each, 'id'> : never) : never;

export const addCase = (made: NewCase): void => {
  cases.value = [...cases.value, { ...made, id: nextId() } as Case];
};

export const removeCase = (id: number): void => {
  cases.value = cases.value.filter((each) => each.id !== id);
};

/** As the API takes it. */
export function requestOf(asked: Case): object {
  if ('decision' in asked) return { decision: asked.decision };
  const { id: _, ...rest } = asked;
  return rest;
}
