import { digits, type Section, spreadText } from './figures.ts';
import { measuredIn, type Results } from './results.ts';
import { TARGETS, verdict } from './targets.ts';

const TITLES: Readonly<Record<string, string>> = {
  http: 'Requests a second, 48 kept connections, 200-byte signed POSTs, three policies for the caller',
  latency: 'One connection',
  startup: 'Start and idle memory',
  memory: 'Memory under load',
  scale: 'A large account',
};

/** The results as Markdown: the targets, then every figure with the median and, where there are several samples, their range. */
export function markdown(results: Results): string {
  const { date, commit, node, machine, sections } = results;
  const parts = Object.entries(sections).map(
    ([key, section]) => `## ${TITLES[key] ?? 'In process'}\n\n${sectionTable(section)}`,
  );
  return `# Results of \`npm run bench\`

${date}, commit ${commit}, Node ${node.slice(1)}, ${machine}. Medians; the range of the samples in parentheses.

## Targets

${targetTable(results)}

${parts.join('\n\n')}
`;
}

/** Measured, at least and aim, a row for each target. */
export function targetTable(results: Pick<Results, 'sections'>): string {
  const measured = measuredIn(results);
  const rows = Object.entries(TARGETS).map(([key, target]) => {
    const { name, unit, atLeast, aim } = target;
    const spread = measured[key];
    const cells =
      spread === undefined ? ['–', 'not measured'] : [spreadText(spread), verdict(target, spread)];
    const unitText = unit === '' ? '' : ` (${unit})`;
    return `| ${name}${unitText} | ${cells[0]} | ${digits(atLeast)} | ${digits(aim)} | ${cells[1]} |`;
  });
  return ['| | measured | at least | aim | |', '|---|---|---|---|---|', ...rows].join('\n');
}

function sectionTable({ figures, skipped = [] }: Section): string {
  const rows = figures.map(
    (figure) =>
      `| ${figure.name} | ${spreadText(figure)}${figure.unit === '' ? '' : ` ${figure.unit}`} | ${figure.note ?? ''} |`,
  );
  const missing = skipped.map(({ name, reason }) => `| ${name} | – | ${reason.replaceAll('|', '\\|')} |`);
  return ['| | median | |', '|---|---|---|', ...rows, ...missing].join('\n');
}
