import { PLAIN, type Styles } from '../../explanation/evaluation-steps.ts';
import { renderSimulations } from '../../explanation/render-check.ts';
import { renderUnused } from '../coverage/render-text.ts';
import type { RefusedCheck, RejectedRequests, RunReport } from './run-report.ts';

export interface RunTextOptions {
  readonly styles?: Styles;
  /** Of the proxy, where it still runs: decisions are links to their pages. */
  readonly url?: string;
}

/** The report of a run for people: what was denied and what to add, what was undocumented, what was rejected. */
export function renderRun(report: RunReport, { styles = PLAIN, url }: RunTextOptions = {}): string {
  const { denied, undocumented, rejected, unused } = report;
  return [
    headline(report, styles),
    ...section(`Denied (${denied.length})`, denied, (each) => renderRefused(each, styles, url)),
    ...policiesOfDenied(report),
    ...(denied.length > 0 && url === undefined
      ? ['Run with --console to see each denial explained in the console.']
      : []),
    ...section(
      `Undocumented checks that would be denied (${undocumented.length}): AWS may make them and does not document them; they decided nothing here`,
      undocumented,
      (each) => renderRefused(each, styles, url),
    ),
    ...section(`Rejected before policy evaluation (${rejected.length})`, rejected, (each) =>
      renderRejected(each, url),
    ),
    '',
    coverageLine(report),
    ...unused.map((grant) => `  ${renderUnused(grant, MOST_PARTS)}`),
    ...nothingChecked(report, styles),
  ].join('\n');
}

/** Of each caller that was denied. */
function policiesOfDenied({ denied, callers }: RunReport): readonly string[] {
  const lines = callers
    .filter(
      ({ principal, policyFiles }) =>
        policyFiles.length > 0 && denied.some(({ caller }) => caller === principal),
    )
    .map(({ principal, policyFiles }) => `The policies of ${principal}: ${policyFiles.join(', ')}`);
  return lines.length > 0 ? ['', ...lines] : [];
}

function headline({ principal, calls, secondHops, callers }: RunReport, styles: Styles): string {
  const { total, denied, audited, rejected } = calls;
  if (total === 0)
    return `${styles.bad('No calls')} as ${principal}: the command called no AWS service through the proxy.`;
  const parts = [
    `${total - denied - audited - rejected} allowed`,
    ...(denied > 0 ? [styles.bad(`${denied} denied`)] : []),
    ...(audited > 0 ? [styles.bad(`${audited} denied but forwarded (audit mode)`)] : []),
    ...(rejected > 0 ? [styles.bad(`${rejected} rejected`)] : []),
  ];
  const others = callers.filter((each) => each.calls > 0).map((each) => `${each.principal} ${each.calls}`);
  const by = others.length > 1 ? ` Calls by principal: ${others.join(', ')}.` : '';
  const made = `${total} ${total === 1 ? 'call' : 'calls'} as ${principal}: ${parts.join(', ')}.${by}`;
  const { refused } = secondHops;
  return refused === 0
    ? made
    : `${made} ${styles.bad(`Amazon Personalize was denied ${refused === 1 ? 'once' : `${refused} times`}`)} with a role that was passed to it.`;
}

/** Without it, a command that never reached a policy looks like one that was allowed everything. */
function nothingChecked({ calls: { total, rejected } }: RunReport, styles: Styles): readonly string[] {
  if (total === 0)
    return [
      '',
      styles.bad(
        'Nothing was checked: no call reached the proxy. Does the command take its endpoint from AWS_ENDPOINT_URL? Older SDKs do not read it and need the endpoint in code: docs/testing.md in the package lists them. (--fail-on no-calls)',
      ),
    ];
  if (rejected < total) return [];
  const all = total === 1 ? 'the only call was' : `all ${total} calls were`;
  return [
    '',
    styles.bad(`Nothing was checked: ${all} rejected before policy evaluation. (--fail-on rejected)`),
  ];
}

/** Unused patterns of a statement that are listed here; `coverage` lists all. */
const MOST_PARTS = 5;

function coverageLine({
  coverage: { percent, used, elements },
  callers,
  principal,
  unused,
}: RunReport): string {
  const names = callers.map((each) => each.principal).join(', ') || principal;
  const share = `Coverage: ${percent}% of the policies of ${names} (${used} of ${elements} statements, actions and resources)`;
  return unused.length === 0 ? `${share}. Every grant was used.` : `${share}. Not used:`;
}

const section = <Item>(
  title: string,
  items: readonly Item[],
  render: (item: Item) => readonly string[],
): readonly string[] => (items.length === 0 ? [] : ['', title, ...items.flatMap(render)]);

function renderRefused(refused: RefusedCheck, styles: Styles, url?: string): readonly string[] {
  const { count, operations, decision, principal, action, resource, explanation } = refused;
  const title = `${count} × ${operations.join(', ')} (${placeOfDecision(decision, url)})`;
  const steps = explanation
    ? renderSimulations([explanation], styles).split('\n')
    : [`${action} on ${resource}`, `  ${principal} is no longer in the folder`];
  return ['', `  ${title}`, ...steps.map((line) => (line === '' ? '' : `    ${line}`))];
}

const renderRejected = (
  { count, operation = 'unknown', code, message, decision }: RejectedRequests,
  url?: string,
) => [`  ${count} × ${operation}: ${code}: ${message} (${placeOfDecision(decision, url)})`];

/** Terminals make a link of the address. */
const placeOfDecision = (id: string, url: string | undefined): string =>
  url === undefined ? `decision ${id}` : `${url}/_authz/d/${id}`;
