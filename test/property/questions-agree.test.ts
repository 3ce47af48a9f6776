import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateAs } from '../../src/commands/simulate/simulate-as.ts';
import { readTests } from '../../src/commands/test/read-tests.ts';
import { runTests } from '../../src/commands/test/run-tests.ts';
import type { ContextValue } from '../../src/engine/request.ts';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import type { CheckRecord } from '../../src/records/decision-record.ts';
import { signRequest } from '../../src/sigv4/verify.ts';
import { proxyMatchers } from '../../src/testing/matchers.ts';

const QUESTIONS = 1000;
const PRINCIPALS = 30;
const ACCOUNT = '123456789012';
const ARN = `arn:aws:personalize:us-east-1:${ACCOUNT}:`;
const IAM = `arn:aws:iam::${ACCOUNT}:`;

interface Operation {
  readonly service: 'personalize' | 'iam' | 'sts';
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
  /** For restJson1. */
  readonly path?: string;
  readonly resource: string;
  /** Context keys of the call. */
  readonly context?: Readonly<Record<string, string>>;
}

const OPERATIONS: readonly Operation[] = [
  { service: 'personalize', operation: 'ListSchemas', input: {}, resource: '*' },
  {
    service: 'personalize',
    operation: 'DescribeCampaign',
    input: { campaignArn: `${ARN}campaign/shop` },
    resource: `${ARN}campaign/shop`,
  },
  {
    service: 'personalize',
    operation: 'DeleteFilter',
    input: { filterArn: `${ARN}filter/old` },
    resource: `${ARN}filter/old`,
  },
  {
    service: 'personalize',
    operation: 'ListCampaigns',
    input: { solutionArn: `${ARN}solution/shop` },
    resource: `${ARN}solution/shop`,
  },
  {
    service: 'personalize',
    operation: 'GetRecommendations',
    path: '/recommendations',
    input: { campaignArn: `${ARN}campaign/shop`, userId: '1' },
    resource: `${ARN}campaign/shop`,
  },
  { service: 'iam', operation: 'GetUser', input: { UserName: 'u1' }, resource: `${IAM}user/u1` },
  { service: 'iam', operation: 'GetRole', input: { RoleName: 'r1' }, resource: `${IAM}role/r1` },
  { service: 'iam', operation: 'ListRoles', input: {}, resource: `${IAM}role/` },
  ...['r1', 'r2', 'r3'].map(
    (role): Operation => ({
      service: 'sts',
      operation: 'AssumeRole',
      input: { RoleArn: `${IAM}role/${role}`, RoleSessionName: 'tester' },
      resource: `${IAM}role/${role}`,
      context: { 'sts:RoleSessionName': 'tester' },
    }),
  ),
];

const condition = fc.constantFrom<Readonly<Record<string, Readonly<Record<string, string>>>>>(
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
  { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  { Null: { 'aws:MultiFactorAuthPresent': 'true' } },
  { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } },
  { Null: { 'aws:TokenIssueTime': 'true' } },
  { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
  { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } },
  { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
  { StringLike: { 'aws:username': 'u*' } },
  { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } },
  { StringLike: { 'aws:userid': 'AROA*' } },
  { ArnLike: { 'aws:PrincipalArn': `${IAM}role/*` } },
  { StringEquals: { 'aws:ResourceTag/team': 'red' } },
  { StringEquals: { 'iam:ResourceTag/team': 'red' } },
  { StringEquals: { 'aws:ResourceAccount': ACCOUNT } },
  { StringNotEqualsIfExists: { 'sts:RoleSessionName': 'tester' } },
);

const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
  Action: fc.constantFrom(
    '*',
    'personalize:*',
    'personalize:Describe*',
    'personalize:Get*',
    'iam:*',
    'sts:AssumeRole',
  ),
  Resource: fc.constantFrom('*', '*', `${ARN}campaign/*`, `${ARN}solution/shop`, `${IAM}*`, `${IAM}role/r1`),
  Condition: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: condition }),
});

const document = (Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });

const policies = fc.array(statement, { minLength: 2, maxLength: 4 });

const trust = condition.map((Condition) =>
  document([
    { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
    { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Condition },
  ]),
);

const question = fc
  .record({
    kind: fc.constantFrom('user', 'role'),
    number: fc.integer({ min: 0, max: PRINCIPALS - 1 }),
    mfa: fc.boolean(),
    /** Of the session. */
    team: fc.constantFrom(undefined, undefined, 'red', 'blue'),
    asked: fc.constantFrom(...OPERATIONS),
  })
  // A user's session without MFA may not call IAM and STS: no policy is evaluated.
  .filter(
    ({ kind, mfa, team, asked }) =>
      kind === 'role' || mfa || team === undefined || asked.service === 'personalize',
  );

type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

const nameOf = ({ kind, number }: Question): string => `${kind}/${kind[0]}${number}`;

/** The context of the session and the call, which is unknown if only principal, action and resource are given. */
function contextOf({ kind, mfa, team, asked }: Question): Readonly<Record<string, ContextValue>> {
  const hasSession = kind === 'user' && (mfa || team !== undefined);
  return {
    'aws:SourceIp': '127.0.0.1',
    ...(mfa && { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' }),
    ...(hasSession && { 'aws:TokenIssueTime': new Date().toISOString() }),
    ...(hasSession && !mfa && { 'aws:MultiFactorAuthPresent': 'false' }),
    ...(team !== undefined && { 'aws:PrincipalTag/team': team }),
    ...asked.context,
  };
}

type Answer = readonly [decision: string, layer: string];

const answerOf = (checks: readonly Pick<CheckRecord, 'decision' | 'layer'>[]): Answer => {
  const check = checks.find(({ decision }) => decision !== 'allowed') ?? checks.at(-1);
  return [check?.decision ?? 'nothing', check?.layer ?? 'nothing'];
};

describe('an authorization request', () => {
  let proxy: RunningProxy;

  beforeAll(async () => {
    const seed = Date.now();
    const documents = fc.sample(policies, { seed, numRuns: 2 * PRINCIPALS });
    const trusts = fc.sample(trust, { seed, numRuns: PRINCIPALS });
    const numbers = Array.from({ length: PRINCIPALS }, (_, number) => number);
    const tags = (number: number) =>
      number % 2 === 0 ? {} : { tags: { team: number % 3 === 0 ? 'red' : 'blue' } };
    proxy = await startProxy({
      principals: {
        users: Object.fromEntries(
          numbers.map((number) => [
            `u${number}`,
            {
              inlinePolicies: [`u${number}`],
              accessKeys: [
                { id: `AKIAEXAMPLE${String(number).padStart(9, '0')}`, secret: `secret-of-u${number}` },
              ],
              ...tags(number),
            },
          ]),
        ),
        roles: Object.fromEntries(
          numbers.map((number) => [
            `r${number}`,
            { inlinePolicies: [`r${number}`], trustPolicy: `trust${number}`, ...tags(number) },
          ]),
        ),
      },
      policies: Object.fromEntries([
        ...numbers.map((number) => [`u${number}`, document(documents[number] ?? [])]),
        ...numbers.map((number) => [`r${number}`, document(documents[PRINCIPALS + number] ?? [])]),
        ...numbers.map((number) => [`trust${number}`, trusts[number]]),
      ]),
    });
  });
  afterAll(() => proxy?.close());

  async function live(question: Question): Promise<Answer> {
    const { kind, mfa, team, asked } = question;
    const name = nameOf(question);
    const options = { mfa, ...(team !== undefined && { tags: { team } }) };
    const session = kind === 'role' || mfa || team !== undefined;
    const { endpoint, credentials } = session ? proxy.clientConfig(name, options) : proxy.clientConfig(name);
    const keys = typeof credentials === 'function' ? await credentials() : credentials;
    const { body, headers }: Wire = wire(asked);
    const signed = signRequest(
      {
        method: 'POST',
        target: asked.path ?? '/',
        headers: {
          host: new URL(endpoint).host,
          ...headers,
          ...('sessionToken' in keys && { 'x-amz-security-token': String(keys.sessionToken) }),
        },
        body: Buffer.from(body),
      },
      {
        accessKeyId: keys.accessKeyId,
        secretAccessKey: keys.secretAccessKey,
        region: 'us-east-1',
        service: asked.service,
        now: Date.now(),
      },
    );
    const { host: _, 'content-length': __, ...sent } = signed;
    const response = await fetch(endpoint + (asked.path ?? ''), { method: 'POST', headers: sent, body });
    await response.arrayBuffer();
    const id = response.headers.get('x-authz-decision');
    return answerOf(proxy.decisions.find((record) => record.id === id)?.checks ?? []);
  }

  it(`has the same decision in every form: ${QUESTIONS} generated requests`, async () => {
    const questions = fc.sample(question, QUESTIONS);
    const { directory } = proxy;
    const now = Date.now();
    const tests = questions.flatMap((each, index) => {
      const { asked } = each;
      const row = {
        name: String(index),
        principal: nameOf(each),
        context: contextOf(each),
        expect: 'allowed',
      };
      const action = `${asked.service}:${asked.operation}`;
      return [
        { ...row, call: asked.operation, input: asked.input },
        { ...row, action, resource: asked.resource },
      ];
    });
    const read = readTests(JSON.stringify({ tests }), 'generated.yaml', { directory });
    if (!read.ok) throw new Error(JSON.stringify(read.error.slice(0, 3)));
    const settings = { directory, region: 'us-east-1', undocumentedChecks: 'report', now } as const;
    const tested = runTests(read.value.tests, settings).map(({ answer }) =>
      answer ? answerOf([answer]) : undefined,
    );
    const allowed = new Set<boolean>();
    for (const [index, each] of questions.entries()) {
      const { asked } = each;
      const as = nameOf(each);
      const context = contextOf(each);
      const call = { operation: asked.operation, input: asked.input };
      const simulated = simulateAs({
        directory,
        as,
        action: `${asked.service}:${asked.operation}`,
        resource: asked.resource,
        context,
        region: 'us-east-1',
        now,
      });
      const answers = {
        live: await live(each),
        authorize: answerOf([await proxy.authorize(as, call, { context })]),
        call: tested[2 * index],
        action: tested[2 * index + 1],
        simulate: simulated.ok ? answerOf([simulated.value]) : simulated.error,
      };
      const { pass } = await proxyMatchers.toAllow(proxy, as, call, { context });
      const wanted = answers.live;
      expect({ question: each, ...answers, pass }).toEqual({
        question: each,
        live: wanted,
        authorize: wanted,
        call: wanted,
        action: wanted,
        simulate: wanted,
        pass: wanted[0] === 'allowed',
      });
      allowed.add(pass);
    }
    expect([...allowed].sort()).toEqual([false, true]);
  }, 120_000);
});

interface Wire {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function wire({ service, operation, input, path }: Operation): Wire {
  if (service === 'personalize' && path === undefined)
    return {
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonPersonalize.${operation}`,
      },
      body: JSON.stringify(input),
    };
  if (path !== undefined)
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) };
  const Version = service === 'iam' ? '2010-05-08' : '2011-06-15';
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action: operation, Version, ...input }).toString(),
  };
}
