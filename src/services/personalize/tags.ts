import type { AwsError } from '../../lib/errors.ts';
import { awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { CallWith, Handlers, Outcome } from './call.ts';
import type { TagEntry } from './inputs.ts';
import { invalidInput, notFound } from './refusals.ts';
import type { StoredResource } from './resource-table.ts';
import { RESOURCE_TYPES, type ResourceTypeName } from './resource-types.ts';

export type Tags = Readonly<Record<string, string>>;

/** @see https://docs.aws.amazon.com/personalize/latest/dg/tagging-resources.html */
const MOST_TAGS = 50;

/** Types without a `tags` member on Create have no tags at all. */
const UNTAGGED: ReadonlySet<ResourceTypeName> = new Set<ResourceTypeName>(['Schema', 'MetricAttribution']);

/** The tags that a resource has after `entries` (the `tags` member of a request) are put on it. */
export function addTags(current: Tags, entries: readonly TagEntry[] = []): Result<Tags, AwsError> {
  const keys = entries.map(({ tagKey }) => tagKey);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) return err(invalidInput(`The tag key ${repeated} is given more than once.`));
  const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined)
    return err(invalidInput(`The tag key ${reserved} begins with aws:, which is reserved for AWS.`));
  const tags = {
    ...current,
    ...Object.fromEntries(entries.map(({ tagKey, tagValue }) => [tagKey, tagValue])),
  };
  if (Object.keys(tags).length > MOST_TAGS)
    return err(awsError('TooManyTagsException', `A resource can have at most ${MOST_TAGS} tags.`));
  return ok(tags);
}

export const TAG_OPERATIONS: Handlers<'TagResource' | 'UntagResource' | 'ListTagsForResource'> = {
  TagResource: (call) =>
    onTagged(call, (resource) => {
      const tags = addTags(resource.tags, call.input.tags);
      if (!tags.ok) return tags;
      call.table.replace({ ...resource, tags: tags.value });
      return ok({});
    }),

  UntagResource: (call) =>
    onTagged(call, (resource) => {
      const keys = new Set(call.input.tagKeys);
      if (keys.size > MOST_TAGS)
        return err(awsError('TooManyTagKeysException', `A request can name at most ${MOST_TAGS} tag keys.`));
      const tags = Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !keys.has(key)));
      call.table.replace({ ...resource, tags });
      return ok({});
    }),

  ListTagsForResource: (call) =>
    onTagged(call, ({ tags }) =>
      ok({ tags: Object.entries(tags).map(([tagKey, tagValue]) => ({ tagKey, tagValue })) }),
    ),
};

function onTagged(
  call: CallWith<{ readonly resourceArn: string }>,
  work: (resource: StoredResource) => Outcome,
): Outcome {
  const arn = call.input.resourceArn;
  const resource = call.table.find(arn);
  if (resource === undefined) return err(notFound(arn));
  if (UNTAGGED.has(resource.resourceType))
    return err(invalidInput(`A ${RESOURCE_TYPES[resource.resourceType].arnPrefix} cannot be tagged.`));
  return work(resource);
}
