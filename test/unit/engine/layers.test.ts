import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/engine/compile.ts';
import { decide } from '../../../src/engine/decide.ts';
import type { Statement } from '../../differential/line.ts';
import {
  ACCOUNT,
  ALICE,
  ALLOW_ALL,
  ask,
  campaign,
  compiled,
  DENY_ALL,
  document,
  FEDERATED,
  identity,
  OTHER_ACCOUNT,
  ROLE,
  ROOT,
  requestOf,
  SESSION,
  verdict,
} from './ask.ts';

const ALLOW = document(ALLOW_ALL);
const DENY = document(DENY_ALL);
const NOTHING = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
const DENY_EVERYONE = document({
  ...DENY_ALL,
  Principal: '*',
  Action: ['personalize:*', 's3:*', 'kms:*', 'sqs:*', 'sts:*'],
});

/** A resource policy that allows everything to these principals. */
const granting = (AWS: string | readonly string[], account: string = ACCOUNT) => ({
  resourcePolicy: { document: document({ ...ALLOW_ALL, Principal: { AWS } }), account },
});

describe('identity-based policies', () => {
  it('implicitly deny what no policy allows', () => {
    expect(verdict({})).toBe('implicitDeny by identity');
  });

  it('allow what one of them allows, and list every statement that does', () => {
    const policies = identity(
      { ...ALLOW_ALL, Sid: 'Wide' },
      { Effect: 'Allow', Action: 'personalize:*', Resource: '*' },
    );
    expect(ask(policies)).toEqual({
      decision: 'allowed',
      layer: 'identity',
      determining: [
        { policy: 'p', statement: 0, sid: 'Wide' },
        { policy: 'p', statement: 1 },
      ],
    });
  });

  it('deny what any of them denies, and list the statements that deny', () => {
    expect(ask(identity(ALLOW_ALL, DENY_ALL))).toEqual({
      decision: 'explicitDeny',
      layer: 'identity',
      determining: [{ policy: 'p', statement: 1 }],
    });
  });
});

describe('a permissions boundary', () => {
  it('limits and never grants', () => {
    expect(verdict({ ...identity(ALLOW_ALL), permissionsBoundary: NOTHING })).toBe(
      'implicitDeny by permissionsBoundary',
    );
    expect(verdict({ permissionsBoundary: ALLOW })).toBe('implicitDeny by identity');
    expect(verdict({ ...identity(ALLOW_ALL), permissionsBoundary: ALLOW })).toBe('allowed by identity');
    expect(verdict({ ...identity(ALLOW_ALL), permissionsBoundary: DENY })).toBe(
      'explicitDeny by permissionsBoundary',
    );
  });
});

describe('session policies', () => {
  it('limit a role session if any were passed', () => {
    const question = { principal: SESSION };
    expect(verdict(identity(ALLOW_ALL), question)).toBe('allowed by identity');
    expect(verdict({ ...identity(ALLOW_ALL), session: [NOTHING] }, question)).toBe('implicitDeny by session');
    expect(verdict({ ...identity(ALLOW_ALL), session: [NOTHING, ALLOW] }, question)).toBe(
      'allowed by identity',
    );
    expect(verdict({ session: [ALLOW] }, question)).toBe('implicitDeny by identity');
  });

  it('are the only permissions of a federated user', () => {
    expect(verdict(identity(ALLOW_ALL), { principal: FEDERATED })).toBe('implicitDeny by session');
    expect(verdict({ ...identity(ALLOW_ALL), session: [ALLOW] }, { principal: FEDERATED })).toBe(
      'allowed by identity',
    );
  });
});

describe('service control policies', () => {
  it('must allow at every level', () => {
    const policies = (...serviceControl: (readonly (typeof ALLOW)[])[]) => ({
      ...identity(ALLOW_ALL),
      serviceControl,
    });
    expect(verdict(policies([ALLOW], [NOTHING, ALLOW]))).toBe('allowed by identity');
    expect(verdict(policies([ALLOW], [NOTHING]))).toBe('implicitDeny by serviceControl');
    expect(verdict(policies([ALLOW], []))).toBe('implicitDeny by serviceControl');
    expect(verdict(policies([ALLOW, DENY], [ALLOW]))).toBe('explicitDeny by serviceControl');
  });
});

describe('resource control policies', () => {
  it('only deny: RCPFullAWSAccess is implied', () => {
    expect(verdict({ ...identity(ALLOW_ALL), resourceControl: [[], []] })).toBe('allowed by identity');
    expect(verdict({ ...identity(ALLOW_ALL), resourceControl: [[], [DENY_EVERYONE]] })).toBe(
      'explicitDeny by resourceControl',
    );
  });
});

describe('the order of layers', () => {
  it('names the outermost layer that denies and lists the denies of all layers', () => {
    const policies = {
      ...identity(DENY_ALL),
      serviceControl: [[DENY]],
      resourceControl: [[DENY_EVERYONE]],
    };
    expect(ask(policies)).toEqual({
      decision: 'explicitDeny',
      layer: 'resourceControl',
      determining: [
        { policy: 'resourceControl[0][0]', statement: 0 },
        { policy: 'serviceControl[0][0]', statement: 0 },
        { policy: 'p', statement: 0 },
      ],
    });
  });

  it('names the outermost layer that does not allow', () => {
    const none = { serviceControl: [[NOTHING]], permissionsBoundary: NOTHING, session: [NOTHING] };
    expect(verdict(none)).toBe('implicitDeny by serviceControl');
    expect(verdict({ ...none, serviceControl: [[ALLOW]] })).toBe('implicitDeny by identity');
    expect(verdict({ ...none, ...identity(ALLOW_ALL), serviceControl: [[ALLOW]] })).toBe(
      'implicitDeny by permissionsBoundary',
    );
  });
});

describe('a resource-based policy of the same account', () => {
  const limits = { permissionsBoundary: NOTHING, session: [NOTHING] };

  it.each([
    ['a user', ALICE],
    ['a role session', SESSION],
    ['a federated user', FEDERATED],
  ])('that names %s is sufficient without an identity policy, boundary or session policy', (_, principal) => {
    expect(verdict({ ...granting(principal), ...limits }, { principal })).toBe('allowed by resourcePolicy');
  });

  it('that names everyone is sufficient too', () => {
    expect(verdict({ ...granting('*'), ...limits })).toBe('allowed by resourcePolicy');
  });

  it('that names a role is sufficient without an identity policy, but boundary and session policies limit it', () => {
    const question = { principal: SESSION };
    expect(verdict(granting(ROLE), question)).toBe('allowed by resourcePolicy');
    expect(verdict({ ...granting(ROLE), permissionsBoundary: NOTHING }, question)).toBe(
      'implicitDeny by permissionsBoundary',
    );
    expect(verdict({ ...granting(ROLE), session: [NOTHING] }, question)).toBe('implicitDeny by session');
  });

  it.each([ROOT, ACCOUNT])('that names the account (%s) delegates to the identity policies', (account) => {
    expect(verdict(granting(account))).toBe('implicitDeny by identity');
    expect(verdict({ ...granting(account), ...identity(ALLOW_ALL) })).toBe('allowed by identity');
  });

  it('does not override a service control policy or a deny', () => {
    expect(verdict({ ...granting(ALICE), serviceControl: [[NOTHING]] })).toBe(
      'implicitDeny by serviceControl',
    );
    expect(verdict({ ...granting(ALICE), ...identity(DENY_ALL) })).toBe('explicitDeny by identity');
  });

  it('that does not name the caller has no effect', () => {
    expect(verdict({ ...granting(`${ALICE}x`), ...identity(ALLOW_ALL) })).toBe('allowed by identity');
    expect(verdict(granting(ROLE))).toBe('implicitDeny by identity');
  });
});

describe('a resource of another account', () => {
  const resource = campaign('shop', OTHER_ACCOUNT);

  it('is allowed if both accounts allow', () => {
    const policies = { ...identity(ALLOW_ALL), ...granting(ALICE, OTHER_ACCOUNT) };
    expect(ask(policies, { resource })).toEqual({
      decision: 'allowed',
      layer: 'identity',
      determining: [
        { policy: 'resourcePolicy', statement: 0 },
        { policy: 'p', statement: 0 },
      ],
    });
  });

  it('is denied if one of them does not allow', () => {
    expect(verdict(granting(ALICE, OTHER_ACCOUNT), { resource })).toBe('implicitDeny by identity');
    expect(verdict({ ...identity(ALLOW_ALL), ...granting(ROLE, OTHER_ACCOUNT) }, { resource })).toBe(
      'implicitDeny by resourcePolicy',
    );
  });

  it('is denied if it has no resource-based policy at all', () => {
    expect(verdict(identity(ALLOW_ALL), { resource })).toBe('implicitDeny by resourcePolicy');
  });

  it('does not include resources that AWS owns', () => {
    expect(verdict(identity(ALLOW_ALL), { resource: 'arn:aws:personalize:::recipe/aws-sims' })).toBe(
      'allowed by identity',
    );
  });
});

describe('a role trust policy', () => {
  const question = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/target` };
  const trusting = (Principal: NonNullable<Statement['Principal']>) => ({
    resourcePolicy: {
      document: document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }),
      account: ACCOUNT,
    },
  });
  const assume = (policies: Parameters<typeof compiled>[0], principal = ALICE): string => {
    const { decision, layer } = decide(
      requestOf({ ...question, principal }),
      compiled(policies, { trust: true }),
    );
    return `${decision} by ${layer}`;
  };

  it('must allow, whatever the identity policies allow', () => {
    expect(assume({ ...identity(ALLOW_ALL), ...trusting({ Service: 'ecs.amazonaws.com' }) })).toBe(
      'implicitDeny by resourcePolicy',
    );
  });

  it('that names a user or role of its account is sufficient', () => {
    expect(assume(trusting({ AWS: ALICE }))).toBe('allowed by resourcePolicy');
    expect(assume(trusting({ AWS: ROLE }), SESSION)).toBe('allowed by resourcePolicy');
  });

  it('that names the account delegates to the identity policies', () => {
    expect(assume(trusting({ AWS: ROOT }))).toBe('implicitDeny by identity');
    expect(assume({ ...trusting({ AWS: ROOT }), ...identity(ALLOW_ALL) })).toBe('allowed by identity');
  });

  it('that names a user of another account also requires the identity policies of that account', () => {
    const stranger = `arn:aws:iam::${OTHER_ACCOUNT}:user/bob`;
    expect(assume(trusting({ AWS: stranger }), stranger)).toBe('implicitDeny by identity');
    expect(assume({ ...trusting({ AWS: stranger }), ...identity(ALLOW_ALL) }, stranger)).toBe(
      'allowed by identity',
    );
  });

  it('allows a service and a web identity by name', () => {
    const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/ci.example.com`;
    expect(assume(trusting({ Service: 'ecs.amazonaws.com' }), 'ecs.amazonaws.com')).toBe(
      'allowed by resourcePolicy',
    );
    expect(assume(trusting({ Federated: provider }), provider)).toBe('allowed by resourcePolicy');
    expect(assume(trusting({ Federated: `${provider}s` }), provider)).toBe('implicitDeny by resourcePolicy');
  });
});

describe('the root user', () => {
  const question = { principal: ROOT };

  it('requires no policy', () => {
    expect(ask({}, question)).toEqual({ decision: 'allowed', layer: 'identity', determining: [] });
  });

  it('is restricted by service control policies and denies', () => {
    expect(verdict({ serviceControl: [[NOTHING]] }, question)).toBe('implicitDeny by serviceControl');
    expect(verdict({ resourceControl: [[DENY_EVERYONE]] }, question)).toBe('explicitDeny by resourceControl');
  });
});

describe('NotPrincipal', () => {
  const sparing = (...AWS: readonly string[]) => ({
    ...identity(ALLOW_ALL),
    resourcePolicy: { document: document({ ...DENY_ALL, NotPrincipal: { AWS } }), account: ACCOUNT },
  });

  it('exempts a user who is listed with the account, and no other user of the account', () => {
    expect(verdict(sparing(ALICE, ROOT))).toBe('allowed by identity');
    expect(verdict(sparing(`arn:aws:iam::${ACCOUNT}:user/bob`, ROOT))).toBe('explicitDeny by resourcePolicy');
  });

  it('exempts a session that is listed with its role and account', () => {
    const question = { principal: SESSION };
    expect(verdict(sparing(SESSION, ROLE, ROOT), question)).toBe('allowed by identity');
    expect(verdict(sparing(ROLE, ROOT), question)).toBe('explicitDeny by resourcePolicy');
  });

  it('exempts every AWS principal with *', () => {
    expect(verdict(sparing('*'))).toBe('allowed by identity');
  });

  it('exempts no principal that has a permissions boundary', () => {
    expect(verdict({ ...sparing(ALICE, ROOT), permissionsBoundary: ALLOW })).toBe(
      'explicitDeny by resourcePolicy',
    );
  });
});

describe('operations that only return the caller identity', () => {
  it.each(['sts:GetCallerIdentity', 'sts:GetSessionToken'])('%s is allowed despite every deny', (action) => {
    expect(verdict(identity(DENY_ALL), { action, resource: '*' })).toBe('allowed by identity');
  });
});

describe('an error in decide', () => {
  it('is a denial with its cause', () => {
    const Condition = { StringEquals: { k: 'v' } };
    const policies = compiled(identity({ ...ALLOW_ALL, Condition }));
    const context = {
      get: () => {
        throw new Error('the tags could not be read');
      },
    };
    expect(decide({ ...requestOf(), context }, policies)).toEqual({
      decision: 'implicitDeny',
      layer: 'identity',
      determining: [],
      cause: 'the tags could not be read',
    });
  });
});

describe('compiling', () => {
  it('compiles a policy that several principals share once', () => {
    const [layer] = compiled(identity(ALLOW_ALL)).layers;
    const policy = {
      version: '2012-10-17',
      statements: layer?.statements.map(({ statement }) => statement.source) ?? [],
      size: 1,
    } as const;
    const [one] = compile({ identity: [{ name: 'a', policy }] }).layers;
    const [other] = compile({ identity: [{ name: 'b', policy }] }).layers;
    expect(one?.statements[0]?.statement).toBe(other?.statements[0]?.statement);
    expect(other?.statements[0]?.ref.policy).toBe('b');
  });
});
