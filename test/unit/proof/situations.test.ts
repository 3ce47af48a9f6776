import { describe, expect, it } from 'vitest';
import type { PolicySet } from '../../../src/engine/policy-set.ts';
import { accountId, arnOf } from '../../../src/lib/identifiers.ts';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { keyFacts } from '../../../src/proof/key-facts.ts';
import { principalSituations } from '../../../src/proof/principal-situations.ts';
import { type Answer, prove } from '../../../src/proof/prove.ts';
import type { LinePolicies } from '../../differential/line.ts';
import { policySetOf } from '../../property/engine-subject.ts';

const ACCOUNT = accountId('111111111111');
const ALICE = {
  type: 'User',
  arn: arnOf(`arn:aws:iam::${ACCOUNT}:user/alice`),
  accountId: ACCOUNT,
  userName: 'alice',
} as const;
const LINKED = {
  type: 'AssumedRole',
  arn: arnOf(`arn:aws:sts::${ACCOUNT}:assumed-role/linked/s`),
  accountId: ACCOUNT,
  roleArn: arnOf(`arn:aws:iam::${ACCOUNT}:role/aws-service-role/personalize.amazonaws.com/linked`),
  sessionName: 's',
} as const;
const facts = keyFacts(iamActions().conditionKeyTypes);

const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement }) as never;
const FULL = document({ Effect: 'Allow', Action: '*', Resource: '*' });
const only = (Action: string) => document({ Effect: 'Allow', Action, Resource: '*' });
const all = [{ name: 'all', document: FULL }];

function compare(
  next: LinePolicies,
  existing: LinePolicies,
  { principal = ALICE as typeof ALICE | typeof LINKED, steps = 500_000 } = {},
): Answer {
  const [after, before] = [next, existing].map(policySetOf) as [PolicySet, PolicySet];
  const pair = {
    principal,
    universe: 'formats',
    facts,
    owned: [],
    next: () => after,
    existing: () => before,
  } as const;
  return prove(principalSituations(pair), { reference: iamActions(), steps });
}

const actionOf = (answer: Answer): string | undefined =>
  answer.kind === 'fail' ? answer.witness.request.action : undefined;

describe('proofs about whole principals', () => {
  it.each([
    ['a permissions boundary', { permissionsBoundary: only('personalize:*') }],
    ['session policies', { session: [only('personalize:*')] }],
    ['a level of service control policies', { serviceControl: [[FULL], [only('personalize:*')]] }],
  ])('find that everything is new without %s', (_, limit) => {
    expect(compare({ identity: all, ...limit }, { identity: all }).kind).toBe('pass');
    expect(compare({ identity: all }, { identity: all, ...limit }).kind).toBe('fail');
  });

  it('count only the actions that resource control policies reach', () => {
    const control = (Action: string) => ({
      resourceControl: [
        [
          document({
            Effect: 'Deny',
            Principal: '*',
            Action,
            Resource: '*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      ],
    });
    const gone = compare({ identity: all }, { identity: all, ...control('personalize:*') });
    expect(actionOf(gone)).toMatch(/^personalize:/);
  });

  it('hold that service-linked roles are bound by no policy of the organization', () => {
    const bound = { identity: all, serviceControl: [[only('personalize:*')]] };
    expect(compare({ identity: all }, bound, { principal: LINKED }).kind).toBe('pass');
  });

  it('ask for actions that AWS could add, and say so', () => {
    const listed = [...(iamActions().actionsOf('sts') ?? [])].map((name) => `sts:${name}`);
    const answer = compare(
      { identity: [{ name: 'open', document: only('sts:*') }] },
      {
        identity: [
          { name: 'listed', document: document({ Effect: 'Allow', Action: listed, Resource: '*' }) },
        ],
      },
    );
    expect(answer).toMatchObject({ kind: 'fail', witness: { listed: false } });
    expect(actionOf(answer)).toBe('sts:Unlisted');
  });

  it('give up with a reason where they would take too long', () => {
    const denies = Array.from({ length: 20 }, (_, index) => ({
      Effect: 'Deny',
      Action: 's3:GetObject',
      NotResource: [`arn:aws:s3:::*a${index}*`, `arn:aws:s3:::*b${index}*`],
    }));
    const next = document({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }, ...denies);
    const answer = compare(
      { identity: [{ name: 'chain', document: next }] },
      { identity: [] },
      { steps: 100 },
    );
    expect(answer).toEqual({ kind: 'unknown', reason: 'the proof needs more steps than it may take' });
  });

  it('solve a chain of NotResource denies', () => {
    const denies = Array.from({ length: 20 }, (_, index) => ({
      Effect: 'Deny',
      Action: 's3:GetObject',
      NotResource: [`arn:aws:s3:::*a${index}*`, `arn:aws:s3:::*b${index}*`],
    }));
    const next = document({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }, ...denies);
    expect(
      compare({ identity: [{ name: 'chain', document: next }] }, { identity: [] }, { steps: 2_000_000 }).kind,
    ).toBe('fail');
  });
});
