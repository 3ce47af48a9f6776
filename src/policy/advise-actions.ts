import { didYouMean } from '../lib/nearest.ts';
import type { ActionReference } from './action-reference.ts';
import type { Located, Statement } from './ast.ts';
import { namedActions } from './named-actions.ts';
import type { Report } from './report.ts';

/** Actions in older examples of AWS's documentation that no longer exist, in lower case. */
const RETIRED: ReadonlySet<string> = new Set([
  'personalize:describedatasetimportjobrun',
  'personalize:describefeatureexportjob',
]);

/** Warns of actions and services that do not exist: AWS saves such a policy, but they have no effect. */
export function adviseActions({ action }: Statement, reference: ActionReference, report: Report): void {
  for (const pattern of action.patterns) adviseAction(pattern, reference, report);
}

function adviseAction({ text, position }: Located, reference: ActionReference, report: Report): void {
  const [service = '', name = ''] = text.split(':');
  if (service === '*') return;
  if (!reference.services.has(service.toLowerCase())) {
    const hint = meantBy(text, reference) ?? didYouMean(service, reference.services);
    report.warning('unknown-service', `AWS has no service "${service}"${hint}`, position);
    return;
  }
  if (namedActions(text, reference)?.length !== 0) return;
  if (/[*?]/.test(name)) {
    report.warning('unknown-action', `no action of ${service} matches "${text}"`, position);
    return;
  }
  if (RETIRED.has(text.toLowerCase())) {
    const message = `the action "${text}", found in older examples, no longer exists and has no effect`;
    report.warning('retired-action', message, position);
    return;
  }
  const hint = meantBy(text, reference) ?? didYouMean(name, reference.actionsOf(service.toLowerCase()) ?? []);
  report.warning('unknown-action', `AWS has no action "${text}"${hint}`, position);
}

/** An operation of the API, or the name of its endpoint, where its action has another. */
function meantBy(text: string, reference: ActionReference): string | undefined {
  const meant = reference.actionOfOperation(text);
  return meant === undefined ? undefined : `; the action is "${meant}"`;
}
