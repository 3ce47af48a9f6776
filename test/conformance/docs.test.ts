import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS, type Setting } from '../../src/config/settings.ts';
import type { Authorization, Check, NamePart, ResourceSource } from '../../src/model/check.ts';
import { serviceModels } from '../../src/model/load.ts';
import { authorizationOf } from '../../src/services/services.ts';
import { ROOT } from '../architecture/source-graph.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the documentation', () => {
  it('lists the settings of the settings table (vitest run PATH --update writes it)', async () => {
    const document = read('docs/configuration.md');
    const [before, , after] = document.split(SETTINGS_MARK);
    const rows = SETTINGS.map(settingRow).join('\n');
    const table = `\n| key | flag, variable | default | meaning |\n|---|---|---|---|\n${rows}\n`;
    await expect([before, table, after].join(SETTINGS_MARK)).toMatchFileSnapshot(CONFIGURATION);
  });

  it('names only files and folders of the project that exist', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: ROOT })];
    const missing = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:src|test|scripts|bench|docs)\/[\w./-]+)`/g)]
        .map(([, path = '']) => path)
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${page}: ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it('lists the authorization table of each operation (vitest run PATH --update writes it)', async () => {
    const operations = [...serviceModels().values()]
      .filter(({ signingName }) => signingName === 'personalize')
      .flatMap((service) => [...service.operations.values()]);
    const rows = operations.map((operation) => tableRow(operation.name, authorizationOf(operation)));
    await expect(`${HEAD}${rows.join('\n')}\n`).toMatchFileSnapshot('../../docs/authorization.md');
  });
});

const CONFIGURATION = join(ROOT, 'docs/configuration.md');
const SETTINGS_MARK = '<!-- settings -->';

function settingRow({ key, flag, variable, summary, details, default: value }: Setting): string {
  const meaning = [`${summary}.`, ...(details === undefined ? [] : [details])]
    .join(' ')
    .replaceAll('|', '\\|');
  return `| \`${key}\` | \`--${flag}\` \`${variable}\` | ${value === undefined ? 'none' : `\`${value}\``} | ${meaning} |`;
}

const HEAD = `# Which checks each operation needs

Written by \`test/conformance/docs.test.ts\` from \`src/services/personalize/authorization.ts\`.
Every check must be allowed; the error response names the first that is denied. A check marked *if given* is made only if
the request has that member. The checks in the last column are not documented by AWS: they are reported with the decision,
and have an effect only with \`undocumentedChecks: enforce\`.

| operation | checks, in order | undocumented |
|---|---|---|
`;

function tableRow(name: string, { checks, undocumented, reason }: Authorization): string {
  const cell = (all: readonly Check[]): string => all.map(checkText).join('<br>');
  return `| ${name} | ${cell(checks)}${reason === undefined ? '' : `<br>*${reason}*`} | ${cell(undocumented)} |`;
}

const checkText = ({ action, resource, when }: Check): string =>
  `\`${action}\` on ${resourceText(resource)}${whenText(resource, when)}`;

function whenText({ from }: ResourceSource, when: Check['when']): string {
  if (when === undefined) return '';
  return from === 'any' ? ` *if \`${when.join('.')}\` is given*` : ' *if given*';
}

function resourceText(source: ResourceSource): string {
  switch (source.from) {
    case 'any':
      return '`*`';
    case 'memberOrAny':
      return `\`${source.path.join('.')}\`, or \`*\` if it is not given`;
    case 'member':
      return `\`${source.path.join('.')}${source.suffix ?? ''}\``;
    case 'oneMember':
      return source.paths.map((path) => `\`${path.join('.')}\``).join(' or ');
    case 'new':
      return `\`${source.template
        .split(':')
        .at(-1)
        ?.replace(/\$\{\w+\}/, source.name.map(partText).join('/'))}\` (new)`;
    default:
      return source.from;
  }
}

function partText(part: NamePart): string {
  return 'member' in part ? `{${part.member}}` : `{name in ${part.lastPartOf}}`;
}
