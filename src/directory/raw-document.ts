import type { Path } from '../lib/schema-diagnostics.ts';

/* A document before validation, with any content. */

/** A string and its position. */
export interface Named {
  readonly text: string;
  readonly path: Path;
}

/**
 * The string at a path, or every string of the list there. Other types are errors of the schema and reported there.
 */
export function textsAt(document: unknown, path: Path): readonly Named[] {
  const value = valueAt(document, path);
  if (typeof value === 'string') return [{ text: value, path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) =>
    typeof item === 'string' ? [{ text: item, path: [...path, index] }] : [],
  );
}

/** The keys of the mapping at a path; empty if there is no mapping. */
export function keysOf(document: unknown, path: Path): readonly string[] {
  const value = valueAt(document, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

export function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Readonly<Record<PropertyKey, unknown>>)[step]
        : undefined,
    document,
  );
}
