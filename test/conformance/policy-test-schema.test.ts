import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { policyTestJsonSchema } from '../../src/commands/test/schema.ts';
import { toValue } from '../../src/lib/document.ts';
import { readYaml } from '../../src/lib/yaml-position.ts';
import { ROOT } from '../architecture/source-graph.ts';

const shipped = JSON.parse(readFileSync(join(ROOT, 'schemas/policy-tests.schema.json'), 'utf8'));
const isValid = new Ajv({ strict: false }).compile(shipped);

function valueIn(text: string): unknown {
  const read = readYaml(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return toValue(read.value);
}

describe('the JSON Schema of policy tests', () => {
  it('is what the program reads by (npm run generate:schemas writes it)', () => {
    expect(shipped).toEqual(policyTestJsonSchema());
  });

  it('takes the shipped tests, and the examples of the documentation', () => {
    const page = readFileSync(join(ROOT, 'docs/policy-tests.md'), 'utf8');
    const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
    expect(examples).toHaveLength(2);
    for (const text of [readFileSync(join(ROOT, 'policy-tests/shipped.yaml'), 'utf8'), ...examples])
      expect(isValid(valueIn(text)), JSON.stringify(isValid.errors)).toBe(true);
  });

  it.each([
    '{}',
    'tests: []',
    'tests: [{ name: a, expct: denied }]',
    'tests: [{ name: a, expect: maybe }]',
    'tests: [{ name: a, action: "personalize:*" }]',
  ])('refuses %s', (text) => {
    expect(isValid(valueIn(text))).toBe(false);
  });
});
