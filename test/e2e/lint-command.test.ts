import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

const WIDE = allow('personalize:*');
const NARROW = allow('personalize:GetRecommendations');
const schemaFile = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);

describe('lint on the command line', () => {
  it('reports nothing about the shipped policies except for suppressed findings', async () => {
    expect(await cli(['lint', '--fail-on', 'warning'])).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(
        /^Configuration: config\/proxy\.yaml\n\d+ policies: 0 errors, 0 warnings, 4 suppressed\n$/,
      ),
    });
  });

  it.each([
    ['0 for warnings', WIDE, [], 0],
    ['0 for as many warnings as may be', WIDE, ['--max-warnings', '1'], 0],
    ['4 for more warnings than may be', WIDE, ['--max-warnings', '0'], 4],
    ['4 for any warning that is to fail', WIDE, ['--fail-on', 'warning'], 4],
    ['0 without a finding', NARROW, ['--fail-on', 'warning'], 0],
    ['3 for an error', WIDE.replace('Allow', 'allow'), [], 3],
    ['2 for a number that is none', WIDE, ['--max-warnings', 'few'], 2],
    ['2 for a format that there is not', WIDE, ['--format', 'xml'], 2],
  ])('exits with %s', async (_, policy, args, expected) => {
    using folder = new TemporaryFolder(configuration(policy));
    const { code } = await cli(['lint', ...args], { cwd: folder.path });
    expect(code).toBe(expected);
  });

  it('prints findings as editors read them, and counts them', async () => {
    using folder = new TemporaryFolder(configuration(WIDE));
    const { stdout, stderr } = await cli(['lint'], { cwd: folder.path });
    expect(stdout).toMatch(
      /^policies\/p\.json:1:\d+: warning: "personalize:\*" grants \d+ actions that write .*\(wildcard-write\)\n$/,
    );
    expect(stderr).toBe('Configuration: config/proxy.yaml\n1 policy: 0 errors, 1 warning\n');
  });

  it('exits with 2 for faults of the silences and of the principals, all at once', async () => {
    using folder = new TemporaryFolder({
      ...configuration(WIDE),
      'config/lint.yaml':
        'silence:\n  - { rule: wildcard-writes, policy: p, reason: x }\n  - { rule: id, polcy: p }\n',
    });
    const { code, stderr } = await cli(['lint'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'config/lint.yaml:2:13: error: silence[0].rule: there is no rule "wildcard-writes"; did you mean "wildcard-write"?',
    );
    expect(stderr).toContain(
      'config/lint.yaml:3:17: error: silence[1].polcy: unknown key; did you mean "policy"?',
    );
  });

  it('fixes what it can, and reports what is left', async () => {
    using folder = new TemporaryFolder(
      configuration(allow('personalize:Get*', 'personalize:GetRecommendations')),
    );
    const { code, stdout, stderr } = await cli(['lint', '--fix'], { cwd: folder.path });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'Configuration: config/proxy.yaml\npolicies/p.json: 1 finding fixed\n1 policy: 0 errors, 0 warnings\n',
    });
    expect(readFileSync(`${folder.path}/policies/p.json`, 'utf8')).toBe(allow('personalize:Get*'));
  });

  it('gives the findings as JSON', async () => {
    using folder = new TemporaryFolder(configuration(WIDE));
    const { stdout } = await cli(['lint', '--format', 'json'], { cwd: folder.path });
    expect(JSON.parse(stdout)).toMatchObject({
      policies: 1,
      errors: 0,
      warnings: 1,
      silenced: 0,
      findings: [
        {
          rule: 'wildcard-write',
          file: 'policies/p.json',
          line: 1,
          policy: 'p',
          statement: 0,
          fixable: false,
        },
      ],
    });
  });

  it('gives a SARIF log that its published schema takes, with suppressed findings', async () => {
    const { stdout } = await cli(['lint', '--format', 'sarif']);
    // It is of draft 4, which names itself by `id`.
    const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'));
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    const log = JSON.parse(stdout);
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    expect(log.runs[0].results).toContainEqual(
      expect.objectContaining({
        ruleId: 'retired-action',
        level: 'warning',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'policies/personalize-read-only.json' },
              region: { startLine: 13, startColumn: 9 },
            },
          },
        ],
        suppressions: [{ kind: 'external', justification: expect.stringContaining("AWS's documentation") }],
      }),
    );
  });
});
