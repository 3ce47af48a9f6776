import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import type { Operation } from '../../src/model/shape.ts';
import { validateInput } from '../../src/wire/validate.ts';
import { ON_PARENT, WANTED_CHECKS, type WantedCheck, wantedCheck } from '../fixtures/personalize/checks.ts';
import { PERSONALIZE_OPERATIONS, personalizeOperation } from '../fixtures/personalize/operations.ts';
import { sampleInput } from '../fixtures/personalize/sample-input.ts';
import { callOf, send, signatory } from './exchange.ts';

type Input = Readonly<Record<string, unknown>>;

/** A call, and the checks that AWS makes for it. */
interface Case {
  readonly title: string;
  readonly operation: Operation;
  readonly input: Input;
  readonly checks: readonly WantedCheck[];
}

const OWN = 'arn:aws:personalize:us-east-1:123456789012';

/** The reference's taggable types. */
const TAGGABLE = [
  'batch-inference-job/shop',
  'batch-segment-job/shop',
  'campaign/shop',
  'data-deletion-job/shop',
  'dataset/shop/ITEMS',
  'dataset-export-job/shop',
  'dataset-group/shop',
  'dataset-import-job/shop',
  'event-tracker/1a2b3c4d',
  'filter/shop',
  'recommender/shop',
  'solution/shop',
  'solution/shop/1a2b3c4d',
];

const caseOf = (name: string, change: Input, checks: readonly WantedCheck[], aside = ''): Case => {
  const operation = personalizeOperation(name);
  return { title: name + aside, operation, input: { ...sampleInput(operation), ...change }, checks };
};

const CASES: readonly Case[] = [
  ...[...WANTED_CHECKS].map(([name, checks]) => caseOf(name, {}, checks)),
  ...TAGGABLE.flatMap((resource) =>
    ['TagResource', 'UntagResource', 'ListTagsForResource'].map((name) =>
      caseOf(
        name,
        { resourceArn: `${OWN}:${resource}` },
        [wantedCheck(`${name} ${resource}`)],
        ` of ${resource}`,
      ),
    ),
  ),
  caseOf(
    'GetRecommendations',
    { campaignArn: undefined, recommenderArn: `${OWN}:recommender/shop` },
    [wantedCheck('GetRecommendations recommender/shop')],
    ' of a recommender',
  ),
  ...Object.keys(ON_PARENT).map((name) => {
    const parents = [...(personalizeOperation(name).input?.members.keys() ?? [])].filter((member) =>
      member.endsWith('Arn'),
    );
    const none = Object.fromEntries(parents.map((member) => [member, undefined]));
    return caseOf(name, none, [wantedCheck(`${name} *`)], ' without its parent');
  }),
  // What is not given is not checked.
  ...[...WANTED_CHECKS].flatMap(([name, checks]) => {
    const untagged = checks.filter(({ action }) => action !== 'personalize:TagResource');
    if (untagged.length === checks.length || name === 'TagResource') return [];
    return [
      caseOf(name, { tags: undefined }, untagged, ' without tags'),
      caseOf(name, { tags: [] }, untagged, ' with an empty list of tags'),
    ];
  }),
  ...['CreateDatasetGroup', 'CreateDatasetImportJob'].map((name) =>
    caseOf(name, { roleArn: undefined }, withoutRole(name), ' without a role'),
  ),
  caseOf(
    'UpdateMetricAttribution',
    { metricsOutputConfig: undefined },
    withoutRole('UpdateMetricAttribution'),
    ' without a role',
  ),
];

function withoutRole(name: string): readonly WantedCheck[] {
  return (WANTED_CHECKS.get(name) ?? []).filter(({ action }) => action !== 'iam:PassRole');
}

/** A user for each case with exactly its checks, and one for each check with all but that. */
const userOf = (index: number, without?: number): string =>
  without === undefined ? `case-${index}` : `case-${index}-without-${without}`;

const policyOf = (checks: readonly WantedCheck[]): unknown => ({
  Version: '2012-10-17',
  Statement: checks.map(({ action, resource }) => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(action === 'iam:PassRole' && {
      Condition: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
    }),
  })),
});

const USERS: ReadonlyMap<string, readonly WantedCheck[]> = new Map(
  CASES.flatMap(({ checks }, index) => [
    [userOf(index), checks] as const,
    ...checks.map((_, place) => [userOf(index, place), checks.toSpliced(place, 1)] as const),
  ]),
);

let proxy: RunningProxy;
beforeAll(async () => {
  const policies = Object.fromEntries([...USERS].map(([user, checks]) => [user, policyOf(checks)]));
  const users = Object.fromEntries(
    [...USERS].map(([user, checks], index) => [
      user,
      {
        accessKeys: [
          { id: `AKIALOCALCHECK${String(index).padStart(6, '0')}`, secret: `local-only-secret-of-${user}` },
        ],
        inlinePolicies: checks.length > 0 ? [user] : [],
      },
    ]),
  );
  // A policy without statements is none that AWS would save.
  proxy = await startProxy({
    principals: { users },
    policies: Object.fromEntries(Object.entries(policies).filter(([user]) => USERS.get(user)?.length)),
  });
});
afterAll(() => proxy.close());

/** Makes the call as one of the users. */
async function call({ operation, input }: Case, user: string) {
  const response = await send(signatory(proxy, user), callOf(operation, input));
  const id = response.headers.get('x-authz-decision');
  return {
    status: response.status,
    body: (await response.json()) as Readonly<Record<string, unknown>>,
    record: proxy.decisions.find((decision) => decision.id === id),
  };
}

describe('over live HTTP', () => {
  it('each of the 79 operations has its checks written down', () => {
    expect([...WANTED_CHECKS.keys()].sort()).toEqual([...PERSONALIZE_OPERATIONS.keys()].sort());
    expect(PERSONALIZE_OPERATIONS.size).toBe(79);
  });

  it.each(CASES.map((each) => [each.title, each] as const))(
    'the input of %s is one that AWS would take',
    (_, { operation, input }) => {
      expect(operation.input && validateInput(operation.input, input)).toBeUndefined();
    },
  );

  it.each(CASES.map((each, index) => [each.title, each, index] as const))(
    '%s passes with exactly its checks granted',
    async (_, each, index) => {
      const { record } = await call(each, userOf(index));
      expect(record?.checks.map(({ action, resource }) => ({ action, resource }))).toEqual(each.checks);
      expect(record?.outcome).toBe('forwarded');
      expect(record?.error?.code).not.toBe('AccessDeniedException');
    },
  );

  it.each(
    CASES.flatMap((each, index) =>
      each.checks.map(
        ({ action, resource }, place) => [each.title, action, resource, each, userOf(index, place)] as const,
      ),
    ),
  )('%s is denied without %s on %s', async (_, action, resource, each, user) => {
    const { status, body, record } = await call(each, user);
    const isJson = each.operation.service.protocol === 'awsJson1.1';
    expect(status).toBe(isJson ? 400 : 403);
    expect(body[isJson ? 'Message' : 'message']).toBe(
      `User: arn:aws:iam::123456789012:user/${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    );
    expect(record?.outcome).toBe('denied');
  });
});
