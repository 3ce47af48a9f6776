import { ListTagsForResourceCommand } from '@aws-sdk/client-personalize';
import {
  AssumeRoleWithWebIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateLine } from '../../../src/commands/evaluate/evaluate.ts';
import { oneTimeCode } from '../../../src/sessions/one-time-code.ts';
import { Issuer } from './issuer.ts';
import {
  ACCOUNT,
  allow,
  type Credentials,
  credentialsIn,
  policy,
  refusalOf,
  roleArn,
  START,
  userArn,
  World,
} from './world.ts';

/*
 * The identity keys of each kind of principal, with their values. For every key there is a campaign that is allowed
 * only if the key is as in the row; `null` means that the key is absent.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */

const SECRET = 'JBSWY3DPEHPK3PXP';
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/ci.example.com`;
const ISSUED = '2026-11-24T12:00:00Z';

type Value = string | null;
/** The IDs of users and roles are known only once a proxy runs. */
type Keys = Readonly<
  Record<string, Value | ((ids: { readonly user: string; readonly role: string }) => string)>
>;

const LONG_TERM: Keys = {
  'aws:PrincipalArn': userArn('shop/alice'),
  'aws:PrincipalAccount': ACCOUNT,
  'aws:PrincipalOrgID': 'o-exampleorgid',
  'aws:PrincipalType': 'User',
  'aws:PrincipalIsAWSService': 'false',
  'aws:userid': ({ user }) => user,
  'aws:username': 'alice',
  'aws:PrincipalTag/team': 'ml',
  'aws:PrincipalTag/TEAM': 'ml',
  'aws:PrincipalTag/role': null,
  'aws:MultiFactorAuthPresent': null,
  'aws:MultiFactorAuthAge': null,
  'aws:TokenIssueTime': null,
  'aws:SourceIdentity': null,
  'aws:FederatedProvider': null,
  'ci.example.com:sub': null,
};

const WITHOUT_FACTOR: Keys = {
  ...LONG_TERM,
  'aws:MultiFactorAuthPresent': 'false',
  'aws:TokenIssueTime': ISSUED,
};

const ASSUMED: Keys = {
  ...WITHOUT_FACTOR,
  'aws:PrincipalArn': roleArn('shop/reader'),
  'aws:PrincipalType': 'AssumedRole',
  'aws:userid': ({ role }) => `${role}:build`,
  'aws:username': null,
  'aws:PrincipalTag/team': 'shop',
  'aws:PrincipalTag/TEAM': 'shop',
  'aws:PrincipalTag/role': 'yes',
};

const KINDS: Readonly<Record<string, Keys>> = {
  'a user with an access key': LONG_TERM,
  'a session of a user': WITHOUT_FACTOR,
  'a session of a user with a second factor': {
    ...WITHOUT_FACTOR,
    'aws:MultiFactorAuthPresent': 'true',
    'aws:MultiFactorAuthAge': '90',
  },
  'a session of a role': ASSUMED,
  'a session of a role with everything': {
    ...ASSUMED,
    'aws:PrincipalTag/team': 'passed',
    'aws:PrincipalTag/TEAM': 'passed',
    'aws:MultiFactorAuthPresent': 'true',
    'aws:MultiFactorAuthAge': '90',
    'aws:SourceIdentity': 'alice@example.com',
  },
  'a session of a role that such a session assumed': {
    ...ASSUMED,
    'aws:TokenIssueTime': '2026-11-24T12:01:30Z',
    'aws:SourceIdentity': 'alice@example.com',
  },
  'a web identity': {
    ...ASSUMED,
    'aws:MultiFactorAuthPresent': null,
    'aws:FederatedProvider': PROVIDER,
    'ci.example.com:sub': 'repo:shop/app:ref:refs/heads/main',
  },
  'a federated user': {
    ...LONG_TERM,
    'aws:PrincipalArn': `arn:aws:sts::${ACCOUNT}:federated-user/front`,
    'aws:PrincipalType': 'FederatedUser',
    'aws:userid': `${ACCOUNT}:front`,
    'aws:username': null,
    'aws:TokenIssueTime': ISSUED,
  },
};

const rows = Object.entries(KINDS).flatMap(([kind, keys]) =>
  Object.entries(keys).map(([key, value], index) => ({
    kind,
    key,
    value,
    campaign: `${kind.replaceAll(' ', '-')}-${index}`,
  })),
);
const campaignArn = (name: string): string => `arn:aws:personalize:us-east-1:${ACCOUNT}:campaign/${name}`;

let world: World;
const callers = new Map<string, Credentials>();
/** One statement per row: it allows the campaign if the key is as in the row. */
function rowsAsPolicies(ids: { readonly user: string; readonly role: string }) {
  const statements = rows.map(({ key, value, campaign }) => {
    const wanted = typeof value === 'function' ? value(ids) : value;
    return {
      Effect: 'Allow',
      Action: 'personalize:ListTagsForResource',
      Resource: campaignArn(campaign),
      Condition: wanted === null ? { Null: { [key]: 'true' } } : { StringEquals: { [key]: wanted } },
    };
  });
  const size = Math.ceil(statements.length / 10);
  return Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [
      `rows-${i}`,
      policy(...statements.slice(i * size, (i + 1) * size)),
    ]),
  );
}

const principals = {
  users: {
    alice: {
      path: '/shop/',
      accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }],
      managedPolicies: Array.from({ length: 10 }, (_, i) => `rows-${i}`),
      inlinePolicies: ['sts'],
      tags: { team: 'ml' },
      mfa: { secret: SECRET },
    },
  },
  roles: {
    reader: {
      path: '/shop/',
      trustPolicy: 'trust',
      managedPolicies: Array.from({ length: 10 }, (_, i) => `rows-${i}`),
      inlinePolicies: ['sts'],
      tags: { team: 'shop', role: 'yes' },
    },
  },
  organization: { id: 'o-exampleorgid' },
};
const policies = {
  sts: allow(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:GetFederationToken']),
  trust: policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT, Federated: PROVIDER }, Action: 'sts:*' }),
};

beforeAll(async () => {
  const issuer = await Issuer.make('https://ci.example.com');
  const { keys } = await issuer.keySet();
  const provider = {
    url: issuer.url,
    clientIds: ['sts.amazonaws.com'],
    jwks: { keys: keys.map((key) => ({ ...key })) },
  };
  const unnamed = rowsAsPolicies({ user: '-', role: '-' });
  const input = { principals: { ...principals, oidcProviders: [provider] } };
  // The IDs are the same at every start: the first proxy provides them for the policies of the second.
  await using first = await World.open({ ...input, policies: { ...policies, ...unnamed } });
  const { users, roles } = first.proxy.directory;
  const ids = { user: users.get('alice')?.id ?? '', role: roles.get('reader')?.id ?? '' };
  world = await World.open({ ...input, policies: { ...policies, ...rowsAsPolicies(ids) } });

  const factor = { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/alice`, TokenCode: oneTimeCode(SECRET, START) };
  const later = { ...factor, TokenCode: oneTimeCode(SECRET, START + 30_000) };
  const role = { RoleArn: roleArn('shop/reader'), RoleSessionName: 'build' };
  const everything = {
    ...role,
    ...later,
    SourceIdentity: 'alice@example.com',
    Tags: [{ Key: 'Team', Value: 'passed' }],
  };
  const asFront = new GetFederationTokenCommand({ Name: 'front', Policy: JSON.stringify(allow('*')) });
  const token = await issuer.token(START);
  const made = {
    'a session of a user': world.sts('alice').send(new GetSessionTokenCommand({})),
    'a session of a user with a second factor': world.sts('alice').send(new GetSessionTokenCommand(factor)),
    'a session of a role': world.assumeRole('alice', '', role),
    'a session of a role with everything': world.assumeRole('alice', '', everything),
    'a federated user': world.sts('alice').send(asFront),
    'a web identity': world
      .sts('alice')
      .send(new AssumeRoleWithWebIdentityCommand({ ...role, WebIdentityToken: token })),
  };
  callers.set('a user with an access key', world.keyOf('alice'));
  for (const [kind, output] of Object.entries(made)) callers.set(kind, credentialsIn(await output));
  world.wait(90_000);
  const full = callers.get('a session of a role with everything');
  if (!full) throw new Error('no such session');
  callers.set('a session of a role that such a session assumed', await world.session(full, '', role));
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each(Object.keys(KINDS))('%s', (kind) => {
  it.each(rows.filter((row) => row.kind === kind))(
    'has the expected value of $key',
    async ({ key, campaign }) => {
      const caller = callers.get(kind);
      if (!caller) throw new Error(`nobody is ${kind}`);
      const call = world
        .personalize(caller)
        .send(new ListTagsForResourceCommand({ resourceArn: campaignArn(campaign) }));
      const { code } = await refusalOf(call);
      // An allowed call reaches the stub, which responds that there is no such campaign.
      expect({ key, code }).toEqual({ key, code: 'ResourceNotFoundException' });
    },
  );
});

describe('the root user', () => {
  const root = { arn: `arn:aws:iam::${ACCOUNT}:root` };
  const ask = (policies: object) =>
    JSON.parse(
      evaluateLine(
        JSON.stringify({ principal: root, action: 'personalize:ListSchemas', resource: '*', policies }),
      ),
    );

  // `principals.yaml` has no root user: there are no calls of one over HTTP, so `evaluate` is used.
  it('may do everything that the organization does not deny', () => {
    expect(ask({})).toMatchObject({ decision: 'allowed' });
    expect(ask({ serviceControl: [[allow('personalize:List*')]] })).toMatchObject({ decision: 'allowed' });
    expect(ask({ serviceControl: [[allow('s3:*')]] })).toMatchObject({
      decision: 'implicitDeny',
      layer: 'serviceControl',
    });
    expect(
      ask({
        resourceControl: [
          [policy({ Effect: 'Deny', Principal: '*', Action: 'personalize:*', Resource: '*' })],
        ],
      }),
    ).toMatchObject({
      decision: 'explicitDeny',
      layer: 'resourceControl',
      message: `User: ${root.arn} is not authorized to perform: personalize:ListSchemas on resource: * with an explicit deny in a resource control policy`,
    });
  });
});
