import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const ROLE = {
  type: 'AssumedRole',
  arn: 'arn:aws:sts::123456789012:assumed-role/job/s',
  accountId: '123456789012',
  roleArn: 'arn:aws:iam::123456789012:role/job',
  sessionName: 's',
};

const record = (outcome: string, action: string): string =>
  `${JSON.stringify({
    id: `${outcome}-${action}`,
    time: '2026-11-23T12:00:00.000Z',
    mode: 'enforce',
    outcome,
    principal: ROLE,
    request: { id: 'r', service: 'personalize', operation: 'X', sourceIp: '127.0.0.1' },
    checks: [
      {
        action,
        resource: '*',
        decision: outcome === 'denied' ? 'implicitDeny' : 'allowed',
        layer: 'identity',
        determining: [],
      },
    ],
    undocumented: [],
    durationMicros: 1,
  })}\n`;

const JSON_POLICY = `{
    "Version": "2012-10-17",
    "Statement": [
        { "Effect": "Allow",   "Action": ["personalize:ListCampaigns", "personalize:ListFilters"], "Resource": "*" }
    ]
}
`;
const ONE_STATEMENT = `{
  "Version": "2012-10-17",
  "Statement": { "Effect": "Allow", "Action": "personalize:ListCampaigns", "Resource": "*" }
}
`;
const YAML_POLICY = `# What the job may do.
Version: "2012-10-17"
Statement:
  # To look.
  - Effect: Allow
    Action: [ personalize:ListCampaigns,   personalize:ListFilters ] # every day
    Resource: "*"   # all

# The end.
`;
const FLOW_POLICY = `Version: "2012-10-17"
Statement: [{ Effect: Allow, Action: ["personalize:ListCampaigns"], Resource: "*" }]
`;

function project(policy: string, text: string) {
  return {
    'config/proxy.yaml': '',
    'config/principals.yaml': `roles:\n  job: { trustPolicy: trust, managedPolicies: ["${policy.replace(/\.\w+$/, '')}"] }\n`,
    'policies/trust.json':
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}',
    [`policies/${policy}`]: text,
    'calls.jsonl':
      record('forwarded', 'personalize:ListCampaigns') + record('denied', 'personalize:ListSchemas'),
  };
}

/** Applies a patch with a tool, as people do. */
function applied(tool: readonly [string, ...string[]], patch: string, cwd: string): void {
  const [command, ...args] = tool;
  const { status, stderr } = spawnSync(command, args, { cwd, input: patch, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, expect.any(String)]);
}

const GIT = ['git', 'apply', '-'] as const;
const PATCH = ['patch', '-p1', '--no-backup-if-mismatch'] as const;

describe('explain --patch', () => {
  it.each([
    ['JSON', 'job.json', JSON_POLICY],
    ['JSON with one statement alone', 'job.json', ONE_STATEMENT],
    ['YAML', 'job.yaml', YAML_POLICY],
    ['YAML in flow style', 'job.yaml', FLOW_POLICY],
  ])('prints a diff of %s that git apply takes, with which the call is allowed', async (_, name, text) => {
    using folder = new TemporaryFolder(project(name, text));
    const { code, stdout } = await cli(['explain', '--patch', '--decisions', 'calls.jsonl'], {
      cwd: folder.path,
    });
    expect(code).toBe(0);
    applied(GIT, stdout, folder.path);
    const after = readFileSync(`${folder.path}/policies/${name}`, 'utf8');
    for (const line of text.split('\n').filter((each) => /Version|#|ListFilters/.test(each)))
      expect(after).toContain(line);
    const asked = await cli(
      [
        'simulate',
        '--as',
        'role/job',
        '--action',
        'personalize:ListSchemas',
        '--resource',
        '*',
        '--expect',
        'allowed',
      ],
      { cwd: folder.path },
    );
    expect(asked.code).toBe(0);
  });

  it('prints a diff that is applied in /, of a policy outside the working folder', async () => {
    using folder = new TemporaryFolder({ ...project('job.json', JSON_POLICY), 'sub/README': '' });
    const args = ['explain', '--patch', '--config', '../config/proxy.yaml', '--decisions', '../calls.jsonl'];
    const { code, stdout } = await cli(args, { cwd: `${folder.path}/sub` });
    expect(code).toBe(0);
    applied(GIT, stdout, '/');
    expect(readFileSync(`${folder.path}/policies/job.json`, 'utf8')).toContain('personalize:ListSchemas');
  });

  it('says what is left to do by hand, and exits with 4 where no file changes', async () => {
    const deny = JSON_POLICY.replace('"Allow"', '"Deny"')
      .replace('ListFilters', 'ListSchemas')
      .replace(' }\n', ' },\n        { "Effect": "Allow", "Action": "*", "Resource": "*" }\n');
    using folder = new TemporaryFolder(project('job.json', deny));
    const { code, stdout, stderr } = await cli(
      ['explain', '--patch', '--decisions', 'calls.jsonl', 'denied-'],
      { cwd: folder.path },
    );
    expect(stderr).toContain('By hand: remove or narrow the Deny in policies/job.json:4');
    expect([code, stdout]).toEqual([4, '']);
  });
});

describe('tighten', () => {
  it.each([
    ['git apply', GIT],
    ['patch', PATCH],
  ])('prints a diff that %s takes, in a folder with a space in its name', async (_, tool) => {
    using folder = new TemporaryFolder();
    const cwd = `${folder.path}/my shop`;
    for (const [name, text] of Object.entries(project('job.json', JSON_POLICY))) {
      mkdirSync(`${cwd}/${name}`.replace(/\/[^/]+$/, ''), { recursive: true });
      writeFileSync(`${cwd}/${name}`, text);
    }
    const { stdout } = await cli(
      ['tighten', 'job', '--config', 'my shop/config/proxy.yaml', '--decisions', 'my shop/calls.jsonl'],
      { cwd: folder.path },
    );
    expect(stdout).toContain('my shop/policies/job.json');
    applied(tool, stdout, folder.path);
    expect(readFileSync(`${cwd}/policies/job.json`, 'utf8')).not.toContain('ListFilters');
  });
});
