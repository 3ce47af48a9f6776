import { parseArn } from '../lib/arn.ts';
import { shortList } from '../lib/short-list.ts';
import type { ActionDescription, ActionReference } from './action-reference.ts';
import type { Located, Statement } from './ast.ts';
import { describeAll, type NamedAction, namedActions } from './named-actions.ts';
import { overlaps } from './pattern-overlap.ts';
import type { Report } from './report.ts';
import { completeArn } from './resource-pattern.ts';

/** Resources and actions of a statement that do not meet: `PutEvents` on an event tracker, a campaign for a dataset's action. */
export function adviseResources(statement: Statement, reference: ActionReference, report: Report): void {
  const { action, resource } = statement;
  if (resource === undefined) return;
  const misplaced = resource.patterns.filter((pattern) => adviseOwner(pattern, reference, report));
  if (action.element === 'NotAction' || resource.element === 'NotResource') return;
  const described = describeAll(
    action.patterns.map(({ text }) => text),
    reference,
  );
  // Where no action works on a resource at all, the advice on the action says it.
  const worksOnSome = described?.some(({ resourceArns }) => resourceArns.length > 0);
  const arns = new Set(described?.flatMap(arnsOf));
  for (const pattern of resource.patterns)
    if (worksOnSome && !misplaced.includes(pattern)) adviseUnused(pattern, arns, report);
  if (resource.patterns.some(({ text }) => /^\*+$/.test(text))) return;
  const granted = resource.patterns.map(({ text }) => completeArn(text));
  for (const pattern of action.patterns) adviseScope(pattern, granted, reference, report);
}

const arnsOf = ({ resourceArns, undocumentedArns = [] }: ActionDescription): readonly string[] => [
  ...resourceArns,
  ...undocumentedArns,
];

function adviseUnused({ text, position }: Located, arns: ReadonlySet<string>, report: Report): void {
  const pattern = completeArn(text);
  if ([...arns].some((arn) => overlaps(pattern, arn))) return;
  report.warning(
    'unused-resource',
    `no action of the statement works on a resource like "${text}"`,
    position,
  );
}

/**
 * An action that works on no resource is checked on `*`, which only the pattern `*` matches; but for what AWS checks on
 * an ARN without documenting it, such as a List on its parent.
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
  // A wildcard that takes in a few of them by the way, as s3:Get* does, is no mistake.
  if (without.length === 0 || without.length * 2 < named.length) return;
  const message =
    named.length === 1
      ? `"${text}" works on ${none(without)}; only the Resource "*" grants or denies it`
      : `"${text}" means ${shortList(without.map(({ action }) => action))}, which work on ${none(without)}; only the Resource "*" grants or denies them`;
  report.warning('action-without-resource', message, position);
}

/** A List that takes a parent works on that, and not on what is granted here. */
const none = (without: readonly NamedAction[]): string =>
  without.some(({ description }) => (description?.undocumentedArns ?? []).length > 0)
    ? 'none of these resources'
    : 'no resource';

/**
 * An ARN of what AWS owns (a recipe, an algorithm), written with a region or an account.
 * @returns whether it said so
 */
function adviseOwner({ text, position }: Located, reference: ActionReference, report: Report): boolean {
  const arn = parseArn(text);
  if (arn === undefined || !/[^*]/.test(arn.region + arn.account)) return false;
  const owned = ownedByAws(arn.service, reference).find((template) => {
    const resource = parseArn(template)?.resource ?? '';
    const type = resource.slice(0, resource.indexOf('/') + 1);
    return type !== '' && arn.resource.startsWith(type);
  });
  if (owned === undefined) return false;
  const right = `arn:${arn.partition}:${arn.service}:::${arn.resource}`;
  const message = `"${text}" belongs to AWS, not to an account or region: its ARN is ${right}`;
  report.warning('aws-owned-resource', message, position);
  return true;
}

function ownedByAws(service: string, reference: ActionReference): readonly string[] {
  return [...(reference.actionsOf(service) ?? [])]
    .flatMap((name) => reference.describe(service, name)?.resourceArns ?? [])
    .filter((template) => template.includes(`:${service}:::`));
}
