import type { ContextValue, RequestContext } from '../engine/request.ts';
import { memoizeFor } from '../lib/memoize.ts';
import type { CheckFacts, ContextFacts, Tags } from './context-facts.ts';
import { GLOBAL_KEYS, SOURCES, SPELLINGS, TAG_KEYS, TAG_SOURCES } from './global-keys.ts';

export type { ContextFacts, Tags, TagsOfResource } from './context-facts.ts';

/** The context of one check, with a list of its known keys for records. */
export interface CheckContext extends RequestContext {
  /** Every key that is known now, as AWS spells it, except for those in `except`. */
  known(except?: ReadonlySet<string>): Readonly<Record<string, ContextValue>>;
}

/** The context of one check. Each key is computed when a policy uses it; most are never used. */
export const requestContext = (facts: ContextFacts, check: CheckFacts): CheckContext => ({
  known: (except = NONE) => knownKeys(facts, check, except),
  get(key) {
    const own = check.extra?.get(key) ?? SOURCES.get(key)?.(facts, check);
    if (own !== undefined) return own;
    const slash = key.indexOf('/');
    const tags = slash > 0 ? TAG_SOURCES.get(key.slice(0, slash)) : undefined;
    // A key of neither kind may still be one of a web identity's provider, whose URL may contain slashes.
    return tags ? tagValue(tags(facts, check, 'decide'), key.slice(slash + 1)) : federationKey(facts, key);
  },
});

const NONE: ReadonlySet<string> = new Set();
const TAGS = Object.entries(TAG_KEYS);

/** The global keys but those that are excluded: the same few sets are asked for with every request. */
const sourcesWithout = memoizeFor((except: ReadonlySet<string>) =>
  Object.entries(GLOBAL_KEYS).filter(([key]) => !except.has(key)),
);

/** Runs for every recorded check: excluded keys are not computed. */
function knownKeys(
  facts: ContextFacts,
  check: CheckFacts,
  except: ReadonlySet<string>,
): Readonly<Record<string, ContextValue>> {
  const known: Record<string, ContextValue> = { ...facts.session?.federation?.keys };
  for (const [key, source] of sourcesWithout(except)) {
    const value = source(facts, check);
    if (value !== undefined) known[key] = value;
  }
  for (const [prefix, tagsOf] of TAGS) {
    const tags = tagsOf(facts, check, 'record');
    for (const tag in tags) known[`${prefix}/${tag}`] = tags[tag] ?? '';
  }
  if (check.extra) for (const [key, value] of check.extra) known[SPELLINGS.get(key) ?? key] = value;
  return known;
}

function federationKey({ session }: ContextFacts, key: string): ContextValue | undefined {
  const keys = session?.federation?.keys ?? {};
  return Object.hasOwn(keys, key) ? keys[key] : undefined;
}

/**
 * `aws:ResourceTag/team` matches the tag `team` or `Team`.
 * @throws if both exist: which value a policy would see is ambiguous
 */
function tagValue(tags: Tags | undefined, key: string): string | undefined {
  if (!tags) return undefined;
  const [found, other] = Object.entries(tags).filter(([name]) => name.toLowerCase() === key);
  if (found && other) throw new Error(`the tag keys ${found[0]} and ${other[0]} differ in case only`);
  return found?.[1];
}
