import { type ArnParts, parseArn } from '../lib/arn.ts';
import { memoize, memoizeFor } from '../lib/memoize.ts';
import { shortList } from '../lib/short-list.ts';
import type { ActionDescription, ActionReference } from './action-reference.ts';
import type { Located, Statement } from './ast.ts';
import { describeAll, type NamedAction, namedActions } from './named-actions.ts';
import { overlaps, templatePattern } from './pattern-overlap.ts';
import type { Report } from './report.ts';
import { completeArn } from './resource-pattern.ts';

/**
 * Warns of actions and resources of a statement that do not match: `PutEvents` on an event tracker, a campaign for a
 * dataset's action.
 */
export function adviseResources(statement: Statement, reference: ActionReference, report: Report): void {
  const { action, resource } = statement;
  if (resource === undefined) return;
  const misplaced = resource.patterns.filter((pattern) => adviseOwner(pattern, reference, report));
  if (action.element === 'NotAction' || resource.element === 'NotResource') return;
  const described = describeAll(action.patterns, reference);
  // If no action supports resources at all, the warning about the action covers it.
  const worksOnSome = described?.some(({ resourceArns }) => resourceArns.length > 0);
  const arns = described ? arnsOfAll(described) : [];
  const unused = resource.patterns.filter(
    (pattern) => worksOnSome && !misplaced.includes(pattern) && adviseUnused(pattern, arns, report),
  );
  if (unused.length + misplaced.length < resource.patterns.length)
    adviseMismatch(action.patterns, resource.patterns, reference, report);
  if (resource.patterns.some(({ text }) => /^\*+$/.test(text))) return;
  const granted = resource.patterns.map(({ text }) => completeArn(text));
  for (const pattern of action.patterns) adviseScope(pattern, granted, reference, report);
}

const arnsOf = ({ resourceArns, undocumentedArns = [] }: ActionDescription): readonly string[] => [
  ...resourceArns,
  ...undocumentedArns,
];

const arnsOfAll = memoizeFor((described: readonly ActionDescription[]): readonly string[] => [
  ...new Set(described.flatMap(arnsOf)),
]);

/** @returns whether it said so */
function adviseUnused({ text, position }: Located, arns: readonly string[], report: Report): boolean {
  const pattern = completeArn(text);
  const parts = parseArn(pattern);
  // Patterns that meet field by field meet as a whole; the others can do so across the fields.
  if (arns.some((arn) => meetByField(parts, templateArn(arn)))) return false;
  if (arns.some((arn) => overlaps(pattern, arn))) return false;
  report.warning(
    'unused-resource',
    `no action of the statement supports resources that match "${text}"`,
    position,
  );
  return true;
}

/** An action that works on none of the resources, though others of the statement do: `s3:ListBucket` on objects. */
function adviseMismatch(
  actions: readonly Located[],
  resources: readonly Located[],
  reference: ActionReference,
  report: Report,
): void {
  const granted = resources.map(({ text }) => parseArn(completeArn(text).replaceAll(VARIABLE, '*')));
  if (granted.includes(undefined)) return;
  for (const { text, position } of actions) {
    const [only, ...more] = /[*?]/.test(text) ? [] : (namedActions(text, reference) ?? []);
    const arns = only?.description && more.length === 0 ? arnsOf(only.description) : [];
    if (only?.description?.resourceArns.length === 0 || arns.length === 0) continue;
    if (granted.some((pattern) => arns.some((arn) => canBe(pattern, arn)))) continue;
    const [first = ''] = arns.toSorted((one, other) => one.length - other.length);
    const bucket = isBucket(first) ? granted.find((pattern) => pattern?.service === 's3') : undefined;
    const right = bucket ? `arn:aws:s3:::${bucket.resource.replace(/\/.*$/s, '')}` : templatePattern(first);
    const message = `"${text}" works on none of these resources, but on ones like ${right}`;
    report.warning('action-resource-mismatch', message, position);
  }
}

const isBucket = (template: string): boolean => template.endsWith(':s3:::${BucketName}');

/**
 * Whether a pattern and a template meet in each part of an ARN: a wildcard at the end of one does not stand for another
 * region and type of resource. No bucket has a slash in its name: `arn:aws:s3:::bucket/*` is objects.
 */
function canBe(pattern: ArnParts | undefined, text: string): boolean {
  const template = templateArn(text);
  if (pattern === undefined || template === undefined) return true;
  // An empty field of another service is a mistake of its own (missing-arn-field).
  const isMet = FIELDS.every(
    (field) =>
      overlaps(pattern[field], template[field]) &&
      (pattern[field] !== '' || template[field] === '' || pattern.service !== 's3'),
  );
  if (!isMet || (isBucket(text) && pattern.resource.includes('/'))) return false;
  return overlaps(pattern.resource, template.resource);
}

const meetByField = (pattern: ArnParts | undefined, template: ArnParts | undefined): boolean =>
  pattern !== undefined &&
  template !== undefined &&
  FIELDS.every((field) => overlaps(pattern[field], template[field])) &&
  overlaps(pattern.resource, template.resource);

/** There are some thousands of templates. */
const templateArn = memoize(10_000, parseArn);

const FIELDS = ['partition', 'service', 'region', 'account'] as const;

/** A policy variable has a colon of its own. */
const VARIABLE = /\$\{[^}]*\}/g;

/**
 * An action without resource types is checked on `*`, which only the pattern `*` matches. Exception: resources that
 * AWS checks without documenting it, such as the parent of a List.
 */
function adviseScope(
  { text, position }: Located,
  granted: readonly string[],
  reference: ActionReference,
  report: Report,
): void {
  const named = text.endsWith(':*') ? [] : (namedActions(text, reference) ?? []);
  const without = named.filter(({ description }) => {
    if (description?.resourceArns.length !== 0) return false;
    const { undocumentedArns = [] } = description;
    return !undocumentedArns.some((arn) => granted.some((pattern) => overlaps(pattern, arn)));
  });
  // A wildcard that also matches a few such actions, as s3:Get* does, is not a mistake.
  if (without.length === 0 || without.length * 2 < named.length) return;
  const message =
    named.length === 1
      ? `"${text}" applies to ${none(without)}; only "Resource": "*" grants or denies it`
      : `"${text}" matches ${shortList(without.map(({ action }) => action))}, which apply to ${none(without)}; only "Resource": "*" grants or denies them`;
  report.warning('action-without-resource', message, position);
}

/** A List with a parent applies to that parent, not to the resources of this statement. */
const none = (without: readonly NamedAction[]): string =>
  without.some(({ description }) => (description?.undocumentedArns ?? []).length > 0)
    ? 'none of these resources'
    : 'no resource';

/**
 * Warns of an ARN of a resource that AWS owns (a recipe, an algorithm) with a region or an account.
 * @returns whether it added a warning
 */
function adviseOwner({ text, position }: Located, reference: ActionReference, report: Report): boolean {
  const arn = parseArn(text);
  if (arn === undefined || !/[^*]/.test(arn.region + arn.account)) return false;
  if (!ownedByAws(reference)(arn.service).some((type) => arn.resource.startsWith(type))) return false;
  const right = `arn:${arn.partition}:${arn.service}:::${arn.resource}`;
  const message = `AWS owns "${text}": its ARN has no account and no region, ${right}`;
  report.warning('aws-owned-resource', message, position);
  return true;
}

/** How the resources that AWS owns begin: `recipe/`, `algorithm/`. */
const ownedByAws = memoizeFor((reference: ActionReference) =>
  memoize(1000, (service): readonly string[] => {
    const templates = [...(reference.actionsOf(service) ?? [])]
      .flatMap((name) => reference.describe(service, name)?.resourceArns ?? [])
      .filter((template) => template.includes(`:${service}:::`))
      .map((template) => parseArn(template)?.resource ?? '');
    const types = templates.map((resource) => resource.slice(0, resource.indexOf('/') + 1));
    return [...new Set(types)].filter((type) => type !== '');
  }),
);
