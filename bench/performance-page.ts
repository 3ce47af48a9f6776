import { digits, type Figure } from './figures.ts';
import { targetTable } from './report.ts';
import type { Results } from './results.ts';

/** Parts of `docs/performance.md` that are made of the results, by the name in their marks. */
const PARTS: Readonly<Record<string, (results: Results) => string>> = {
  machine: ({ date, commit, node, machine }) =>
    `Measured on ${date} at commit ${commit} with Node ${node.slice(1)}: ${machine}.`,
  targets: targetTable,
  rates,
  budget,
  start: (results) =>
    table(
      ['', ''],
      rowsOf(results, 'startup', (figure) => `${digits(figure.median)} ${figure.unit}`),
    ),
};

/** The page with the parts between its marks, `<!-- name -->` and `<!-- /name -->`, as the results have them. */
export function withResults(page: string, results: Results): string {
  return Object.entries(PARTS).reduce((text, [name, part]) => {
    const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const [before, rest] = text.split(open);
    const [, after] = rest?.split(close) ?? [];
    if (before === undefined || after === undefined) throw new Error(`the page has no ${open.trim()}`);
    return `${before}${open}\n${part(results)}\n\n${close}${after}`;
  }, page);
}

function rates(results: Results): string {
  const rows = rowsOf(results, 'http', ({ median, cpuMicros }) => [
    digits(median),
    cpuMicros === undefined ? '' : digits(cpuMicros),
  ]);
  return table(['', 'requests/s', 'CPU of the server, µs a request'], rows);
}

/** What an allowed call costs, part by part. */
function budget(results: Results): string {
  const cpu = (name: string): number => figureIn(results, 'http', name)?.cpuMicros ?? Number.NaN;
  const path = (name: string): number => figureIn(results, 'path', name)?.median ?? Number.NaN;
  const http = cpu('bare node:http');
  const verify = path('verify a call of 200 bytes');
  const decide = path('resolve and decide its checks, three policies');
  const call = path('the whole call, allowed');
  const total = cpu('allowed, embedded stub');
  const rows: readonly (readonly [string, number, string])[] = [
    ['HTTP: parse the request, write the response', http, 'bare node:http, alone'],
    ['verify the signature', verify, 'in process, alone'],
    ['resolve and decide the checks', decide, 'in process, alone'],
    [
      'route, decode, record, encode',
      call - verify - decide,
      'the whole call in process, without the two above',
    ],
    ['stub, reading the body, connections, garbage', total - http - call, 'the rest'],
    ['**an allowed call**', total, 'over HTTP'],
  ];
  return table(
    ['part', 'µs of CPU', 'measured as'],
    rows.map(([name, micros, how]) => [name, digits(micros), how]),
  );
}

const figureIn = ({ sections }: Results, section: string, name: string): Figure | undefined =>
  sections[section]?.figures.find((figure) => figure.name === name);

const rowsOf = (
  { sections }: Results,
  section: string,
  cells: (figure: Figure) => string | readonly string[],
): readonly (readonly string[])[] =>
  (sections[section]?.figures ?? []).map((figure) => [figure.name, cells(figure)].flat());

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
