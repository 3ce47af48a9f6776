import { chmodSync, readFileSync, statSync } from 'node:fs';
import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/** A call of a role that went through, or was denied. */
const record = (action: string, resource = '*', more: object = {}): string =>
  JSON.stringify({
    id: `${action} ${resource}`,
    time: '2026-11-23T12:00:00.000Z',
    mode: 'enforce',
    outcome: 'forwarded',
    principal: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::123456789012:assumed-role/job/s',
      accountId: '123456789012',
      roleArn: 'arn:aws:iam::123456789012:role/job',
      sessionName: 's',
    },
    request: { id: 'r', service: 'personalize', operation: 'X', sourceIp: '127.0.0.1' },
    checks: [{ action, resource, decision: 'allowed', layer: 'identity', determining: [] }],
    undocumented: [],
    durationMicros: 1,
    ...more,
  });

const CAMPAIGN = 'arn:aws:personalize:us-east-1:123456789012:campaign/shop';

const JSON_POLICY = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Look", "Effect": "Allow",
      "Action": ["personalize:List*", "personalize:Describe*", "personalize:Get*"], "Resource": "*" },
    { "Effect": "Allow",   "Action": "s3:*", "Resource": "*" },
    { "Effect": "Deny", "Action": "personalize:Delete*", "Resource": "*" }
  ]
}
`;

const YAML_POLICY = `# What the job may do.
Version: "2012-10-17"
Statement:
  # To look.
  - Effect: Allow
    Action:
      - personalize:List* # every list
      - personalize:Describe*
    Resource: "*"
  - Effect: Allow
    Action: s3:*
    Resource: "*"
`;

const project = (files: Readonly<Record<string, string>>, policies = '[job]') => ({
  'config/proxy.yaml': '',
  'config/principals.yaml': `roles:\n  job: { trustPolicy: trust, managedPolicies: ${policies} }\n`,
  'policies/trust.json':
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}',
  'calls.jsonl': `${record('personalize:ListSchemas')}\n${record('personalize:DescribeCampaign', CAMPAIGN)}\n`,
  ...files,
});

const LOG = ['--decisions', 'calls.jsonl'];

describe('tighten', () => {
  it('prints what was never used as a diff that patches the file, and keeps all else to the letter', async () => {
    using folder = new TemporaryFolder(project({ 'policies/job.json': JSON_POLICY }));
    const { code, stdout, stderr } = await cli(['tighten', 'job', ...LOG], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stderr.split('\n')).toEqual([
      'Configuration: config/proxy.yaml',
      'Never used: 2 parts of policies/job.json.',
      '  policies/job.json:5: Action personalize:Get* of statement Look',
      '  policies/job.json:6: statement 1',
      'Proven: all 2 recorded checks that are allowed are allowed without them.',
      'Proven: it allows no request that it did not allow before.',
      '--write changes the file.',
      '',
    ]);
    const file = `${folder.path}/policies/job.json`;
    expect(readFileSync(file, 'utf8')).toBe(JSON_POLICY);
    expect(stdout).toMatch(/^--- a\/policies\/job\.json\n\+\+\+ b\/policies\/job\.json\n@@/);
    expect(applyPatch(JSON_POLICY, stdout)).toBe(
      JSON_POLICY.replace(', "personalize:Get*"', '').replace(/ {4}\{ "Effect": "Allow", {3}.*\n/, ''),
    );
  });

  it('with --write changes the file, which keeps its mode', async () => {
    using folder = new TemporaryFolder(project({ 'policies/job.json': JSON_POLICY }));
    const file = `${folder.path}/policies/job.json`;
    chmodSync(file, 0o640);
    const { stderr } = await cli(['tighten', 'policies/job.json', '--write', ...LOG], { cwd: folder.path });
    expect(stderr).toContain('Wrote policies/job.json.');
    expect(readFileSync(file, 'utf8')).not.toContain('s3:*');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    const again = await cli(['tighten', 'job', '--write', ...LOG], { cwd: folder.path });
    expect(again).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Configuration: config/proxy.yaml\nEverything of policies/job.json was used.\n',
    });
  });

  it('keeps the comments of YAML', async () => {
    using folder = new TemporaryFolder(project({ 'policies/job.yaml': YAML_POLICY }));
    await cli(['tighten', 'job', '--write', ...LOG], { cwd: folder.path });
    expect(readFileSync(`${folder.path}/policies/job.yaml`, 'utf8')).toBe(
      YAML_POLICY.replace(/ {2}- Effect: Allow\n {4}Action: s3[\s\S]*$/, ''),
    );
  });

  it('keeps what another principal used, and lists principals without recorded calls', async () => {
    using folder = new TemporaryFolder(project({ 'policies/job.json': JSON_POLICY }));
    folder.write(
      'config/principals.yaml',
      'users:\n  ann: { managedPolicies: [job] }\n  bob: { groups: [all] }\ngroups:\n  all: { managedPolicies: [job] }\nroles:\n  job: { trustPolicy: trust, managedPolicies: [job] }\n',
    );
    const ann = {
      principal: {
        type: 'User',
        arn: 'arn:aws:iam::123456789012:user/ann',
        accountId: '123456789012',
        userName: 'ann',
      },
    };
    folder.write(
      'calls.jsonl',
      `${record('personalize:ListSchemas')}\n${record('s3:GetObject', 'arn:aws:s3:::b/k', ann)}\n`,
    );
    const { stdout, stderr } = await cli(['tighten', 'job', ...LOG], { cwd: folder.path });
    expect(stdout).not.toMatch(/^-.*s3/m);
    expect(stderr).toContain('Action personalize:Describe* of statement Look');
    expect(stderr).toContain('No call of user/bob is recorded, who has this policy too');
    expect(stderr).not.toContain('No call of user/ann');
  });

  it('measures a boundary by what it let through', async () => {
    using folder = new TemporaryFolder(
      project(
        { 'policies/limit.json': JSON_POLICY, 'policies/job.json': JSON_POLICY.replace('"s3:*"', '"*"') },
        '[job], permissionsBoundary: limit',
      ),
    );
    const { stdout } = await cli(['tighten', 'limit', ...LOG], { cwd: folder.path });
    expect(stdout).toContain('-    { "Effect": "Allow",   "Action": "s3:*", "Resource": "*" },');
  });

  it.each([
    ['a policy that there is not', 'jop', 'there is no policy jop; did you mean "job"?'],
    [
      "AWS's own",
      'AmazonPersonalizeFullAccess',
      "AmazonPersonalizeFullAccess is AWS's own and cannot be edited",
    ],
    ['one that is not attached', 'alone', 'alone is not attached'],
    ['one that no call used', 'idle', 'no recorded call used anything of idle'],
  ])('exits with 2 for %s', async (_, name, sentence) => {
    using folder = new TemporaryFolder(
      project(
        {
          'policies/job.json': JSON_POLICY,
          'policies/alone.json': JSON_POLICY,
          'policies/idle.json': JSON_POLICY.replaceAll('personalize:', 'personalize-events:'),
        },
        '[job, idle, AmazonPersonalizeFullAccess]',
      ),
    );
    const { code, stdout, stderr } = await cli(['tighten', name, ...LOG], { cwd: folder.path });
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
