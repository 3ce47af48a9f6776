import { PLAIN, type Styles } from '../../explanation/evaluation-steps.ts';
import {
  type Coverage,
  isUsed,
  type PolicyCoverage,
  type PrincipalCoverage,
  type StatementCoverage,
  type UnusedGrant,
} from './coverage.ts';

/** The coverage for people: a table of the policies, worst first; what was never used; what each principal does not use. */
export function renderCoverage(coverage: Coverage, styles: Styles = PLAIN): string {
  const { policies, principals, percent, used, elements, decisions, checks, unasked } = coverage;
  const never = policies.flatMap((policy) => neverUsed(policy, styles));
  const unused = principals.flatMap((principal) => unusedOf(principal));
  return [
    `${shade(percent, styles)(`${percent}%`)} covered: ${used} of ${elements} statements, actions and resources of attached policies`,
    styles.faint(`${decisions} decisions, ${checks} checks`),
    ...unasked.map((reason) => styles.bad(`not counted: ${reason}`)),
    '',
    ...table(policies, styles),
    ...(never.length > 0 ? ['', 'Never used:', ...never] : []),
    ...(unused.length > 0 ? ['', 'Unused grants:', ...unused] : []),
  ].join('\n');
}

const shade = (percent: number, { good, bad, faint }: Styles): ((text: string) => string) =>
  percent === 100 ? good : percent === 0 ? bad : faint;

function table(policies: readonly PolicyCoverage[], styles: Styles): readonly string[] {
  const rows = policies.map(({ policy, percent, used, elements, attachedTo }) => ({
    cells: [policy, `${used}/${elements}`, `${percent}%`] as const,
    attached: attachedTo.map((arn) => arn.split(':').at(-1)).join(', '),
    percent,
  }));
  const widths = [0, 1, 2].map((column) =>
    Math.max(
      ['policy', 'used', ''][column]?.length ?? 0,
      ...rows.map(({ cells }) => cells[column]?.length ?? 0),
    ),
  );
  const line = ([name, used, percent]: readonly [string, string, string]): string =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${used.padStart(widths[1] ?? 0)}  ${percent.padStart(widths[2] ?? 0)}`;
  return [
    styles.faint(`${line(['policy', 'used', ''])}  attached to`),
    ...rows.map((row) => `${shade(row.percent, styles)(line(row.cells))}  ${row.attached}`),
  ];
}

function neverUsed({ policy, file, statements }: PolicyCoverage, styles: Styles): readonly string[] {
  const place = (line: number | undefined): string =>
    line === undefined ? (file ?? policy) : `${file}:${line}`;
  return statements.flatMap((statement) => {
    const name = `${statement.effect} ${nameOf(statement)}`;
    if (!isUsed(statement))
      return [`  ${place(statement.line)}  ${styles.bad(`${name}: the whole statement`)}`];
    return statement.patterns
      .filter((pattern) => !isUsed(pattern))
      .map(({ element, pattern, line }) => `  ${place(line)}  ${name}: ${element} ${pattern}`);
  });
}

const nameOf = ({ sid, statement }: Pick<StatementCoverage, 'sid' | 'statement'>): string =>
  sid || `statement ${statement}`;

function unusedOf({ principal, checks, unused }: PrincipalCoverage): readonly string[] {
  if (checks === 0) return [`  ${principal}: no call of it is recorded`];
  if (unused.length === 0) return [];
  return [`  ${principal}:`, ...unused.map((grant) => `    ${renderUnused(grant)}`)];
}

/** `policies/x.json:7, statement S: personalize:CreateSchema, …`; all parts unless `most` says how many. */
export const renderUnused = (grant: UnusedGrant, most = Number.POSITIVE_INFINITY): string =>
  `${placeOf(grant)}: ${partsOf(grant, most)}`;

const placeOf = ({ policy, file, line, ...grant }: UnusedGrant): string =>
  `${file === undefined ? policy : line === undefined ? file : `${file}:${line}`}, ${nameOf(grant)}`;

function partsOf({ whole, actions, resources }: UnusedGrant, most: number): string {
  if (whole) return 'the whole statement';
  const parts = [...actions, ...resources];
  const rest = parts.length > most ? `, and ${parts.length - most} more` : '';
  return `${parts.slice(0, most).join(', ')}${rest}`;
}
