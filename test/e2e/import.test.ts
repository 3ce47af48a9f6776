import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startProxy } from '../../src/index.ts';
import { cli, ROOT } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const FIXTURES = `${ROOT}test/fixtures/import`;

/** Every file below a folder with its text. */
const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [file.slice(folder.length + 1), readFileSync(file, 'utf8')];
      }),
  );

const principalsIn = (folder: string): unknown =>
  parse(readFileSync(`${folder}/config/principals.yaml`, 'utf8'));

/** What IAM tells of the account whose configuration this is, as the AWS CLI would save it. */
async function detailsOf(config: string): Promise<string> {
  await using proxy = await startProxy({ config });
  const iam = new IAMClient(proxy.clientConfig('auditor'));
  const { $metadata: _, ...details } = await iam.send(new GetAccountAuthorizationDetailsCommand({}));
  return JSON.stringify(details, undefined, 2);
}

const AUDITOR_KEY = '    accessKeys: [{ id: AKIALOCALAUDITOR0000, secret: local-only-secret-of-auditor }]\n';

const ACCOUNT = {
  'config/proxy.yaml': 'account: "210987654321"\n',
  'config/principals.yaml': `users:
  auditor:
${AUDITOR_KEY}    managedPolicies: [IAMReadOnlyAccess]
  alice:
    path: /teams/ml/
    groups: [analysts]
    managedPolicies: [shop/use]
    inlinePolicies: [own/look]
    permissionsBoundary: shop/boundary
    tags: { team: ml }
  bob: { inlinePolicies: [other/own.look, own/look], groups: [analysts] }
groups:
  analysts: { managedPolicies: [AmazonPersonalizeFullAccess], inlinePolicies: [own/look] }
roles:
  recommender: { path: /shop/, trustPolicy: trusts/tasks, inlinePolicies: [own/look], tags: { application: shop } }
`,
  'policies/shop/use.json': policy('personalize:GetRecommendations'),
  'policies/shop/boundary.json': policy('personalize:*'),
  'policies/own/look.json': policy('personalize:DescribeCampaign'),
  'policies/other/own.look.json': policy('personalize:ListCampaigns'),
  'policies/trusts/tasks.json': JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  }),
};

function policy(action: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: action, Resource: '*' },
  });
}

describe('import of account details', () => {
  it('gives the same again when what it gave is served and imported', async () => {
    using folder = new TemporaryFolder(ACCOUNT);
    folder.write('details.json', await detailsOf(`${folder.path}/config/proxy.yaml`));
    const first = await cli(['import', 'details.json', '--out', 'first'], { cwd: folder.path });
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain('Imported 3 users, 1 group, 1 role');
    expect(first.stderr).toContain('of account 210987654321');
    const file = `${folder.path}/first/config/principals.yaml`;
    const imported = readFileSync(file, 'utf8');
    expect(imported).toContain('accessKeys: [{ id: AKIALOCAL');
    writeFileSync(file, imported.replace('  auditor:\n', `  auditor:\n${AUDITOR_KEY}`));

    folder.write('details.json', await detailsOf(`${folder.path}/first/config/proxy.yaml`));
    writeFileSync(file, imported);
    const second = await cli(['import', 'details.json', '--out', 'second'], { cwd: folder.path });
    expect(second).toMatchObject({ code: 0 });
    expect(filesOf(`${folder.path}/second`)).toEqual(filesOf(`${folder.path}/first`));
  });

  it('keeps paths, tags, boundaries and inline policies of one name apart', async () => {
    using folder = new TemporaryFolder(ACCOUNT);
    folder.write('details.json', await detailsOf(`${folder.path}/config/proxy.yaml`));
    await cli(['import', 'details.json', '--out', 'out'], { cwd: folder.path });
    const out = `${folder.path}/out`;
    expect(principalsIn(out)).toEqual({
      users: {
        alice: {
          path: '/teams/ml/',
          groups: ['analysts'],
          managedPolicies: ['shop/use'],
          inlinePolicies: ['inline/own.look'],
          permissionsBoundary: 'shop/boundary',
          tags: { team: 'ml' },
        },
        auditor: { managedPolicies: ['IAMReadOnlyAccess'] },
        bob: { groups: ['analysts'], inlinePolicies: ['inline/other.own.look', 'inline/own.look'] },
      },
      groups: {
        analysts: { managedPolicies: ['AmazonPersonalizeFullAccess'], inlinePolicies: ['inline/own.look'] },
      },
      roles: {
        recommender: {
          path: '/shop/',
          trustPolicy: 'trust/recommender',
          inlinePolicies: ['inline/own.look'],
          tags: { application: 'shop' },
        },
      },
    });
    expect(filesOf(out)['config/proxy.yaml']).toBe('account: "210987654321"\n');
    expect(JSON.parse(filesOf(out)['policies/shop/use.json'] ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'personalize:GetRecommendations', Resource: '*' }],
    });
  });

  it('refuses one page of several, and a policy that would lie outside of the folder', async () => {
    const details = {
      UserDetailList: [],
      IsTruncated: true,
      Policies: [
        {
          PolicyName: 'x',
          Path: '/../../',
          Arn: 'arn:aws:iam::123456789012:policy/../../x',
          PolicyVersionList: [{ IsDefaultVersion: true, Document: JSON.parse(policy('a:B')) }],
        },
      ],
    };
    using folder = new TemporaryFolder({ 'details.json': JSON.stringify(details) });
    const { code, stderr } = await cli(['import', 'details.json', '--out', 'out'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain('details.json:1:36: error: this is one page of several');
    expect(stderr).toContain('cannot be a file');
    expect(readdirSync(folder.path)).toEqual(['details.json']);
  });
});

describe('import of a CloudFormation template', () => {
  const template = `${FIXTURES}/shop.yaml`;
  const names = ['--parameter', 'Bucket=shop', '--value', 'Service=shop-service'];

  it('works out what the template says', async () => {
    using folder = new TemporaryFolder();
    const { code, stderr } = await cli(['import', template, '--out', folder.path, ...names]);
    expect(code).toBe(0);
    expect(stderr).toContain('Access keys are made at deployment: none was imported.');
    expect(principalsIn(folder.path)).toEqual({
      users: { alice: { groups: ['analysts'] } },
      groups: { analysts: { inlinePolicies: ['inline/read'] } },
      roles: {
        'personalize-import': {
          trustPolicy: 'trust/personalize-import',
          inlinePolicies: ['inline/personalize-import.read'],
        },
        'shop-service': {
          trustPolicy: 'trust/shop-service',
          managedPolicies: ['CloudWatchReadOnlyAccess', 'shop/use-shop'],
          tags: { stage: 'dev' },
        },
      },
    });
    const { Statement } = JSON.parse(readFileSync(`${folder.path}/policies/shop/use-shop.json`, 'utf8'));
    expect(Statement.map(({ Resource }: { readonly Resource: unknown }) => Resource)).toEqual([
      [
        'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop-dev',
        'arn:aws:personalize:us-east-1:123456789012:solution/*',
      ],
      'arn:aws:iam::123456789012:role/personalize-import',
      'arn:aws:iam::123456789012:user/${aws:username}',
    ]);
  });

  it('gives the same of JSON, from standard input', async () => {
    using folder = new TemporaryFolder();
    const json = JSON.stringify({
      Parameters: { Name: { Type: 'String', Default: 'job' } },
      Resources: {
        Job: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: { Ref: 'Name' },
            AssumeRolePolicyDocument: JSON.parse(ACCOUNT['policies/trusts/tasks.json']),
            ManagedPolicyArns: [
              { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/IAMReadOnlyAccess']] },
            ],
          },
        },
      },
    });
    const { code } = await cli(['import', '-', '--out', folder.path], { stdin: json });
    expect(code).toBe(0);
    expect(principalsIn(folder.path)).toEqual({
      roles: { job: { trustPolicy: 'trust/job', managedPolicies: ['IAMReadOnlyAccess'] } },
    });
    expect(readFileSync(`${folder.path}/config/principals.yaml`, 'utf8')).toContain(
      '# Imported from standard input.',
    );
  });

  it('refuses what only a deployment knows, with file, line and column, and writes nothing', async () => {
    using folder = new TemporaryFolder({ 'shop.yaml': readFileSync(template, 'utf8') });
    const { code, stdout, stderr } = await cli(['import', 'shop.yaml', '--out', 'out'], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      'error: nothing was imported',
      'shop.yaml:12:36: error: Bucket has no value here: give it with --parameter Bucket=VALUE (unresolved)',
      'shop.yaml:31:3: error: Service has no RoleName, so its name is generated at deployment: give it with --value Service=NAME, or use logical IDs as names with --logical-names (unresolved)',
      '',
    ]);
    expect(readdirSync(folder.path)).toEqual(['shop.yaml']);
  });
});

describe('import of a Terraform plan', () => {
  const plan = `${FIXTURES}/plan.json`;
  const job = ['--value', 'module.job.aws_iam_policy.job=job-policy'];

  it('follows references through modules to what is not applied yet', async () => {
    using folder = new TemporaryFolder();
    const { code } = await cli(['import', plan, '--out', folder.path, ...job]);
    expect(code).toBe(0);
    expect(principalsIn(folder.path)).toEqual({
      users: {
        alice: {
          groups: ['analysts'],
          managedPolicies: ['job-policy', 'shop/get-recommendations'],
          tags: { team: 'ml' },
        },
        bob: { groups: ['analysts'], managedPolicies: ['shop/get-recommendations'], tags: { team: 'ml' } },
      },
      groups: { analysts: { managedPolicies: ['shop/get-recommendations'] } },
      roles: {
        job: {
          trustPolicy: 'trust/job',
          managedPolicies: ['shop/get-recommendations'],
          inlinePolicies: ['inline/inside'],
          tags: { team: 'ml' },
        },
        recommender: {
          path: '/shop/',
          trustPolicy: 'trust/recommender',
          managedPolicies: ['CloudWatchReadOnlyAccess', 'shop/get-recommendations'],
          inlinePolicies: ['inline/pass'],
          permissionsBoundary: 'boundary',
          tags: { application: 'shop', team: 'ml' },
          maxSessionDuration: 7200,
        },
      },
    });
  });

  it('refuses a name that apply makes up, once, and names it by its address', async () => {
    using folder = new TemporaryFolder();
    const { code, stderr } = await cli(['import', plan, '--out', `${folder.path}/out`]);
    expect(code).toBe(2);
    expect(
      stderr.match(/error: module\.job\.aws_iam_policy\.job has no name before it is applied/g),
    ).toHaveLength(1);
    expect(stderr).toContain("--value 'module.job.aws_iam_policy.job=NAME'");
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('import into a folder', () => {
  const template = (name: string): string =>
    `Resources:\n  G: { Type: AWS::IAM::Group, Properties: { GroupName: ${name} } }\n`;

  it('replaces no file that is there, but with --force', async () => {
    using folder = new TemporaryFolder({ 'a.yaml': template('a'), 'b.yaml': template('b') });
    const into = (file: string, ...more: string[]) =>
      cli(['import', file, '--out', 'out', ...more], { cwd: folder.path });
    await into('a.yaml');
    const before = filesOf(`${folder.path}/out`);
    const refused = await into('b.yaml');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(
      'out/config/principals.yaml: error: already exists; --force overwrites it',
    );
    expect(filesOf(`${folder.path}/out`)).toEqual(before);
    expect(await into('b.yaml', '--force')).toMatchObject({ code: 0 });
    expect(principalsIn(`${folder.path}/out`)).toEqual({ groups: { b: {} } });
  });

  it('leaves nothing behind where a file cannot be written', async () => {
    const policies = `${template('a')}  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: { ManagedPolicyName: p, PolicyDocument: ${policy('a:B')} }\n`;
    using folder = new TemporaryFolder({ 'a.yaml': policies, 'out/policies': 'a file' });
    const { code, stderr } = await cli(['import', 'a.yaml', '--out', 'out'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain('out/policies/p.json: error: cannot be written');
    expect(filesOf(`${folder.path}/out`)).toEqual({ policies: 'a file' });
  });

  it('rejects a file in an unknown format, and one that does not exist', async () => {
    using folder = new TemporaryFolder({ 'x.json': '{"a":1}' });
    const [other, none] = await Promise.all(
      ['x.json', 'y.json'].map((file) => cli(['import', file, '--out', 'out'], { cwd: folder.path })),
    );
    expect(other?.stderr).toContain(
      'x.json:1:1: error: this is neither an answer of get-account-authorization-details',
    );
    expect(none?.stderr).toContain('y.json: error: cannot be read: it does not exist');
    expect([other?.code, none?.code]).toEqual([2, 2]);
  });
});
