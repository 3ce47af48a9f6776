import type { Directory } from '../../directory/directory.ts';
import {
  type Coverage,
  isUsed,
  type PatternCoverage,
  type PolicyCoverage,
  type PrincipalCoverage,
  type StatementCoverage,
  type UnusedGrant,
  type Uses,
} from './coverage.ts';
import { type CoveredSource, coveredSource } from './page-source.ts';
import { PAGE_STYLE } from './page-style.ts';

/**
 * The coverage as one HTML page without scripts and without anything from elsewhere: the policies, worst first, each with
 * its source and how often every line of it was used, and what each principal does not use.
 */
export async function renderCoveragePage(
  coverage: Coverage,
  directory: Directory,
  configuration?: string,
): Promise<string> {
  const sources = await Promise.all(coverage.policies.map((policy) => coveredSource(policy, directory)));
  const { percent, used, elements, decisions, checks, policies, principals, unasked } = coverage;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Policy coverage: ${percent}%</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>Policy coverage</h1>
<div class="total"><b>${percent}%</b> <span>${used} of ${elements} statements, actions and resources were used by ${decisions} recorded decisions (${checks} checks)</span></div>
${bar(percent)}
${configuration === undefined ? '' : `<p class="faint">Configuration: ${escaped(configuration)}</p>`}
${unasked.map((reason) => `<p class="faint">Not counted: ${escaped(reason)}.</p>`).join('\n')}
<h2>Policies, least covered first</h2>
<div class="scroll"><table>
<tr><th>policy</th><th class="number">used</th><th class="number">covered</th><th></th><th>attached to</th></tr>
${policies.map(policyRow).join('\n')}
</table></div>
<h2>Unused grants</h2>
${principals.map(principalSection).join('\n')}
<h2>Sources</h2>
${policies.map((policy, index) => policySection(policy, sources[index], index)).join('\n')}
</body>
</html>
`;
}

const bar = (percent: number): string => `<div class="bar"><i style="width:${percent}%"></i></div>`;

function policyRow({ policy, used, elements, percent, attachedTo }: PolicyCoverage, index: number): string {
  const names = attachedTo.map((arn) => escaped(arn.split(':').at(-1) ?? '')).join(', ');
  return `<tr><td><a href="#policy-${index}">${escaped(policy)}</a></td><td class="number">${used}/${elements}</td><td class="number">${percent}%</td><td>${bar(percent)}</td><td>${names}</td></tr>`;
}

function principalSection({ principal, checks, unused }: PrincipalCoverage): string {
  const state =
    checks === 0 ? 'no call of it is recorded' : unused.length === 0 ? 'uses everything' : `${checks} checks`;
  const grants = checks === 0 ? [] : unused;
  return `<p><b>${escaped(principal)}</b> <span class="faint">${state}</span></p>${
    grants.length === 0 ? '' : `<ul>${grants.map(grantItem).join('')}</ul>`
  }`;
}

function grantItem({ policy, sid, statement, file, line, whole, actions, resources }: UnusedGrant): string {
  const place = file === undefined ? policy : `${file}${line === undefined ? '' : `:${line}`}`;
  const parts = [...actions, ...resources].map((text) => `<code>${escaped(text)}</code>`).join(' ');
  return `<li>${escaped(place)}, ${escaped(sid || `statement ${statement}`)}: ${whole ? 'the whole statement' : parts}</li>`;
}

function policySection(
  { policy, file, percent, used, elements }: PolicyCoverage,
  source: CoveredSource = { lines: [], statements: [] },
  index: number,
): string {
  const rows = source.lines.map((text, line) => sourceRow(text, line + 1, source.statements)).join('');
  const place = file === undefined ? 'not a file of the policies folder' : escaped(file);
  return `<details open id="policy-${index}"><summary><b>${percent}%</b> ${escaped(policy)} <span class="faint">${place}, ${used} of ${elements}</span></summary>
<div class="source">${rows}</div></details>`;
}

function sourceRow(text: string, line: number, statements: readonly StatementCoverage[]): string {
  const opened = statements.filter((statement) => statement.line === line);
  const patterns = statements.flatMap((statement) => statement.patterns.filter((each) => each.line === line));
  const [state, hits] = gutterOf([...opened, ...patterns]);
  return `<div class="row ${state}"><span class="n">${line}</span><span class="hits">${hits}</span><span>${marked(text, patterns)}</span></div>`;
}

/** The label next to a line: words, not only a color. */
function gutterOf(parts: readonly Uses[]): readonly [state: string, hits: string] {
  if (parts.length === 0) return ['', ''];
  const used = parts.filter(isUsed);
  const most = Math.max(...parts.map(({ allowed, denied, undocumented }) => allowed + denied + undocumented));
  if (used.length === parts.length) return ['used', `${most}×`];
  return used.length === 0 ? ['never', 'never'] : ['partial', `${most}×, in part`];
}

/** The line with each action and resource marked, in the order of its columns. */
function marked(text: string, patterns: readonly PatternCoverage[]): string {
  let html = '';
  let end = 0;
  for (const pattern of patterns.toSorted((a, b) => (a.column ?? 0) - (b.column ?? 0))) {
    const start = (pattern.column ?? 1) - 1;
    const length = lengthAt(text, start, pattern.pattern);
    if (start < end) continue;
    html += `${escaped(text.slice(end, start))}<mark class="${isUsed(pattern) ? 'used' : 'never'}" title="${escaped(titleOf(pattern))}">${escaped(text.slice(start, start + length))}</mark>`;
    end = start + length;
  }
  return html + escaped(text.slice(end));
}

/** In quotes, or, as YAML may have it, without. */
function lengthAt(text: string, start: number, pattern: string): number {
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(text.slice(start));
  return quoted ? quoted[0].length : pattern.length;
}

function titleOf(pattern: PatternCoverage): string {
  const { allowed, denied, undocumented, matched } = pattern;
  if (!isUsed(pattern)) return 'never used';
  const counts = [
    allowed > 0 && `allowed ${allowed}×`,
    denied > 0 && `denied ${denied}×`,
    undocumented > 0 && `asked ${undocumented}× by checks that AWS does not document`,
  ].filter((text) => text !== false);
  return `${counts.join(', ')}: ${matched.join(', ')}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
