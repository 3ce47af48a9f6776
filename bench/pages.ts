import { digits, type Figure } from './figures.ts';
import { targetTable } from './report.ts';
import type { Results } from './results.ts';

type Parts = Readonly<Record<string, (results: Results) => string>>;

/** The pages of `docs/`, and their parts that are made of the results, by the name in their marks. */
export const PAGES: Readonly<Record<string, Parts>> = {
  'performance.md': {
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
  },
  'scaling.md': { workers },
};

/** A page with the parts between its marks, `<!-- name -->` and `<!-- /name -->`, as the results have them. */
export function withResults(page: string, parts: Parts, results: Results): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
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

/** One process beside two workers, each by the name of its figure. */
const SCALED: readonly (readonly [string, one: string, two: string])[] = [
  ['denied', 'denied', 'denied, --workers 2'],
  [
    'forwarded to another server, on the same two cores too',
    'allowed, forwarded over HTTP',
    'forwarded over HTTP, --workers 2',
  ],
  ['allowed, embedded stub', 'allowed, embedded stub', 'allowed, --workers 2'],
];

function workers(results: Results): string {
  const rows = SCALED.map(([name, ...compared]) => {
    const [one, two] = compared.map((each) => figureIn(results, 'http', each));
    const cell = (figure: Figure | undefined): string =>
      `${digits(figure?.median ?? Number.NaN)}, ${digits(figure?.cpuMicros ?? Number.NaN)} µs`;
    const factor = (two?.median ?? Number.NaN) / (one?.median ?? Number.NaN);
    return [name, cell(one), cell(two), `× ${factor.toFixed(1)}`];
  });
  return table(
    ['requests per second, CPU of all processes for a request', '1 process', '2 workers', ''],
    rows,
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
