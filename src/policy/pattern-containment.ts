import { completeArn } from './resource-pattern.ts';

/**
 * Whether `wide` matches every string that `narrow` matches. A wildcard of `narrow` is covered only by a `*` of
 * `wide`, and a policy variable only by the same variable or a `*`. Sound but incomplete: `true` is proven, `false`
 * means unknown.
 */
export function contains(wide: string, narrow: string): boolean {
  if (ANYTHING.test(wide) || wide === narrow) return true;
  const [outer, inner] = [symbolsOf(wide), symbolsOf(narrow)];
  return outer !== undefined && inner !== undefined && matches(outer, inner);
}

/** The same for resources: incomplete ARNs are completed, and a wildcard cannot match a service. */
export function containsResource(wide: string, narrow: string): boolean {
  if (ANYTHING.test(wide) || wide === narrow) return true;
  const outer = completed(wide);
  return !/[*?]/.test(outer.split(':')[2] ?? '') && contains(outer, completed(narrow));
}

/** As in the engine: `*` alone is not an incomplete ARN. */
export const completed = (pattern: string): string =>
  pattern.startsWith('arn:') ? completeArn(pattern) : pattern;

const ANYTHING = /^\*+$/;
/** A policy variable, or one character. */
const SYMBOL = /\$\{[^}]*\}|./gs;

/** Whether the end of a variable in the pattern is ambiguous: its default may contain a brace. */
export function isAmbiguous(pattern: string): boolean {
  const opened = pattern.split('${').length;
  return opened > 1 && opened !== pattern.split('}').length;
}

const symbolsOf = (pattern: string): readonly string[] | undefined =>
  isAmbiguous(pattern) ? undefined : (pattern.match(SYMBOL) ?? []);

/** Greedy with one backtracking point, as in pattern matching: only the last `*` is ever extended. */
function matches(outer: readonly string[], inner: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let lastRun = -1;
  let runEnd = 0;
  while (at < inner.length) {
    if (outer[next] === '*') {
      lastRun = next;
      runEnd = at;
      next += 1;
    } else if (covers(outer[next], inner[at])) {
      next += 1;
      at += 1;
    } else if (lastRun >= 0) {
      runEnd += 1;
      at = runEnd;
      next = lastRun + 1;
    } else return false;
  }
  return outer.slice(next).every((symbol) => symbol === '*');
}

/** Compares one symbol of the wider pattern that is not `*` with one of the narrower. */
function covers(outer: string | undefined, inner: string | undefined): boolean {
  if (outer === undefined || inner === undefined || inner === '*') return false;
  return outer === inner || (outer === '?' && inner.length === 1);
}
