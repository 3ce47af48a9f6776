import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { literalResource } from '../../policy/literal-resource.ts';

export const RESOURCE_SCOPES = ['exact', 'prefix', 'any'] as const;

/** How far a generated policy reaches: the ARNs that were called, all that begin with their common names, or all. */
export type ResourceScope = (typeof RESOURCE_SCOPES)[number];

/** Which role is passed or assumed is never left open. */
const ALWAYS_EXACT: ReadonlySet<string> = new Set(['iam:PassRole', 'sts:AssumeRole']);

/** The pattern for each recorded resource of an action. */
export type PatternOf = (action: string, resource: string) => string;

/**
 * @param nameOf how the name of a resource is written where it is taken exactly
 */
export function patternsFor(
  scope: ResourceScope,
  resources: readonly string[],
  nameOf: (resource: string) => string = (resource) => resource,
): PatternOf {
  const wider: Readonly<Record<ResourceScope, (resource: string) => string>> = {
    exact: nameOf,
    prefix: prefixes(resources.map(withoutMadeUpIds)),
    any: () => '*',
  };
  return (action, resource) => {
    if (hasNoResource(action)) return '*';
    return ALWAYS_EXACT.has(action) ? literalResource(resource) : wider[scope](withoutMadeUpIds(resource));
  };
}

/**
 * Whether the reference lists no resource for an action. Only `*` grants it where AWS does as documented, and it grants
 * a List that AWS checks on its parent as well.
 */
function hasNoResource(action: string): boolean {
  const [service = '', name = ''] = action.split(':');
  return iamActions().describe(service, name)?.resourceArns.length === 0;
}

/** Patterns without those that another one covers. */
export function withoutCovered(patterns: readonly string[]): readonly string[] {
  const distinct = [...new Set(patterns)];
  return distinct.filter((each) => !distinct.some((other) => other !== each && covers(other, each)));
}

const covers = (pattern: string, other: string): boolean => matchesPattern(parsePattern(pattern), other);

/** AWS makes up the ids of solution versions and event trackers: the next ones are others. */
const withoutMadeUpIds = (resource: string): string =>
  literalResource(
    resource
      .replace(/^(arn:[^:]*:personalize:[^/]*:solution\/[^/]+)\/[^/]+$/, '$1/*')
      .replace(/^(arn:[^:]*:personalize:[^/]*:event-tracker)\/[0-9a-f]{8}$/, '$1/*'),
  );

/** What names are made of. */
const SEPARATOR = /[-_./]/;
const TYPED_ARN = /^(arn:[^:]*:personalize:[^:]+:[^:]+:[a-z-]+\/)([^*]+)$/;

/**
 * Names of one type that begin with the same word become one pattern: `shop` and `shop-interactions` `shop*`,
 * `shop-a` and `shop-b` `shop-*`. A name that is alone stays as it is.
 */
function prefixes(resources: readonly string[]): (resource: string) => string {
  const clusters = Map.groupBy(new Set(resources), clusterOf);
  return (resource) => {
    const [, type = '', name = ''] = TYPED_ARN.exec(resource) ?? [];
    const names = (clusters.get(clusterOf(resource)) ?? []).map((each) => each.slice(type.length));
    if (name === '' || names.length < 2) return resource;
    return `${type}${commonStart(names)}*`;
  };
}

function clusterOf(resource: string): string {
  const [, type, name] = TYPED_ARN.exec(resource) ?? [];
  return type === undefined ? resource : `${type}${name?.split(SEPARATOR)[0]}`;
}

/** What all names begin with, up to the end of a word. */
function commonStart([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  const start = first.slice(0, length);
  const endsWord = [first, ...others].every(
    (name) => name.length === length || SEPARATOR.test(name.charAt(length)),
  );
  if (endsWord) return start;
  const cut = Math.max(...['-', '_', '.', '/'].map((separator) => start.lastIndexOf(separator)));
  return start.slice(0, cut + 1);
}
