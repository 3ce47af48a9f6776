import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/engine/explain.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import type { LinePolicies, Statement } from '../../differential/line.ts';
import {
  ACCOUNT,
  ALICE,
  ALLOW_ALL,
  campaign,
  compiled,
  DENY_ALL,
  document,
  identity,
  OTHER_ACCOUNT,
  type Question,
  ROLE,
  requestOf,
  SESSION,
} from './ask.ts';

const explained = (policies: LinePolicies, question: Question = {}): Trace =>
  explain(requestOf(question), compiled(policies));

const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/ci.example.com`;
const NOTHING = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' });

describe('the trace of a statement', () => {
  const mismatchOf = (policies: LinePolicies, question: Question = {}) =>
    explained(policies, question).layers[0]?.statements[0]?.mismatch;

  it('reports a match', () => {
    const { layers } = explained(identity({ ...ALLOW_ALL, Sid: 'Wide' }));
    expect(layers).toEqual([
      {
        layer: 'identity',
        statements: [{ policy: 'p', statement: 0, sid: 'Wide', effect: 'Allow', matched: true }],
      },
    ]);
  });

  it('reports the actions of a statement that does not match', () => {
    expect(mismatchOf(identity({ Effect: 'Allow', Action: ['s3:*', 'sqs:*'], Resource: '*' }))).toEqual({
      element: 'Action',
      wanted: ['s3:*', 'sqs:*'],
      found: 'personalize:DescribeCampaign',
    });
  });

  it('reports the resource that the statement excludes', () => {
    expect(mismatchOf(identity({ Effect: 'Allow', Action: '*', NotResource: campaign('*') }))).toEqual({
      element: 'NotResource',
      wanted: [campaign('*')],
      found: campaign('shop'),
    });
  });

  it('reports the principals of a statement that does not match', () => {
    const resourcePolicy = {
      document: document({ ...ALLOW_ALL, Principal: { AWS: ROLE } }),
      account: ACCOUNT,
    };
    expect(mismatchOf({ resourcePolicy })).toEqual({ element: 'Principal', wanted: [ROLE], found: ALICE });
  });

  it('reports the condition that failed, with the required and the actual values', () => {
    const Condition = {
      StringEquals: { 'aws:username': 'alice' },
      'ForAllValues:StringLikeIfExists': { 'aws:TagKeys': ['team', 'cost-*'] },
    };
    const context = { 'aws:username': 'alice', 'aws:TagKeys': ['team', 'owner'] };
    expect(mismatchOf(identity({ ...ALLOW_ALL, Condition }), { context })).toEqual({
      element: 'Condition',
      operator: 'ForAllValues:StringLikeIfExists',
      key: 'aws:TagKeys',
      wanted: ['team', 'cost-*'],
      found: ['team', 'owner'],
    });
  });
});

describe('the missing keys', () => {
  it('are those that conditions and variables use, as spelled in the policy', () => {
    const statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: [campaign('${aws:PrincipalTag/Team}'), '*'],
      Condition: { StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1', 'aws:username': 'alice' } },
    } as const;
    const { missingKeys } = explained(identity(statement), { context: { 'aws:username': 'alice' } });
    expect(missingKeys).toEqual(['aws:PrincipalTag/Team', 'aws:SourceVpc']);
  });
});

describe('the suggested fixes', () => {
  const statement = { Effect: 'Allow', Action: 'personalize:DescribeCampaign', Resource: campaign('shop') };

  it('are empty if the request is allowed', () => {
    expect(explained(identity(ALLOW_ALL)).changes).toEqual([]);
  });

  it.each(['anonymous', 'personalize.amazonaws.com', PROVIDER])(
    'are none where no policy allows: GetCallerIdentity without credentials, as %s',
    (principal) => {
      const { decision, changes } = explained(identity(DENY_ALL), {
        principal,
        action: 'sts:GetCallerIdentity',
        resource: '*',
      });
      expect(decision.decision).toBe('implicitDeny');
      expect(changes).toEqual([
        {
          kind: 'impossible',
          layer: 'resourcePolicy',
          because: expect.stringContaining('needs the credentials'),
        },
      ]);
    },
  );

  it('are a statement if nothing allows', () => {
    expect(explained({}).changes).toEqual([{ kind: 'addStatement', layer: 'identity', statement }]);
  });

  it('are the denies to remove', () => {
    expect(explained(identity(ALLOW_ALL, { ...DENY_ALL, Sid: 'No' })).changes).toEqual([
      { kind: 'removeDeny', layer: 'identity', statements: [{ policy: 'p', statement: 1, sid: 'No' }] },
    ]);
  });

  it('report the layer and level that must allow if identity-based policies alone cannot', () => {
    const policies = { ...identity(ALLOW_ALL), serviceControl: [[document(ALLOW_ALL)], [NOTHING]] };
    expect(explained(policies).changes).toEqual([
      {
        kind: 'cannotAllow',
        layer: 'serviceControl',
        level: 1,
        because: 'every level of service control policies must allow the request',
        statement,
      },
    ]);
  });

  it('are several if several layers deny', () => {
    const policies = { ...identity(DENY_ALL), permissionsBoundary: NOTHING, session: [NOTHING] };
    expect(explained(policies).changes.map(({ kind, layer }) => `${kind} ${layer}`)).toEqual([
      'removeDeny identity',
      'addStatement identity',
      'cannotAllow permissionsBoundary',
      'cannotAllow session',
    ]);
  });

  it('name the role of a session in the policy of a resource of another account', () => {
    const resource = `arn:aws:sqs:us-east-1:${OTHER_ACCOUNT}:jobs`;
    const { changes } = explained(identity(ALLOW_ALL), { principal: SESSION, resource });
    expect(changes).toEqual([
      {
        kind: 'addStatement',
        layer: 'resourcePolicy',
        statement: { ...statement, Principal: { AWS: ROLE }, Resource: resource },
      },
    ]);
  });

  it.each([
    ['personalize:DescribeCampaign', campaign('shop', OTHER_ACCOUNT), 'has no resource-based policies'],
    [
      'iam:PassRole',
      `arn:aws:iam::${OTHER_ACCOUNT}:role/job`,
      'a role can be passed only in its own account',
    ],
  ])('are none for %s in another account, which no policy can allow', (action, resource, because) => {
    for (const policies of [identity(ALLOW_ALL), {}]) {
      const { changes } = explained(policies, { action, resource });
      expect(changes).toEqual([
        { kind: 'impossible', layer: 'resourcePolicy', because: expect.stringContaining(because) },
      ]);
    }
  });

  it.each([
    [
      'an ExternalId',
      { StringEquals: { 'sts:ExternalId': 'shop' } },
      [{ key: 'sts:ExternalId', value: 'shop' }],
    ],
    [
      'a request tag',
      { StringLike: { 'aws:RequestTag/team': 'ml*' } },
      [{ key: 'aws:RequestTag/team', value: 'ml' }],
    ],
    [
      'a tag of any value',
      { Null: { 'aws:RequestTag/team': 'false' } },
      [{ key: 'aws:RequestTag/team', value: 'VALUE' }],
    ],
    [
      'MFA',
      { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } },
      [{ key: 'aws:MultiFactorAuthPresent', value: 'true' }],
    ],
    [
      'tag keys',
      { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } },
      [{ key: 'aws:TagKeys', value: ['team'] }],
    ],
  ])('are to send %s where nothing else is missing, and no unconditional Allow', (_, Condition, entries) => {
    const { changes } = explained(identity({ ...ALLOW_ALL, Condition } as Statement));
    expect(changes).toEqual([
      { kind: 'sendContext', layer: 'identity', entries, statements: [{ policy: 'p', statement: 0 }] },
    ]);
  });

  it('are to send MFA where its age is tested first, which is then present', () => {
    const Condition = {
      NumericLessThan: { 'aws:MultiFactorAuthAge': '60' },
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    };
    expect(explained(identity({ ...ALLOW_ALL, Condition } as Statement)).changes).toMatchObject([
      { kind: 'sendContext', entries: [{ key: 'aws:MultiFactorAuthAge' }] },
    ]);
  });

  it.each([
    [8, 'sendContext'],
    [9, 'addStatement'],
  ])('for %s missing keys are %s', (count, kind) => {
    const tags = Array.from({ length: count }, (_, index) => [`aws:RequestTag/t${index}`, 'x']);
    const Condition = { StringEquals: Object.fromEntries(tags) };
    expect(explained(identity({ ...ALLOW_ALL, Condition } as Statement)).changes).toMatchObject([{ kind }]);
  });

  it('are to send what a Deny demands', () => {
    const without = { ...DENY_ALL, Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } };
    for (const context of [{}, { 'aws:MultiFactorAuthPresent': 'false' }])
      expect(explained(identity(ALLOW_ALL, without as Statement), { context }).changes).toMatchObject([
        { kind: 'sendContext', entries: [{ key: 'aws:MultiFactorAuthPresent', value: 'true' }] },
      ]);
  });

  it('are policies where what was sent does not match, or AWS alone knows the key', () => {
    const tag = { ...ALLOW_ALL, Condition: { StringEquals: { 'aws:RequestTag/team': 'ml' } } };
    const context = { 'aws:RequestTag/team': 'web' };
    expect(explained(identity(tag as Statement), { context }).changes).toMatchObject([
      { kind: 'addStatement' },
    ]);
    const vpc = { ...ALLOW_ALL, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } };
    expect(explained(identity(vpc as Statement)).changes).toMatchObject([{ kind: 'addStatement' }]);
  });

  it('are a statement that means one object where its key has wildcards', () => {
    const question = { action: 's3:GetObject', resource: 'arn:aws:s3:::shop/a*b?c' };
    const [change] = explained({}, question).changes;
    expect(change).toMatchObject({ statement: { Resource: 'arn:aws:s3:::shop/a${*}b${?}c' } });
    const suggested = (change as { readonly statement: Statement }).statement;
    expect(explained(identity(suggested), question).changes).toEqual([]);
    const other = { ...question, resource: 'arn:aws:s3:::shop/a-b-c' };
    expect(explained(identity(suggested), other).changes).not.toEqual([]);
  });

  it('are a statement that names a resource whose name looks like a policy variable, and allows it', () => {
    const resource = campaign('${aws:username}');
    const [change] = explained({}, { resource }).changes;
    const escaped: Statement = {
      Effect: 'Allow',
      Action: statement.Action,
      Resource: campaign('${$}{aws:username}'),
    };
    expect(change).toEqual({ kind: 'addStatement', layer: 'identity', statement: escaped });
    expect(explained(identity(escaped), { resource }).changes).toEqual([]);
    expect(explained(identity(escaped), { resource: campaign('alice') }).changes).not.toEqual([]);
  });

  it.each([
    ['a web identity', PROVIDER, { Federated: PROVIDER }],
    ['a service', 'ecs.amazonaws.com', { Service: 'ecs.amazonaws.com' }],
    ['a session', SESSION, { AWS: ROLE }],
  ])('name %s in a trust policy by its kind of principal', (_, principal, Principal) => {
    const trust = document({ Effect: 'Allow', Principal: { AWS: ALICE }, Action: 'sts:AssumeRole' });
    const policies = compiled({ resourcePolicy: { document: trust, account: ACCOUNT } }, { trust: true });
    const action = principal === PROVIDER ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole';
    const question = requestOf({ principal, action, resource: ROLE });
    expect(explain(question, policies).changes).toMatchObject([
      { kind: 'addStatement', layer: 'resourcePolicy', statement: { Principal } },
    ]);
  });

  it('omit the resource in a trust policy', () => {
    const question = { action: 'sts:AssumeRole', resource: ROLE };
    const trust = document({
      Effect: 'Allow',
      Principal: { Service: 'ecs.amazonaws.com' },
      Action: 'sts:AssumeRole',
    });
    const policies = compiled({ resourcePolicy: { document: trust, account: ACCOUNT } }, { trust: true });
    expect(explain(requestOf(question), policies).changes).toEqual([
      {
        kind: 'addStatement',
        layer: 'resourcePolicy',
        statement: { Effect: 'Allow', Principal: { AWS: ALICE }, Action: 'sts:AssumeRole' },
      },
    ]);
  });
});

describe('an error in explain', () => {
  it('is a denial with its cause, without a trace', () => {
    const policies = compiled(identity({ ...ALLOW_ALL, Condition: { StringEquals: { k: 'v' } } }));
    const context = {
      get: () => {
        throw new Error('broken');
      },
    };
    const trace = explain({ ...requestOf(), context }, policies);
    expect(trace).toMatchObject({
      decision: { decision: 'implicitDeny', cause: 'broken' },
      layers: [],
      changes: [],
    });
  });
});
