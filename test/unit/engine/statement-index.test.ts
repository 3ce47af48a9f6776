import { describe, expect, it } from 'vitest';
import type { Statement } from '../../differential/line.ts';
import { ask, campaign, identity, type Question } from './ask.ts';

const ACTIONS: readonly Partial<Statement>[] = [
  { Action: 'personalize:DescribeCampaign' },
  { Action: 'personalize:Describe*' },
  { Action: 'personalize:*Campaign' },
  { Action: ['s3:GetObject', 'personalize:DescribeCampaign'] },
  { Action: '*' },
  { NotAction: 's3:*' },
];
const RESOURCES: readonly Partial<Statement>[] = [
  { Resource: campaign('shop') },
  { Resource: [campaign('shop'), campaign('sh*')] },
  { Resource: campaign('*op') },
  { Resource: campaign('${aws:username}') },
  { Resource: '*' },
  { NotResource: campaign('other') },
];

/** More than the engine scans one by one, for one action too: 36 statements, each with another action or resource. */
const STATEMENTS = ACTIONS.flatMap((action) =>
  RESOURCES.map((resource): Statement => ({ Effect: 'Allow', ...action, ...resource }) as Statement),
);

const QUESTIONS: readonly Question[] = [
  'personalize:DescribeCampaign',
  'personalize:DeleteCampaign',
  'personalize:DescribeFilter',
  's3:GetObject',
  'sqs:SendMessage',
].flatMap((action) =>
  ['shop', 'shape', 'other', 'alice', 'drop'].map((name) => ({
    action,
    resource: campaign(name),
    context: { 'aws:username': 'alice' },
  })),
);

describe('the index of many statements', () => {
  it.each(QUESTIONS)('finds what each statement alone allows: $action on $resource', (question) => {
    const alone = STATEMENTS.flatMap((statement, index) =>
      ask(identity(statement), question).decision === 'allowed' ? [{ policy: 'p', statement: index }] : [],
    );
    const together = ask(identity(...STATEMENTS), question);
    expect(together.determining).toEqual(alone);
    expect(together.decision).toBe(alone.length > 0 ? 'allowed' : 'implicitDeny');
  });

  it('finds the same again for an action that it has searched before', () => {
    const policies = identity(...STATEMENTS);
    const [first, second] = [ask(policies, QUESTIONS[0]), ask(policies, QUESTIONS[0])];
    expect(second).toEqual(first);
  });
});
