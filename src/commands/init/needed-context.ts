import type { Directory } from '../../directory/directory.ts';
import type { ContextValue } from '../../engine/request.ts';

export type Context = Readonly<Record<string, ContextValue>>;

/** What rows are made for. */
export interface RowOptions {
  /** The policies as they are now. */
  readonly directory: Directory;
  readonly region: string;
}

/** What of its context a decision hinges on. */
export interface NeededContext {
  readonly context?: Context;
  /** Where it hinges on the time: when the call was made. */
  readonly clock?: string;
}

/** A decision that is the same at all of these does not hinge on the time, as far as policies are written by people. */
const TIMES = [0, Date.UTC(2020), Date.UTC(2030), Date.UTC(2100)];

/**
 * Leaves out one context key after the other, and the time, as long as the decision stays the same. What follows from the
 * principal is known without being written.
 * @param isSame whether the decision is the recorded one with this context at this time
 * @returns nothing where it is not with all of the context either
 */
export function neededContext(
  known: Context,
  time: string,
  isSame: (context: Context, now: number) => boolean,
): NeededContext | undefined {
  const { 'aws:CurrentTime': _, 'aws:EpochTime': __, ...rest } = known;
  const made = Date.parse(time);
  if (!isSame(rest, made)) return undefined;
  const needed = Object.keys(rest).reduce<Context>((kept, key) => {
    const { [key]: ___, ...without } = kept;
    return isSame(without, made) ? without : kept;
  }, rest);
  const hasClock = !TIMES.every((now) => isSame(needed, now));
  return {
    ...(Object.keys(needed).length > 0 && { context: needed }),
    ...(hasClock && { clock: time }),
  };
}
