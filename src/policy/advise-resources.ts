import { parseArn } from '../lib/arn.ts';
import { shortList } from '../lib/short-list.ts';
import type { ActionReference } from './action-reference.ts';
import type { Located, Statement } from './ast.ts';
import { describeAll, namedActions } from './named-actions.ts';
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
  const arns = new Set(
    described?.flatMap(({ resourceArns, undocumentedArns = [] }) => [...resourceArns, ...undocumentedArns]),
  );
  for (const pattern of resource.patterns)
    if (described && !misplaced.includes(pattern)) adviseUnused(pattern, arns, report);
  if (resource.patterns.some(({ text }) => /^\*+$/.test(text))) return;
  for (const pattern of action.patterns) adviseScope(pattern, reference, report);
}

function adviseUnused({ text, position }: Located, arns: ReadonlySet<string>, report: Report): void {
  const pattern = completeArn(text);
  if ([...arns].some((arn) => overlaps(pattern, arn))) return;
  // Where no action works on a resource at all, the advice on the action says it.
  if (arns.size === 0) return;
  report.warning(
    'unused-resource',
    `no action of the statement works on a resource like "${text}"`,
    position,
  );
}

/** An action that works on no resource is checked on `*`, which only the pattern `*` matches. */
function adviseScope({ text, position }: Located, reference: ActionReference, report: Report): void {
  const named = text.endsWith(':*') ? [] : (namedActions(text, reference) ?? []);
  const without = named.filter(({ description }) => description?.resourceArns.length === 0);
  // A wildcard that takes in a few of them by the way, as s3:Get* does, is no mistake.
  if (without.length === 0 || without.length * 2 < named.length) return;
  const message =
    named.length === 1
      ? `"${text}" works on no resource; only the Resource "*" grants or denies it`
      : `"${text}" means ${shortList(without.map(({ action }) => action))}, which work on no resource; only the Resource "*" grants or denies them`;
  report.warning('action-without-resource', message, position);
}

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
