import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { schemaFiles } from '../../scripts/schemas/schemas.ts';
import { startFiles } from '../../src/commands/init/start-files.ts';
import { toValue } from '../../src/lib/document.ts';
import { readYaml } from '../../src/lib/yaml-position.ts';
import { ROOT } from '../architecture/source-graph.ts';

const shipped = (name: string): object =>
  JSON.parse(readFileSync(join(ROOT, `schemas/${name}.schema.json`), 'utf8'));

const validators = new Map<string, ValidateFunction>();

function validator(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known) return known;
  const made = new Ajv({ strict: false }).compile(shipped(name));
  validators.set(name, made);
  return made;
}

function valueIn(text: string): unknown {
  const read = readYaml(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return toValue(read.value);
}

function expectValid(name: string, text: string): void {
  const isValid = validator(name);
  expect(isValid(valueIn(text)), JSON.stringify(isValid.errors)).toBe(true);
}

const examplesOf = (page: string): readonly string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text = '']) => text,
  );

describe('the JSON Schemas of files', () => {
  it.each([...schemaFiles().keys()])(
    '%s equals the schema in the code (npm run generate:schemas writes it)',
    (name) => {
      expect(shipped(name)).toEqual(schemaFiles().get(name));
    },
  );

  it.each(['proxy', 'principals', 'lint'])('%s accepts the shipped files', (name) => {
    const files = globSync(`{config,examples/*/config}/${name}.yaml`, { cwd: ROOT });
    expect(files).not.toEqual([]);
    for (const file of files) expectValid(name, readFileSync(join(ROOT, file), 'utf8'));
  });

  it('accept the files of init, which name them', () => {
    const files = startFiles({ account: '123456789012', partition: 'aws', region: 'us-east-1' });
    for (const [name, file] of [
      ['proxy', 'config/proxy.yaml'],
      ['principals', 'config/principals.yaml'],
      ['policy-tests', 'policy-tests/shop.yaml'],
    ] as const) {
      const text = files.get(file) ?? '';
      expect(text.split('\n')[0]).toBe(
        `# yaml-language-server: $schema=../node_modules/personalize-authz-proxy/schemas/${name}.schema.json`,
      );
      expectValid(name, text);
    }
  });

  it('accept the examples of the documentation', () => {
    const tests = examplesOf('docs/policy-tests.md');
    expect(tests).toHaveLength(3);
    for (const text of [readFileSync(join(ROOT, 'policy-tests/shipped.yaml'), 'utf8'), ...tests])
      expectValid('policy-tests', text);
    for (const text of examplesOf('docs/stub.md'))
      expectValid(Array.isArray(valueIn(text)) ? 'seed' : 'fixtures', text);
    for (const text of examplesOf('docs/lint.md')) expectValid('lint', text);
  });

  it.each([
    ['policy-tests', '{}'],
    ['policy-tests', 'tests: []'],
    ['policy-tests', 'tests: [{ name: a, expct: denied }]'],
    ['policy-tests', 'tests: [{ name: a, expect: maybe }]'],
    ['policy-tests', 'tests: [{ name: a, action: "personalize:*" }]'],
    ['proxy', 'listen: { prot: 1 }'],
    ['proxy', 'mode: off'],
    ['proxy', 'account: 123456789012'],
    ['principals', 'users: { alice: { accessKeys: [{ id: AKIALOCALALICE000000 }] } }'],
    ['principals', 'roles: { web: {} }'],
    ['principals', 'users: { "a b": {} }'],
    ['lint', 'silence: [{ rule: retired-action }]'],
    ['fixtures', 'failure: []'],
    ['seed', '- CreateDatasetGrup: { name: shop }'],
  ])('%s rejects %s', (name, text) => {
    expect(validator(name)(valueIn(text))).toBe(false);
  });
});
