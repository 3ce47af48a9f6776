import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { type MemberPath, membersOf } from '../../src/model/check.ts';
import type { Operation } from '../../src/model/shape.ts';
import { authorizationOf } from '../../src/services/services.ts';
import { PERSONALIZE_OPERATIONS, personalizeOperation } from '../fixtures/personalize/operations.ts';
import { sampleInput } from '../fixtures/personalize/sample-input.ts';
import { callOf, send, signatory } from './exchange.ts';

/** Every member that names a resource of a check, documented or not, of every operation. */
const MEMBERS = [...PERSONALIZE_OPERATIONS.values()].flatMap((operation) => {
  const { checks, undocumented } = authorizationOf(operation);
  const paths = [...checks, ...undocumented].flatMap(({ resource }) => membersOf(resource));
  const distinct = new Map(paths.map((path) => [path.join('.'), path]));
  return [...distinct.values()]
    .filter((path) => path.join('.') !== 'recommenderArn' || !operation.name.startsWith('Get'))
    .map((path) => ({ operation, path }));
});
const ARNS = MEMBERS.filter(({ path }) => path.at(-1)?.endsWith('Arn'));
const NAMES = MEMBERS.filter(({ path }) => path.at(-1)?.endsWith('ame'));

/** The sample with another value at one place. */
function inputWith(operation: Operation, path: MemberPath, value: unknown): unknown {
  const input = structuredClone(sampleInput(operation));
  const last = path.at(-1) ?? '';
  let holder = input as Record<string, unknown>;
  for (const name of path.slice(0, -1)) holder = holder[name === '*' ? 0 : name] as Record<string, unknown>;
  holder[last] = value;
  return input;
}

let proxy: RunningProxy;
beforeAll(async () => {
  proxy = await startProxy({
    principals: {
      users: {
        admin: {
          accessKeys: [{ id: 'AKIALOCALADMIN000000', secret: 'local-only-secret-of-admin' }],
          inlinePolicies: ['everything'],
        },
      },
    },
    policies: {
      everything: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
    },
  });
});
afterAll(() => proxy.close());

/** The outcome and the error code of a call by somebody who may do everything. */
async function outcomeOf(operation: Operation, input: unknown): Promise<string> {
  const response = await send(signatory(proxy, 'admin'), callOf(operation, input));
  await response.arrayBuffer();
  const record = proxy.decisions.find(({ id }) => id === response.headers.get('x-authz-decision'));
  return `${response.status} ${record?.outcome} ${record?.error?.code}`;
}

/** The members for which a call with that value ends otherwise. */
async function exceptions(
  members: readonly { readonly operation: Operation; readonly path: MemberPath }[],
  value: string,
  wanted: string,
): Promise<readonly string[]> {
  const ends = await Promise.all(
    members.map(async ({ operation, path }) => {
      const end = await outcomeOf(operation, inputWith(operation, path, value));
      return end === wanted ? [] : [`${operation.name} ${path.join('.')}: ${end}`];
    }),
  );
  return ends.flat();
}

describe('a call by somebody who may do everything', () => {
  it('can name resources in a hundred places', () => {
    expect(ARNS.length).toBeGreaterThan(80);
    expect(ARNS.length + NAMES.length).toBeGreaterThan(100);
  });

  const MALFORMED = [
    ['no ARN', 'shop'],
    ['an empty text', ''],
    ['an ARN that is cut off', 'arn:aws:personalize:us-east-1:123456789012'],
    ['an ARN of another service', 'arn:aws:s3:::personalize-shop'],
    ['an ARN without region and account', 'arn:aws:personalize:::campaign/shop'],
    ['an ARN without account', 'arn:aws:personalize:us-east-1::campaign/shop'],
    ['an ARN of what is no account', 'arn:aws:personalize:us-east-1:12345:campaign/shop'],
    ['a recipe with an account', 'arn:aws:personalize:us-east-1:123456789012:recipe/aws-sims'],
    ['an ARN with a line feed', 'arn:aws:personalize:us-east-1:123456789012:campaign/a\nb'],
    ['an ARN with a tab', 'arn:aws:personalize:us-east-1:123456789012:campaign/a\tb'],
    ['an ARN with a C1 control character', 'arn:aws:personalize:us-east-1:123456789012:campaign/a\u0085'],
    ['an ARN with a blank before it', ' arn:aws:personalize:us-east-1:123456789012:campaign/a'],
    ['an ARN with a blank behind it', 'arn:aws:personalize:us-east-1:123456789012:campaign/a '],
    ['an ARN with a no-break space behind it', 'arn:aws:personalize:us-east-1:123456789012:campaign/a\u00a0'],
    ['an ARN in another case', 'arn:aws:personalize:us-east-1:123456789012:Campaign/a'],
    ['an ARN with an empty part', 'arn:aws:personalize:us-east-1:123456789012:campaign//a'],
    ['an ARN of what Personalize does not have', 'arn:aws:personalize:us-east-1:123456789012:shop/a'],
    ['a user in place of a role', 'arn:aws:iam::123456789012:user/alice'],
    ['a text of 10,000 letters', 'a'.repeat(10_000)],
  ] as const;
  /** Each value in every fourth place, so that each place has four or five of the values. */
  const SHARES = 4;

  it.each(MALFORMED.map(([what, value], index) => ({ what, value, index })))(
    'with $what is answered with AWS validation, wherever it is',
    async ({ value, index }) => {
      const share = ARNS.filter((_, place) => (place + index) % SHARES === 0);
      expect(await exceptions(share, value, '400 rejected InvalidInputException')).toEqual([]);
    },
  );

  it.each([
    ['of another account', 'arn:aws:personalize:us-east-1:999999999999:campaign/shop'],
    ['of a version in another account', 'arn:aws:personalize:us-east-1:999999999999:solution/shop/1'],
  ])('on an ARN %s is denied where the ARN counts', async (_, value) => {
    const binding = ARNS.filter(
      ({ operation, path }) =>
        path.at(-1) !== 'roleArn' &&
        authorizationOf(operation).checks.some(
          ({ resource }) =>
            resource.from !== 'new' && membersOf(resource).some((own) => own.join() === path.join()),
        ),
    );
    const denials = await Promise.all(
      binding.map(async ({ operation, path }) => outcomeOf(operation, inputWith(operation, path, value))),
    );
    const status = (protocol: string): number => (protocol === 'awsJson1.1' ? 400 : 403);
    expect(denials).toEqual(
      binding.map(({ operation }) => `${status(operation.service.protocol)} denied AccessDeniedException`),
    );
  });

  it('that passes a role of another account is denied', async () => {
    const roles = ARNS.filter(({ path }) => path.at(-1) === 'roleArn');
    expect(roles).toHaveLength(8);
    const foreign = 'arn:aws:iam::999999999999:role/personalize-s3';
    expect(await exceptions(roles, foreign, '400 denied AccessDeniedException')).toEqual([]);
  });

  it.each(['', '*', 'shop/../secret', 'shop:1', 'shöp', 'a'.repeat(64)])(
    'that creates something with the name "%s" is answered with AWS validation',
    async (value) => {
      expect(await exceptions(NAMES, value, '400 rejected InvalidInputException')).toEqual([]);
    },
  );

  it("gets AWS's message about its malformed ARN", async () => {
    const input = { name: 'shop', solutionVersionArn: '$.SolutionVersionArn', minProvisionedTPS: 1 };
    const response = await send(
      signatory(proxy, 'admin'),
      callOf(personalizeOperation('CreateCampaign'), input),
    );
    expect(await response.json()).toMatchObject({
      message:
        "1 validation error detected: Value '$.SolutionVersionArn' at 'solutionVersionArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:([a-z\\d-]+):personalize:.*:.*:.+",
    });
  });

  it('is not asked to choose between two values of one tag', async () => {
    const tags = [
      { tagKey: 'team', tagValue: 'ml' },
      { tagKey: 'team', tagValue: 'finance' },
    ];
    const tagResource = personalizeOperation('TagResource');
    expect(await outcomeOf(tagResource, inputWith(tagResource, ['tags'], tags))).toBe(
      '400 rejected InvalidInputException',
    );
    expect(await outcomeOf(tagResource, inputWith(tagResource, ['tags'], [{ tagValue: 'ml' }]))).toBe(
      '400 rejected InvalidInputException',
    );
  });
});
