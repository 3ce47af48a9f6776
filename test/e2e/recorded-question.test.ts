import {
  CreateDatasetGroupCommand,
  CreateSolutionCommand,
  DescribeDatasetGroupCommand,
  ListDatasetGroupsCommand,
  PersonalizeClient,
  TagResourceCommand,
} from '@aws-sdk/client-personalize';
import { AssumeRoleCommand, GetFederationTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../src/engine/decide.ts';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { recordedQuestions } from '../../src/recorded-calls/recorded-request.ts';
import type { CheckRecord, DecisionRecord } from '../../src/records/decision-record.ts';
import { readDecisions } from '../../src/records/read-decisions.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/apps/recommender`;
const DATA_ROLE = `arn:aws:iam::${ACCOUNT}:role/data`;
const GROUP = `arn:aws:personalize:us-east-1:${ACCOUNT}:dataset-group/shop`;

const document = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });

/** Each of these grants turns on context keys that only the request knew. */
const policies = {
  everything: document({ Effect: 'Allow', Action: ['personalize:*', 'sts:*'], Resource: '*' }),
  tagged: document(
    {
      Effect: 'Allow',
      Action: ['personalize:CreateDatasetGroup', 'personalize:TagResource'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestTag/team': '${aws:PrincipalTag/team}' } },
    },
    {
      Effect: 'Allow',
      Action: 'personalize:DescribeDatasetGroup',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:ResourceTag/team': 'ml' },
        StringLike: { 'aws:UserAgent': '*aws-sdk*' },
      },
    },
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: DATA_ROLE,
      Condition: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
    },
    {
      Effect: 'Allow',
      Action: 'personalize:ListDatasetGroups',
      Resource: '*',
      Condition: {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        IpAddress: { 'aws:SourceIp': '127.0.0.1' },
      },
    },
  ),
  trust: document({
    Effect: 'Allow',
    Principal: { AWS: ACCOUNT },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': 'the-shop' } },
  }),
};

const principals = {
  users: {
    alice: {
      accessKeys: [{ id: 'AKIAEXAMPLEALICE0000', secret: 'the-secret-of-alice' }],
      managedPolicies: ['everything'],
    },
  },
  roles: {
    recommender: { path: '/apps/', trustPolicy: 'trust', managedPolicies: ['tagged'], tags: { team: 'ml' } },
    data: { trustPolicy: 'trust' },
  },
};

const onlyGroups = document({ Effect: 'Allow', Action: 'personalize:*DatasetGroup*', Resource: '*' });

describe('a recorded check', () => {
  const folder = new TemporaryFolder();
  const file = `${folder.path}/decisions.jsonl`;
  let proxy: RunningProxy;
  let records: readonly DecisionRecord[] = [];

  beforeAll(async () => {
    proxy = await startProxy({ principals, policies, decisionsFile: file });
    await traffic(proxy);
    const read = await readDecisions([file]);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    records = read.value.records;
  });
  afterAll(async () => {
    await proxy.close();
    folder[Symbol.dispose]();
  });

  const checks = (): readonly (readonly [DecisionRecord, CheckRecord])[] =>
    records.flatMap((record) =>
      [...record.checks, ...record.undocumented].map((check) => [record, check] as const),
    );

  it('is decided again as it was', () => {
    const ask = recordedQuestions(proxy.directory);
    const again = checks().map(([record, check]) => {
      const question = ask(record, check);
      if (!question.ok) throw new Error(question.error);
      const { decision, layer, determining } = decide(question.value.request, question.value.policies);
      return { decision, layer, determining };
    });

    expect(again).toEqual(
      checks().map(([, { decision, layer, determining }]) => ({ decision, layer, determining })),
    );
  });

  it('comes from calls that were allowed and denied, by users, roles and federated users', () => {
    expect(
      records.map(({ request, outcome, principal, session }) =>
        [principal?.type, session?.holder, request.operation, outcome].join(' '),
      ),
    ).toEqual([
      'User  AssumeRole denied',
      'User  AssumeRole answered',
      'User  GetFederationToken answered',
      'AssumedRole role/recommender CreateDatasetGroup denied',
      'AssumedRole role/recommender CreateDatasetGroup forwarded',
      'AssumedRole role/recommender DescribeDatasetGroup forwarded',
      'User  TagResource forwarded',
      'AssumedRole role/recommender DescribeDatasetGroup denied',
      'AssumedRole role/recommender CreateDatasetGroup forwarded',
      'AssumedRole role/recommender ListDatasetGroups denied',
      'User user/alice ListDatasetGroups forwarded',
      'User user/alice CreateSolution denied',
      'FederatedUser user/alice ListDatasetGroups forwarded',
      'FederatedUser user/alice CreateSolution denied',
      '  ListDatasetGroups rejected',
    ]);
  });

  it('holds no secret, signature or token, not even where AWS shows the request that it expected', () => {
    const text = JSON.stringify(records);
    expect(text).toContain('x-amz-security-token:***');
    expect(text).not.toContain('the-secret-of-alice');
    expect(text).not.toMatch(/Signature=|FwoG|eyJ/);
  });

  it('comes with the key that signed, or that a rejected request claims', () => {
    expect(records.map(({ request }) => request.accessKeyId?.slice(0, 4))).toEqual([
      ...['AKIA', 'AKIA', 'AKIA', 'ASIA', 'ASIA', 'ASIA', 'AKIA'],
      ...['ASIA', 'ASIA', 'ASIA', 'ASIA', 'ASIA', 'ASIA', 'ASIA', 'ASIA'],
    ]);
  });

  it('of a caller who is gone is no question', async () => {
    await using empty = await startProxy({ principals: { users: {} } });
    const ask = recordedQuestions(empty.directory);
    const answers = checks().map(([record, check]) => ask(record, check));

    expect(new Set(answers.map((answer) => (answer.ok ? 'asked' : answer.error)))).toEqual(
      new Set([
        `there is no arn:aws:iam::${ACCOUNT}:user/alice`,
        'there is no role/recommender',
        'there is no user/alice',
      ]),
    );
  });
});

/** Runs what policies of every kind decide; denials are part of it. */
async function traffic(proxy: RunningProxy): Promise<void> {
  const attempt = (sent: Promise<unknown>): Promise<unknown> => sent.catch(() => undefined);
  const alice = new PersonalizeClient(proxy.clientConfig('alice'));
  const sts = new STSClient(proxy.clientConfig('alice'));
  const assumed = { RoleArn: ROLE, RoleSessionName: 'test' };
  await attempt(sts.send(new AssumeRoleCommand(assumed)));
  await sts.send(new AssumeRoleCommand({ ...assumed, ExternalId: 'the-shop' }));
  const federated = await sts.send(
    new GetFederationTokenCommand({ Name: 'guest', Policy: JSON.stringify(onlyGroups) }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = federated.Credentials ?? {};
  const guest = new PersonalizeClient({
    ...proxy.clientConfig('alice'),
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  });
  const plain = new PersonalizeClient(proxy.clientConfig('role/recommender'));
  const careful = new PersonalizeClient(
    proxy.clientConfig('alice', { mfa: true, sessionPolicy: onlyGroups }),
  );
  const tags = (value: string) => [{ tagKey: 'team', tagValue: value }];

  await attempt(plain.send(new CreateDatasetGroupCommand({ name: 'other', tags: tags('web') })));
  await plain.send(new CreateDatasetGroupCommand({ name: 'shop', tags: tags('ml') }));
  await plain.send(new DescribeDatasetGroupCommand({ datasetGroupArn: GROUP }));
  await alice.send(new TagResourceCommand({ resourceArn: GROUP, tags: tags('web') }));
  await attempt(plain.send(new DescribeDatasetGroupCommand({ datasetGroupArn: GROUP })));
  await attempt(
    plain.send(new CreateDatasetGroupCommand({ name: 'sealed', tags: tags('ml'), roleArn: DATA_ROLE })),
  );
  await attempt(plain.send(new ListDatasetGroupsCommand({})));
  await careful.send(new ListDatasetGroupsCommand({}));
  await attempt(careful.send(new CreateSolutionCommand({ name: 's', datasetGroupArn: GROUP })));
  await guest.send(new ListDatasetGroupsCommand({}));
  await attempt(guest.send(new CreateSolutionCommand({ name: 's', datasetGroupArn: GROUP })));
  const forger = new PersonalizeClient({
    ...proxy.clientConfig('alice'),
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: 'guessed', sessionToken: SessionToken },
  });
  await attempt(forger.send(new ListDatasetGroupsCommand({})));
}
