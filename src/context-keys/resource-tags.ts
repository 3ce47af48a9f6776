import { memoizeFor } from '../lib/memoize.ts';
import type { Tags, TagsOfResource } from './request-context.ts';

/** The source of resource tags; `undefined` for a resource that does not exist. */
export type ResourceTags =
  /** In this process, at no cost. */
  | { readonly where: 'here'; read(arn: string): Tags | undefined }
  /**
   * Over the network: only tags that a policy depends on are requested. Rejects with the reason if they cannot be
   * read.
   */
  | { readonly where: 'upstream'; read(arn: string): Promise<Tags | undefined> };

/** The tags that the policies of one request use. */
export interface TagLookup {
  of(arn: string): TagsOfResource;
  /** Waits for pending tag reads; `undefined` if there are none. */
  settled(): Promise<unknown> | undefined;
}

/**
 * Decisions are synchronous. If one uses tags that are not loaded, they are recorded, read afterwards, and the
 * decision is repeated. Requests whose policies use no tags cost nothing, and conditions get tags regardless of how
 * they reach them.
 */
export function tagLookup(tags: ResourceTags): TagLookup {
  if (tags.where === 'here') return localLookup(tags);
  const found = new Map<string, () => Tags | undefined>();
  const reading: Promise<unknown>[] = [];
  const begin = (arn: string): void => {
    found.set(arn, () => undefined);
    const read = tags.read(arn).then(
      (now) => found.set(arn, () => now),
      (cause) =>
        found.set(arn, () => {
          throw cause;
        }),
    );
    reading.push(read);
  };
  return {
    of: (arn) => (purpose) => {
      if (purpose === 'record') return readable(found.get(arn));
      if (!found.has(arn)) begin(arn);
      return found.get(arn)?.();
    },
    settled: () => (reading.length > 0 ? Promise.all(reading.splice(0)) : undefined),
  };
}

/** The same for all requests: nothing is waited for. */
const localLookup = memoizeFor(
  (tags: Extract<ResourceTags, { where: 'here' }>): TagLookup => ({
    of: (arn) => () => tags.read(arn),
    settled: () => undefined,
  }),
);

/** For records: the tags that were read. An error while reading is the cause of the decision. */
function readable(read: (() => Tags | undefined) | undefined): Tags | undefined {
  try {
    return read?.();
  } catch {
    return undefined;
  }
}
