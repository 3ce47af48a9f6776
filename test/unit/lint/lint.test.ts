import { describe, expect, it } from 'vitest';
import { brief, document, folderWith, lintFolder, statement } from './folder.ts';

const CAMPAIGN = 'arn:aws:personalize:us-east-1:123456789012:campaign/shop';
const GET = 'personalize:GetRecommendations';

async function briefOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  using folder = folderWith(files);
  return brief(await lintFolder(folder.path));
}

describe('lint', () => {
  it('reports the errors of the policies with their positions, and checks the rest', async () => {
    using folder = folderWith({
      'policies/broken.json': '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Alow" }]\n}',
      'policies/wide.yaml':
        'Version: "2012-10-17"\nStatement:\n  - Effect: Allow\n    Action: personalize:*\n    Resource: "*"\n',
    });
    const { findings, policies } = await lintFolder(folder.path);
    expect(policies).toBe(2);
    expect(
      findings.map(({ file, line, column, rule }) => [file?.split('/').at(-1), line, column, rule]),
    ).toEqual([
      ['broken.json', 3, 17, 'missing-action'],
      ['broken.json', 3, 17, 'missing-resource'],
      ['broken.json', 3, 29, 'invalid-effect'],
      ['wide.yaml', 4, 13, 'wildcard-write'],
    ]);
  });

  it('judges a policy by its use: a permissions boundary may be wide', async () => {
    const principals =
      'users: { alice: { managedPolicies: [narrow], permissionsBoundary: boundary } }\norganization: { id: o-exampleorgid, serviceControlPolicies: [[scp]] }\n';
    expect(
      await briefOf({
        'config/principals.yaml': principals,
        'policies/narrow.json': document(statement('Allow', GET, CAMPAIGN)),
        'policies/boundary.json': document(statement('Allow', 'personalize:*')),
        'policies/scp.json': document(statement('Allow', '*')),
      }),
    ).toEqual([]);
  });

  it('knows the other policies of everyone who has one', async () => {
    const files = {
      'policies/narrow.json': document(statement('Allow', GET, CAMPAIGN)),
      'policies/wide.json': document(statement('Allow', 'personalize:Get*')),
    };
    const both =
      'users: { alice: { managedPolicies: [narrow, wide] }, bob: { groups: [all] } }\ngroups: { all: { managedPolicies: [narrow, wide] } }\n';
    const one = both.replace('all: { managedPolicies: [narrow, wide]', 'all: { managedPolicies: [narrow]');
    expect(await briefOf({ ...files, 'config/principals.yaml': both })).toEqual([
      'narrow:0 redundant-statement',
    ]);
    expect(await briefOf({ ...files, 'config/principals.yaml': one })).toEqual([]);
  });

  it('reports one of two statements that cover each other', async () => {
    const same = statement('Allow', [GET], CAMPAIGN);
    expect(await briefOf({ 'policies/p.json': document(same, same) })).toEqual(['p:1 redundant-statement']);
  });

  it('proves a statement redundant by several others together', async () => {
    const policy = document(
      statement('Allow', [GET, 'personalize:GetPersonalizedRanking'], CAMPAIGN),
      statement('Allow', 'personalize:GetR*', CAMPAIGN),
      statement('Allow', 'personalize:GetP*', 'arn:aws:personalize:*:*:campaign/*'),
    );
    expect(await briefOf({ 'policies/p.json': policy })).toEqual(['p:0 redundant-statement']);
  });

  it.each([
    [
      'a condition that the other has and it has not',
      {},
      { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
      false,
    ],
    ['a condition of its own', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, {}, true],
    [
      'fewer values of a positive operator',
      { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'ml' } } },
      { Condition: { StringEquals: { 'aws:principaltag/team': ['ml', 'data'] } } },
      true,
    ],
    [
      'fewer values of a negated operator',
      { Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'ml' } } },
      { Condition: { StringNotEquals: { 'aws:PrincipalTag/team': ['ml', 'data'] } } },
      false,
    ],
    [
      'fewer patterns of ARNs',
      { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:a' } } },
      { Condition: { ArnLike: { 'aws:SourceArn': ['arn:aws:sns:*:*:b', 'arn:aws:sns:*:*:a'] } } },
      true,
    ],
    [
      'fewer patterns than a list that a malformed one ends',
      { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:a' } } },
      { Condition: { ArnLike: { 'aws:SourceArn': ['arn:aws:sns', 'arn:aws:sns:*:*:a'] } } },
      false,
    ],
  ])('with %s', async (_, narrow, wide, redundant) => {
    const policy = document(
      statement('Allow', GET, CAMPAIGN, narrow),
      statement('Allow', 'personalize:Get*', '*', wide),
    );
    expect((await briefOf({ 'policies/p.json': policy })).includes('p:0 redundant-statement')).toBe(
      redundant,
    );
  });

  it('takes a Deny for reachable where anyone who has it is allowed some of it', async () => {
    const files = {
      'policies/deny.json': document(statement('Deny', 'personalize:Delete*')),
      'policies/delete.json': document(statement('Allow', 'personalize:DeleteCampaign', CAMPAIGN)),
    };
    const principals = (of: string) => ({
      'config/principals.yaml': `users: { alice: { managedPolicies: [${of}] } }\n`,
    });
    expect(await briefOf({ ...files, ...principals('deny') })).toEqual(['deny:0 unreachable-deny']);
    expect(await briefOf({ ...files, ...principals('deny, delete') })).toEqual([
      'delete:0 shadowed-statement',
    ]);
  });

  it('asks users for lists, and not the roles of applications', async () => {
    const files = {
      'policies/p.json': document(statement('Allow', 'personalize:DescribeCampaign', CAMPAIGN)),
    };
    const trust = document({
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Action: 'sts:AssumeRole',
    });
    const user = 'users: { alice: { managedPolicies: [p] } }\n';
    const role = 'roles: { app: { trustPolicy: trust, managedPolicies: [p] } }\n';
    expect(await briefOf({ ...files, 'config/principals.yaml': user })).toEqual(['p:0 missing-list']);
    const onParent = statement(
      'Allow',
      'personalize:ListCampaigns',
      'arn:aws:personalize:us-east-1:123456789012:solution/*',
    );
    const describe = statement('Allow', 'personalize:DescribeCampaign', CAMPAIGN);
    const both = { 'policies/p.json': document(describe, onParent) };
    expect(await briefOf({ ...both, 'config/principals.yaml': user })).toEqual([]);
    expect(await briefOf({ ...files, 'policies/trust.json': trust, 'config/principals.yaml': role })).toEqual(
      [],
    );
  });

  it.each([
    ['on one service', { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } }, []],
    [
      'that a missing key passes',
      { StringEqualsIfExists: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
      ['p:0 pass-role-any-service'],
    ],
    ['on any service', { StringLike: { 'iam:PassedToService': '*' } }, ['p:0 pass-role-any-service']],
    [
      'on every service but one',
      { StringNotEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      ['p:0 pass-role-any-service'],
    ],
  ])('holds iam:PassRole to a condition %s', async (_, Condition, expected) => {
    const policy = document(
      statement('Allow', 'iam:PassRole', 'arn:aws:iam::123456789012:role/import', { Condition }),
    );
    expect(await briefOf({ 'policies/p.json': policy })).toEqual(expected);
  });

  it('looks at the files and folders that are named', async () => {
    using folder = folderWith({
      'policies/a.json': document(statement('Allow', 'personalize:*')),
      'policies/sub/b.json': document(statement('Allow', 'personalize:*')),
      'policies/sub/c.txt': 'no policy',
    });
    expect(brief(await lintFolder(folder.path, [`${folder.path}/policies/sub`]))).toEqual([
      'sub/b:0 wildcard-write',
    ]);
  });

  it('refuses a path that is not there, or is no policy', async () => {
    using folder = folderWith({ 'policies/c.txt': 'no policy' });
    const refused = lintFolder(folder.path, [`${folder.path}/policies/c.txt`, `${folder.path}/nowhere`]);
    await expect(refused).rejects.toThrow('its name must end in .json, .yaml or .yml, not \\".txt\\"');
    await expect(refused).rejects.toThrow('cannot be read: it does not exist');
  });

  it.each([
    ['personalize:Get*', []],
    ['*:Describe*', []],
    ['*:Create*', ['p:0 wildcard-write']],
    ['*', ['p:0 wildcard-write']],
    ['sqs:*', ['p:0 wildcard-write']],
    ['sqs:Get*', []],
  ])('knows what %s grants', async (action, expected) => {
    const found = await briefOf({ 'policies/p.json': document(statement('Allow', action)) });
    expect(found.filter((finding) => finding.endsWith('wildcard-write'))).toEqual(expected);
  });
});

describe('a silence', () => {
  const wide = {
    'policies/p.json': document(
      statement('Allow', 'personalize:*', '*', { Sid: 'Wide' }),
      statement('Deny', 'personalize:Delete*'),
    ),
  };

  it('takes a finding out of the count, with its reason', async () => {
    using folder = folderWith({
      ...wide,
      'config/lint.yaml':
        'silence:\n  - { rule: wildcard-write, policy: p, statement: Wide, reason: an example }\n',
    });
    expect((await lintFolder(folder.path)).findings).toMatchObject([
      { rule: 'wildcard-write', silenced: 'an example' },
    ]);
  });

  it.each([
    ['of another statement', 'statement: 1, ', ['p:0 wildcard-write', 'undefined unused-silence']],
    ['of another policy', '', ['p:0 wildcard-write', 'undefined unused-silence'], 'q'],
    ['with a wildcard', '', ['p:0 wildcard-write silenced'], '*'],
  ])('%s', async (_, where, expected, policy = 'p') => {
    const silence = `silence: [{ rule: wildcard-write, policy: "${policy}", ${where}reason: an example }]\n`;
    expect(await briefOf({ ...wide, 'config/lint.yaml': silence })).toEqual(expected);
  });

  it('needs a reason', async () => {
    using folder = folderWith({
      ...wide,
      'config/lint.yaml': 'silence:\n  - { rule: wildcard-write, policy: p }\n',
    });
    const { findings } = await lintFolder(folder.path);
    expect(findings).toMatchObject([
      { rule: 'wildcard-write' },
      { rule: 'silence-without-reason', severity: 'error', line: 2, column: 5 },
    ]);
  });

  it('does not silence an error', async () => {
    const found = await briefOf({
      'policies/p.json': document(statement('Allow', 'Get', CAMPAIGN)),
      'config/lint.yaml': 'silence: [{ rule: invalid-action, policy: p, reason: we like it }]\n',
    });
    expect(found).toEqual(['p invalid-action', 'undefined unused-silence']);
  });

  it('is not missed where only some policies are looked at', async () => {
    using folder = folderWith({
      ...wide,
      'policies/q.json': document(statement('Allow', GET, CAMPAIGN)),
      'config/lint.yaml': 'silence: [{ rule: wildcard-write, policy: p, reason: an example }]\n',
    });
    expect(brief(await lintFolder(folder.path, [`${folder.path}/policies/q.json`]))).toEqual([]);
  });
});
