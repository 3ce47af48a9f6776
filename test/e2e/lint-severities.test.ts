import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { configuration, TemporaryFolder } from './temporary-folder.ts';

describe('text of a template', () => {
  const TEMPLATE = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'personalize:DescribeSchema',
        Resource: 'arn:aws:personalize:${AWS::Region}:123456789012:schema/x',
      },
    ],
  });

  it('is an error of lint, and a warning where the policy is loaded', async () => {
    using folder = new TemporaryFolder(configuration(TEMPLATE));
    const { code, stdout } = await cli(['lint'], { cwd: folder.path });
    expect(stdout).toMatch(/^policies\/p\.json:1:\d+: error: .*\(unresolved-template\)$/m);
    expect(code).toBe(3);
    const asked = await cli(['simulate', '--as', 'alice', '--action', 'personalize:ListSchemas'], {
      cwd: folder.path,
    });
    expect(asked.code).toBe(0);
  });
});

describe('information', () => {
  it('is printed, and fails nothing', async () => {
    const policy = (resource: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'personalize:DescribeSchema', Resource: resource }],
      });
    using folder = new TemporaryFolder(
      configuration(policy('arn:aws:personalize:us-east-1:111122223333:schema/x')),
    );
    const { code, stdout, stderr } = await cli(['lint', '--fail-on', 'warning'], { cwd: folder.path });
    expect(stdout).toMatch(/^policies\/p\.json:1:\d+: info: .*account 111122223333.*\(other-account\)$/m);
    expect(stderr).toContain('1 policy: 0 errors, ');
    const json = await cli(['lint', '--format', 'json'], { cwd: folder.path });
    expect(JSON.parse(json.stdout)).toMatchObject({ errors: 0, information: 1 });
    const sarif = await cli(['lint', '--format', 'sarif'], { cwd: folder.path });
    const [{ results }] = JSON.parse(sarif.stdout).runs;
    expect(results).toContainEqual(expect.objectContaining({ ruleId: 'other-account', level: 'note' }));
    expect([0, 4]).toContain(code);
  });
});
