import { withoutCovered } from './resource-scope.ts';

/**
 * Parts of names that programs generate: dates with or without a time, timestamps, UUIDs, and hexadecimal digits with
 * letters among them.
 */
const GENERATED =
  /(?<![a-z0-9])(?:(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?:[-_.t]?\d{2}[-:.]?\d{2}(?:[-:.]?\d{2})?z?)?|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|1\d{9}(?:\d{3})?|(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,})(?![a-z0-9])/gi;

/** What has a name: the type and the name of a Personalize resource, or the bucket and key of an object. */
const NAMED = /^(arn:[^:]*:(?:personalize:[^:]*:[^:]*:[a-z-]+\/|s3:::[^/]+\/))(.+)$/;

/** A resource with `*` in place of what looks generated in its name; the same where nothing does. */
export function namePattern(resource: string): string {
  const [, start = '', name = ''] = NAMED.exec(resource) ?? [];
  return start === '' ? resource : start + name.replaceAll(GENERATED, '*');
}

/** A recorded resource whose name looks generated, so that the next one will have another. */
export interface GeneratedName {
  readonly resource: string;
  readonly pattern: string;
}

/** One for each pattern. */
export function generatedNames(resources: readonly string[]): readonly GeneratedName[] {
  const found = resources
    .map((resource) => ({ resource, pattern: namePattern(resource) }))
    .filter(({ resource, pattern }) => resource !== pattern);
  const patterns = new Set(withoutCovered(found.map(({ pattern }) => pattern)));
  return [...new Map(found.map((each) => [each.pattern, each])).values()].filter(({ pattern }) =>
    patterns.has(pattern),
  );
}
