import type { Tags, TagsOfResource } from './request-context.ts';

/** Where the tags of resources are read; `undefined` of a resource that is not there. */
export type ResourceTags =
  /** In this process, for nothing. */
  | { readonly where: 'here'; read(arn: string): Tags | undefined }
  /** Over the network: only what a policy hinges on is asked for. Rejects where they can not be read, and says why. */
  | { readonly where: 'upstream'; read(arn: string): Promise<Tags | undefined> };

/** The tags that the policies of one request ask for. */
export interface TagLookup {
  of(arn: string): TagsOfResource;
  /** Waits for what was asked for and is not here; `undefined` where there is nothing to wait for. */
  settled(): Promise<unknown> | undefined;
}

/**
 * Decisions are made without waiting. What one asks for that is not here is noted and read after it, and the decision is
 * then made again: who asks for no tags pays nothing, and what a condition hinges on is known whatever its way there was.
 */
export function tagLookup(tags: ResourceTags): TagLookup {
  if (tags.where === 'here') return { of: (arn) => () => tags.read(arn), settled: () => undefined };
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

/** A record has what was read; why something could not be is the cause of its decision. */
function readable(read: (() => Tags | undefined) | undefined): Tags | undefined {
  try {
    return read?.();
  } catch {
    return undefined;
  }
}
