import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 1);

const DESCRIBE = { Sid: 'Describe', Effect: 'Allow', Action: 'personalize:Describe*', Resource: '*' };
const CREATE = {
  Sid: 'Create',
  Effect: 'Allow',
  Action: 'personalize:CreateCampaign',
  Resource: 'arn:aws:personalize:*:*:campaign/shop-*',
  Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
};
const DENY = { Sid: 'NoSecrets', Effect: 'Deny', Action: 'personalize:DescribeSchema', Resource: '*' };

const PRINCIPALS = `users:
  alice:
    managedPolicies: [work]
    permissionsBoundary: boundary
organization:
  id: o-exampleorgid
  serviceControlPolicies: [[scp/root]]
`;
const FULL = document({ Effect: 'Allow', Action: '*', Resource: '*' });

/** A folder with config and policies before and after a change. */
const checkouts = (before: string, after: string, boundary = FULL): TemporaryFolder =>
  new TemporaryFolder(
    Object.fromEntries(
      [
        ['before', before],
        ['after', after],
      ].flatMap(([name, work]) => [
        [`${name}/config/proxy.yaml`, 'region: us-east-1\n'],
        [`${name}/config/principals.yaml`, PRINCIPALS],
        [`${name}/policies/work.json`, work ?? ''],
        [`${name}/policies/boundary.json`, boundary],
        [`${name}/policies/scp/root.json`, FULL],
      ]),
    ),
  );

const CHANGE = ['prove', 'no-new-access', '--existing', 'before', '--new', 'after'];

describe('prove on the command line', () => {
  it('proves that a narrower policy grants nothing new, all levels counted', async () => {
    using folder = checkouts(document(DESCRIBE, CREATE), document(DESCRIBE));
    const { code, stdout, stderr } = await cli(CHANGE, { cwd: folder.path });
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^PASS user\/alice: the new policies allow nothing that the existing ones do not allow\n/,
    );
    expect(code).toBe(0);
  });

  it('prints a counterexample with the statement that grants it, as a command and as a policy test', async () => {
    using folder = checkouts(document(DESCRIBE), document(DESCRIBE, CREATE));
    const { code, stdout } = await cli([...CHANGE, '--as', 'alice'], { cwd: folder.path });
    expect(code).toBe(4);
    expect(stdout).toContain(
      'FAIL alice: the new policies allow a request that the existing ones do not allow',
    );
    expect(stdout).toContain(
      'personalize:CreateCampaign on arn:aws:personalize:us-east-1:123456789012:campaign/shop-',
    );
    expect(stdout).toContain('aws:SourceIp = 10.0.0.0');
    expect(stdout).toContain('allowed by after/policies/work.json:10, statement Create');
    expect(stdout).toContain('expect: denied');

    const [, command = ''] = /personalize-authz-proxy (simulate .*)/.exec(stdout) ?? [];
    const ask = (name: string) =>
      cli([...command.split(' '), '--config', `${name}/config/proxy.yaml`], { cwd: folder.path });
    expect((await ask('after')).stdout).toMatch(/^ALLOWED/);
    expect((await ask('before')).stdout).toMatch(/^DENIED/);
  });

  it('names the Deny that is gone', async () => {
    using folder = checkouts(document(DESCRIBE, DENY), document(DESCRIBE));
    const { code, stdout } = await cli(CHANGE, { cwd: folder.path });
    expect(code).toBe(4);
    expect(stdout).toContain('personalize:DescribeSchema on ');
    expect(stdout).toContain('no longer denied by before/policies/work.json:10, statement NoSecrets');
  });

  it('counts the permissions boundary: what it does not allow is not granted', async () => {
    using folder = checkouts(document(DESCRIBE), document(DESCRIBE, CREATE), document(DESCRIBE));
    expect((await cli(CHANGE, { cwd: folder.path })).code).toBe(0);
  });

  it('compares documents on their own, in one direction or in both', async () => {
    using folder = new TemporaryFolder({
      'old.json': document(DESCRIBE, CREATE),
      'new.json': document(DESCRIBE),
    });
    const compare = (claim: string) =>
      cli(['prove', claim, '--existing', 'old.json', '--new', 'new.json', '--format', 'json'], {
        cwd: folder.path,
      });
    expect(JSON.parse((await compare('no-new-access')).stdout)).toMatchObject([
      { verdict: 'PASS', subject: 'new.json' },
    ]);
    const { code, stdout } = await compare('equivalent');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        verdict: 'FAIL',
        counterexample: {
          action: 'personalize:CreateCampaign',
          allowedBy: 'existing',
          granting: [{ sid: 'Create', file: 'old.json' }],
        },
      },
    ]);
  });

  it('proves that actions are never granted on resources, or says with which request they are', async () => {
    using folder = checkouts(document(DESCRIBE, CREATE), document(DESCRIBE, CREATE));
    const ask = (...args: readonly string[]) =>
      cli(['prove', 'not-granted', '--as', 'alice', '--config', 'after/config/proxy.yaml', ...args], {
        cwd: folder.path,
      });
    expect((await ask('--action', 'personalize:Delete*', 'iam:*')).code).toBe(0);
    const other = 'arn:aws:personalize:us-east-1:123456789012:campaign/other';
    expect((await ask('--action', 'personalize:Create*', '--resource', other)).code).toBe(0);
    // A resource of another type whose name would look like a campaign's ARN is none.
    const campaigns = 'arn:aws:personalize:*:*:campaign/other-*';
    expect((await ask('--action', 'personalize:Create*', '--resource', campaigns)).code).toBe(0);
    const { code, stdout } = await ask('--action', 'personalize:Create*');
    expect(stdout).toContain('allowed by after/policies/work.json:10, statement Create');
    expect(code).toBe(4);
  });

  it('distinguishes public access from access within an organization', async () => {
    const grant = {
      Sid: 'Read',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::shop/*',
    };
    const own = { ...grant, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } };
    const any = { ...grant, Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } };
    using folder = new TemporaryFolder({
      'public.json': document(grant),
      'own.json': document(own),
      'any.json': document(any),
    });
    const ask = (file: string) => cli(['prove', 'no-public-access', file], { cwd: folder.path });
    const { code, stdout } = await ask('public.json');
    expect(stdout).toContain('s3:GetObject on arn:aws:s3:::shop/');
    expect(stdout).toContain('allowed by public.json:4, statement Read');
    expect(code).toBe(4);
    expect((await ask('own.json')).code).toBe(0);
    expect((await ask('any.json')).code).toBe(4);
  });

  it('exits with 2 and the reason where a claim cannot be decided', async () => {
    const from = (source: string): string =>
      document({ ...DESCRIBE, Condition: { ArnLike: { 'aws:SourceArn': source } } });
    using folder = new TemporaryFolder({
      'old.json': from('arn:aws:sns:*:*:*'),
      'new.json': from('arn:aws:sns:*:${aws:PrincipalTag/account}:*'),
    });
    const args = ['prove', 'no-new-access', '--existing', 'old.json', '--new', 'new.json'];
    const { code, stdout } = await cli(args, { cwd: folder.path });
    expect(stdout).toContain('UNKNOWN new.json: it could not be decided: ');
    expect(code).toBe(2);
  });

  it('reports to code scanning and to CI services, at the statement that grants', async () => {
    using folder = checkouts(document(DESCRIBE), document(DESCRIBE, CREATE));
    const sarif = await cli([...CHANGE, '--format', 'sarif'], { cwd: folder.path });
    const [result] = JSON.parse(sarif.stdout).runs[0].results;
    expect(result).toMatchObject({
      ruleId: 'no-new-access',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'after/policies/work.json' },
            region: { startLine: 10 },
          },
        },
      ],
    });
    expect(result.message.text).toContain('personalize:CreateCampaign');
    const junit = await cli([...CHANGE, '--format', 'junit'], { cwd: folder.path });
    expect(junit.stdout).toContain('<testcase classname="user/alice" name="no-new-access" time="0.000">');
    expect(junit.stdout).toContain('failures="1"');
  });

  it('refuses what is no principal, and what says nothing', async () => {
    using folder = checkouts(document(DESCRIBE), document(DESCRIBE));
    const { code, stderr } = await cli([...CHANGE, '--as', 'alise'], { cwd: folder.path });
    expect(stderr).toContain('--as: there is no principal alise; did you mean "alice"?');
    expect(code).toBe(2);
    expect((await cli(['prove', 'not-granted', '--as', 'alice'], { cwd: folder.path })).code).toBe(2);
  });
});
