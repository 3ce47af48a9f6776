import { describe, expect, it } from 'vitest';
import { readDirectoryInput } from '../../../src/directory/read-directory.ts';
import { undocumentedGrants } from '../../../src/recorded-calls/undocumented-grants.ts';

const OWN = 'arn:aws:personalize:us-east-1:123456789012';

async function grantsOf(...statements: readonly (readonly [action: string, resource: string | string[]])[]) {
  const Statement = statements.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }));
  const read = await readDirectoryInput({
    principals: { users: { alice: { groups: ['makers'] } }, groups: { makers: { inlinePolicies: ['p'] } } },
    policies: { p: { Version: '2012-10-17', Statement } },
    account: '123456789012',
    partition: 'aws',
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return undocumentedGrants(read.value, 'us-east-1');
}

describe('grants that pass here and may fail on AWS', () => {
  it.each([
    ['personalize:CreateSolution', `${OWN}:solution/*`, ['recipe']],
    ['personalize:CreateRecommender', `${OWN}:*`, ['recipe']],
    ['personalize:CreateDataset', `${OWN}:dataset/shop/*`, ['schema']],
    ['personalize:GetRecommendations', `${OWN}:campaign/shop`, ['filter']],
    ['personalize:ListSolutions', `${OWN}:*`, ['*']],
    ['personalize:ListBatchSegmentJobs', `${OWN}:solution/shop/*`, ['*']],
  ])('are %s on %s, without %s', async (action, resource, types) => {
    expect(await grantsOf([action, resource])).toEqual([{ principal: 'user/alice', action, types }]);
  });

  it.each<[string, readonly (readonly [string, string | string[]])[]]>([
    ['everything', [['personalize:*', '*']]],
    ['the recipe beside', [['personalize:CreateSolution', [`${OWN}:*`, 'arn:aws:personalize:::recipe/*']]]],
    [
      'the filter in another statement',
      [
        ['personalize:Get*', `${OWN}:campaign/shop`],
        ['personalize:get*', `${OWN}:filter/in-stock`],
      ],
    ],
    ['what has no such check', [['personalize:CreateCampaign', `${OWN}:campaign/*`]]],
    ['a List on what is not its parent', [['personalize:ListSolutions', `${OWN}:solution/*`]]],
    ['a List on its parent and on *', [['personalize:List*', [`${OWN}:*`, '*']]]],
    ['a recommender only', [['personalize:GetRecommendations', `${OWN}:recommender/shop`]]],
  ])('are none where a policy grants %s', async (_, statements) => {
    expect(await grantsOf(...statements)).toEqual([]);
  });
});
