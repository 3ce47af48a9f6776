import { err, ok, type Result } from '../lib/result.ts';
import type { InputValue } from '../wire/input-value.ts';
import type { Tags } from './request-context.ts';

/** What a request passes of tags, for `aws:RequestTag/*` and `aws:TagKeys`. */
export interface PassedTags {
  /** Absent where it passes none. */
  readonly requestTags?: Tags;
  /** Also those of an UntagResource, which have no values. */
  readonly tagKeys?: readonly string[];
}

/**
 * Tags as Personalize spells them, `tags: [{ tagKey, tagValue }]`, or as STS does, `Tags`; `tagKeys` of UntagResource.
 * @returns what is wrong with them: of a key that is passed twice policies would see one value, the upstream another
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
