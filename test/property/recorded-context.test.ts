import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionRecord } from '../../src/calls/call-record.ts';
import { type ContextFacts, requestContext } from '../../src/context-keys/request-context.ts';
import type { Caller } from '../../src/directory/caller.ts';
import type { Session } from '../../src/directory/session.ts';
import { compile } from '../../src/engine/compile.ts';
import { ownerOf } from '../../src/engine/ownership.ts';
import type { Principal } from '../../src/engine/principal.ts';
import type { RequestContext } from '../../src/engine/request.ts';
import { accessKeyId, accountId, arnOf } from '../../src/lib/identifiers.ts';
import { contextOf, requestContextOf, TOLD_BY_RECORD } from '../../src/records/recorded-context.ts';

const ACCOUNT = accountId('123456789012');
const ALICE = arnOf(`arn:aws:iam::${ACCOUNT}:user/alice`);

const principal: fc.Arbitrary<Principal> = fc.constantFrom(
  { type: 'User', arn: ALICE, accountId: ACCOUNT, userName: 'alice' },
  {
    type: 'AssumedRole',
    arn: arnOf(`arn:aws:sts::${ACCOUNT}:assumed-role/app/s`),
    accountId: ACCOUNT,
    roleArn: arnOf(`arn:aws:iam::${ACCOUNT}:role/path/app`),
    sessionName: 's',
  },
  { type: 'FederatedUser', arn: arnOf(`arn:aws:sts::${ACCOUNT}:federated-user/guest`), accountId: ACCOUNT },
  { type: 'WebIdentity', provider: 'accounts.google.com' },
);

const word = fc.stringMatching(/^[a-zA-Z0-9 _:/.-]{1,12}$/);
const tags = fc.dictionary(fc.oneof(word, fc.constantFrom('team', 'Team')), word, { maxKeys: 3 });
const moment = fc.integer({ min: 0, max: 2_000_000_000_000 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const session: fc.Arbitrary<Session> = fc.record(
  {
    accessKeyId: fc.constant(accessKeyId('ASIAEXAMPLE000000000')),
    kind: fc.constantFrom('AssumedRole', 'SessionToken', 'FederatedUser'),
    accountId: fc.constant(ACCOUNT),
    holder: fc.constant({ name: 'app', id: 'AROAEXAMPLE' }),
    issuedAt: moment,
    expiresAt: moment,
    mfaAt: moment,
    sourceIdentity: word,
    federation: fc.record({
      provider: word,
      keys: fc.constant({ 'accounts.google.com:aud': 'app', 'accounts.google.com:amr': ['pwd', 'otp'] }),
    }),
  },
  { requiredKeys: ['accessKeyId', 'kind', 'accountId', 'holder', 'issuedAt', 'expiresAt'] },
);

const FOREIGN_ENDPOINT = { id: 'vpce-2', vpc: 'vpc-2', account: '999999999999' };

const facts = fc.record({
  principal,
  userId: word,
  principalTags: tags,
  organization: optional(fc.record({ id: word, path: word }, { requiredKeys: ['id'] })),
  vpcEndpoint: optional(fc.constantFrom({ id: 'vpce-1', vpc: 'vpc-1', account: ACCOUNT }, FOREIGN_ENDPOINT)),
  session: optional(session),
  receivedAt: moment,
  region: fc.constantFrom('us-east-1', 'eu-west-1'),
  requestTags: optional(tags),
  tagKeys: optional(fc.array(word, { minLength: 1, maxLength: 3 })),
  resourceTags: optional(tags),
  extra: fc.constantFrom<readonly [string, string][]>(
    [],
    [['iam:passedtoservice', 'personalize.amazonaws.com']],
    [
      ['sts:externalid', 'x'],
      ['aws:multifactorauthpresent', 'true'],
    ],
  ),
  remoteAddress: fc.constantFrom('127.0.0.1', '::ffff:10.0.0.1', '2001:db8::1'),
  secure: fc.boolean(),
  userAgent: optional(word),
  resource: fc.constantFrom(
    '*',
    `arn:aws:personalize:us-east-1:${ACCOUNT}:campaign/x`,
    'arn:aws:s3:::bucket',
  ),
  scopeRegion: optional(fc.constantFrom('us-east-1', 'eu-west-1')),
});

type Facts = typeof facts extends fc.Arbitrary<infer Value> ? Value : never;

/** A decided request with these facts: its context as the engine had it, and its record as read from a log file. */
function recorded(given: Facts) {
  const { resource, resourceTags, extra, remoteAddress, secure, userAgent, scopeRegion, ...rest } = given;
  const request = {
    method: 'POST',
    target: '/',
    headers: userAgent === undefined ? [] : [['User-Agent', userAgent] as const],
    body: new Uint8Array(),
    remoteAddress,
    secure,
  };
  const context = requestContext({ ...rest, request } as ContextFacts, {
    resourceAccount: resource === '*' ? ACCOUNT : ownerOf(resource),
    tagsOfResource: () => resourceTags,
    extra: new Map(extra),
  });
  const known = context.known();
  const policies = compile({ identity: [] });
  const caller = {
    ...rest,
    tags: rest.principalTags,
    policySet: { identity: [] },
    policies,
  } as unknown as Caller;
  const question = {
    principal: rest.principal,
    action: 'personalize:CreateCampaign',
    resource: arnOf(resource),
    context,
  };
  const record = decisionRecord(
    {
      request,
      requestId: 'r',
      decisionId: 'd',
      receivedAt: rest.receivedAt,
      caller,
      ...(scopeRegion && { credential: { accessKeyId: 'AKIA', scope: { region: scopeRegion } } as never }),
      decided: [
        {
          question,
          decision: { decision: 'allowed', layer: 'identity', determining: [] },
          context: context.known(TOLD_BY_RECORD),
        },
      ],
    },
    { mode: 'enforce', outcome: 'forwarded', durationMicros: 1 },
  );
  return { context, known, record: JSON.parse(JSON.stringify(record)) as typeof record };
}

/** The value of a key, or that it is unknown. */
function ask(context: RequestContext, key: string): unknown {
  try {
    return context.get(key);
  } catch {
    return 'cannot be told';
  }
}

describe('the context of a recorded check', () => {
  it('is restored completely from its record, though the record contains only what cannot be derived', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { known, record } = recorded(given);
        const [check] = record.checks;
        if (!check) throw new Error('one check was recorded');

        expect(contextOf(record, check)).toEqual(known);
        expect(Object.keys(check.context ?? {})).not.toContain('aws:CurrentTime');
      }),
    );
  });

  it('gives the engine the same values as the request, for every key', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { context, known, record } = recorded(given);
        const [check] = record.checks;
        if (!check) throw new Error('one check was recorded');
        const again = requestContextOf(record, check);

        for (const key of [...Object.keys(known).map((each) => each.toLowerCase()), 'aws:sourcevpc'])
          expect([key, ask(again, key)]).toEqual([key, ask(context, key)]);
      }),
    );
  });

  it('does not contain what was unknown at the time: checks that depend on it are denied again', () => {
    const { record } = recorded(fc.sample(facts, 1)[0] as Facts);
    const unread = {
      action: 'a:B',
      resource: '*' as const,
      cause: 'the upstream does not tell the tags',
      context: {},
    };
    const again = requestContextOf(record, unread);

    expect(() => again.get('aws:resourcetag/team')).toThrow('the upstream does not tell the tags');
    expect(again.get('aws:requesttag/team')).toBeUndefined();
  });

  it('does not choose between two tag keys that differ in case only', () => {
    const { record } = recorded(fc.sample(facts, 1)[0] as Facts);
    const twice = {
      resource: '*' as const,
      context: { 'aws:ResourceTag/team': 'a', 'aws:ResourceTag/Team': 'b' },
    };

    expect(() => requestContextOf(record, twice).get('aws:resourcetag/team')).toThrow('differ in case only');
  });
});
