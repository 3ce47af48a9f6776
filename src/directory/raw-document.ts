/* A document before validation, with any content. */

/** A string, and its index if it is in a list. */
export interface Named {
  readonly text: string;
  readonly index: readonly [] | readonly [number];
}

const NO_INDEX = [] as const;
const NONE: readonly Named[] = [];

/** A string, or every string of a list. Other types are errors of the schema and reported there. */
export function stringsOf(value: unknown): readonly Named[] {
  if (typeof value === 'string') return [{ text: value, index: NO_INDEX }];
  if (!Array.isArray(value) || value.length === 0) return NONE;
  return value.flatMap((item, index) =>
    typeof item === 'string' ? [{ text: item, index: [index] as const }] : [],
  );
}

/** The keys of a mapping; empty for other types. */
export const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

/** The member of a mapping. */
export const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
