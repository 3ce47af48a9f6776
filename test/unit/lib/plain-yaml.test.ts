import { describe, expect, it } from 'vitest';
import { readPlainDocument, readPlainValue } from '../../../src/lib/plain-yaml.ts';
import { readYaml } from '../../../src/lib/yaml-position.ts';

const PRINCIPALS = `# who exists
users:
  alice:
    accessKeys: [{ id: AKIAIOSFODNN7EXAMPLE, secret: "a/b+c", status: Active }]
    groups:
    - analysts   # at the same column
    managedPolicies:
      - AmazonPersonalizeFullAccess
      - 'team/it''s'
    tags: {}
  bob:
roles:
  app: { trustPolicy: trust/ecs-tasks, maxSessionDuration: 7200, tags: { on: true } }
`;

describe('readPlainValue', () => {
  it('reads a principals file as it is written by hand and by import', () => {
    expect(readPlainValue(PRINCIPALS)?.value).toEqual({
      users: {
        alice: {
          accessKeys: [{ id: 'AKIAIOSFODNN7EXAMPLE', secret: 'a/b+c', status: 'Active' }],
          groups: ['analysts'],
          managedPolicies: ['AmazonPersonalizeFullAccess', "team/it's"],
          tags: {},
        },
        bob: null,
      },
      roles: { app: { trustPolicy: 'trust/ecs-tasks', maxSessionDuration: 7200, tags: { on: true } } },
    });
    expect(readPlainValue(PRINCIPALS.replaceAll('\n', '\r\n'))).toEqual(readPlainValue(PRINCIPALS));
  });

  it.each([
    ['a duplicate key', 'a: 1\na: 2\n'],
    ['a key that an object cannot have', '__proto__: 1\n'],
    ['an anchor', 'a: &x 1\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !t x\n'],
    ['a merge key', '<<: { a: 1 }\n'],
    ['a block scalar', 'a: |\n  x\n'],
    ['a value that continues on the next line', 'a: b\n  c\n'],
    ['a hexadecimal number', 'a: 0x10\n'],
    ['a second document', 'a: 1\n---\nb: 1\n'],
    ['a flow collection on several lines', 'a: [1,\n  2]\n'],
    ['a tab', 'a:\tb\n'],
    ['what is not closed', 'a: [1\n'],
    ['what is not YAML', 'a: b: c\n'],
    ['nothing', '# only a comment\n'],
    ['deep nesting', '['.repeat(2000)],
  ])('leaves %s to the full parser', (_, text) => {
    expect(readPlainValue(text)).toBeUndefined();
  });
});

it('a file of more than 100,000 values is read, and its last value has its line and column', () => {
  const lines = Array.from({ length: 36_000 }, (_, index) => `k${index}: [v]`);
  for (const unusual of ['', '# full parser: \tx\n']) {
    const read = readYaml(unusual + lines.join('\n'));
    const last = read.ok && read.value.kind === 'object' ? read.value.entries.at(-1)?.value : undefined;
    expect(last).toMatchObject({ kind: 'array', position: { line: 36_000 + (unusual ? 1 : 0), column: 9 } });
  }
  expect(readPlainDocument('a:\n  - b: c\n')).toMatchObject({ position: { line: 1, column: 1 } });
});
