import { err, ok, type Result } from '../lib/result.ts';
import type { InputValue } from '../wire/input-value.ts';
import type { Tags } from './request-context.ts';

/** The tags in a request, for `aws:RequestTag/*` and `aws:TagKeys`. */
export interface PassedTags {
  /** Absent if there are none. */
  readonly requestTags?: Tags;
  /** Includes the keys of an UntagResource, which have no values. */
  readonly tagKeys?: readonly string[];
}

/**
 * Reads tags as Personalize spells them, `tags: [{ tagKey, tagValue }]`, or as STS does, `Tags`; `tagKeys` of
 * UntagResource.
 * @returns an error for a duplicate key: policies would see one value, the upstream the other
 */
export function passedTags({ tags, Tags: tagsOfSts, tagKeys }: InputValue): Result<PassedTags, string> {
  if (isFilled(tagsOfSts)) return ok(tagged(tagsOfSts.map(({ Key, Value }) => [Key, Value])));
  if (isFilled(tags)) {
    const keys = tags.map(({ tagKey }) => tagKey);
    if (keys.includes(undefined)) return err('A tag has no key.');
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) return err(`The tag key ${twice} is given more than once.`);
    return ok(tagged(tags.map(({ tagKey, tagValue }) => [tagKey, tagValue])));
  }
  return ok(isFilled(tagKeys) ? { tagKeys: tagKeys.map(String) } : {});
}

function tagged(pairs: readonly (readonly [unknown, unknown])[]): PassedTags {
  const requestTags = Object.fromEntries(pairs.map(([key, value]) => [String(key), String(value ?? '')]));
  return { requestTags, tagKeys: Object.keys(requestTags) };
}

const isFilled = (list: unknown): list is readonly InputValue[] => Array.isArray(list) && list.length > 0;
