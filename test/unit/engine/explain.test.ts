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
      expect([decision.decision, changes]).toEqual(['implicitDeny', []]);
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

  it('name the role of a session in the resource policy of another account', () => {
    const resource = campaign('shop', OTHER_ACCOUNT);
    const { changes } = explained(identity(ALLOW_ALL), { principal: SESSION, resource });
    expect(changes).toEqual([
      {
        kind: 'addStatement',
        layer: 'resourcePolicy',
        statement: { ...statement, Principal: { AWS: ROLE }, Resource: resource },
      },
    ]);
  });

  it('escape a resource name that looks like a policy variable', () => {
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
