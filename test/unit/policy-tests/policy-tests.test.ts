import { describe, expect, it } from 'vitest';
import { CAMPAIGN, diagnosticsOf, failuresOf, run } from './folder.ts';

const IMPORT = `call: CreateDatasetImportJob
    input: { jobName: daily, datasetArn: "arn:aws:personalize:us-east-1:123456789012:dataset/shop/ITEMS", dataSource: { dataLocation: s3://x }, roleArn: "arn:aws:iam::123456789012:role/ROLE" }`;

const test = (...members: readonly string[]): string =>
  `tests:\n  - name: a test\n${members.map((member) => `    ${member}\n`).join('')}`;

describe('a policy test', () => {
  it.each([
    [
      'passes where the decision is the wanted one',
      ['action: personalize:CreateCampaign', 'principal: alice', 'expect: allowed'],
      [],
    ],
    [
      'fails where it is another',
      ['action: personalize:DeleteCampaign', 'principal: alice', 'expect: allowed'],
      ['wanted allowed, came implicitDeny'],
    ],
    [
      'takes either kind of denial for denied',
      ['action: personalize:DeleteCampaign', 'principal: alice', 'expect: denied'],
      [],
    ],
    [
      'tells the kinds of denial apart',
      ['action: personalize:DeleteCampaign', 'principal: alice', 'expect: explicitDeny'],
      ['wanted explicitDeny, came implicitDeny'],
    ],
    [
      'holds the layer that decides',
      ['action: personalize:TagResource', 'principal: alice', 'expect: denied', 'layer: identity'],
      ['wanted the layer identity, came permissionsBoundary'],
    ],
    [
      'holds the statement that decides, by its Sid',
      ['action: personalize:CreateCampaign', 'principal: alice', 'expect: allowed', 'statement: build#Build'],
      [],
    ],
    [
      'holds it by its number',
      ['action: personalize:CreateCampaign', 'principal: alice', 'expect: allowed', 'statement: build#1'],
      ['wanted the statement build#1, came build#Build'],
    ],
    [
      'holds the policy alone',
      ['action: personalize:CreateCampaign', 'principal: alice', 'expect: allowed', 'statement: build'],
      [],
    ],
    [
      'holds the message',
      [
        'action: personalize:DeleteCampaign',
        'principal: alice',
        'expect: denied',
        'because: no permissions boundary',
      ],
      [
        'wanted a message with "no permissions boundary", came "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: personalize:DeleteCampaign on resource: * because no identity-based policy allows the personalize:DeleteCampaign action"',
      ],
    ],
    [
      'has a clock',
      [
        'action: personalize:CreateCampaign',
        'principal: alice',
        'clock: 2030-06-01T00:00:00Z',
        'expect: explicitDeny',
        'statement: build#NotAtNight',
      ],
      [],
    ],
    [
      'does not know the network of a request',
      ['action: personalize:ListCampaigns', 'principal: bob', 'expect: denied'],
      [],
    ],
    [
      'has the context that is given, in any case',
      [
        'action: personalize:ListCampaigns',
        'principal: bob',
        'context: { AWS:sourceip: 10.1.2.3 }',
        'expect: allowed',
      ],
      [],
    ],
    [
      'asks the trust policy of a role that is assumed',
      [
        'action: sts:AssumeRole',
        'resource: arn:aws:iam::123456789012:role/import',
        'principal: bob',
        'expect: denied',
        'layer: resourcePolicy',
      ],
      [],
    ],
  ])('%s', async (_, members, failures) => {
    expect(await failuresOf(test(...members))).toEqual([failures]);
  });

  it('of a call asks all checks that the proxy would: the role that is passed among them', async () => {
    const of = (role: string, ...members: string[]) =>
      test('principal: alice', IMPORT.replace('ROLE', role), ...members);
    expect(await failuresOf(of('import', 'expect: allowed'))).toEqual([[]]);
    expect(await failuresOf(of('other', 'expect: denied', 'refused: iam:PassRole'))).toEqual([[]]);
    expect(
      await failuresOf(of('other', 'expect: denied', 'refused: personalize:CreateDatasetImportJob')),
    ).toEqual([['wanted personalize:CreateDatasetImportJob to be refused, came iam:PassRole']]);
  });

  it('of a call has the tags that the call passes', async () => {
    const tagged = 'call: CreateSchema\n    input: { name: x, schema: "{}" }';
    const [result] = await run(test('principal: alice', tagged, 'expect: allowed'));
    expect(result?.failures).toEqual([]);
    const group = 'call: CreateDatasetGroup\n    input: { name: x, tags: [{ tagKey: team, tagValue: ml }] }';
    expect(
      await failuresOf(test('principal: alice', group, 'expect: denied', 'refused: personalize:TagResource')),
    ).toEqual([[]]);
  });

  it('of a call has the context that is given, tags of the resource among it', async () => {
    const describe = `call: DescribeCampaign\n    input: { campaignArn: "${CAMPAIGN}" }`;
    const role = 'principal: role/recommender';
    expect(await failuresOf(test(role, describe, 'expect: denied'))).toEqual([[]]);
    expect(
      await failuresOf(test(role, describe, 'context: { aws:ResourceTag/team: shop }', 'expect: allowed')),
    ).toEqual([[]]);
    expect(await failuresOf(test('principal: bob', describe, 'expect: denied'))).toEqual([[]]);
    expect(
      await failuresOf(
        test('principal: bob', describe, 'context: { aws:SourceIp: 10.0.0.1 }', 'expect: allowed'),
      ),
    ).toEqual([[]]);
  });

  it("of a call without its resources fails with AWS's message", async () => {
    const [failures] = await failuresOf(test('principal: alice', 'call: DescribeCampaign', 'expect: denied'));
    expect(failures?.[0]).toMatch(/^the call cannot be authorized: .*campaignArn/);
  });

  it('counts undocumented checks where the configuration does', async () => {
    const solution = test(
      'principal: alice',
      'call: CreateSolution',
      `input: { name: x, datasetGroupArn: "arn:aws:personalize:us-east-1:123456789012:dataset-group/x", recipeArn: "arn:aws:personalize:::recipe/aws-sims" }`,
      'expect: allowed',
    );
    const [reported, enforced] = [await run(solution), await run(solution, 'enforce')];
    expect(reported[0]?.failures).toEqual([]);
    expect(enforced[0]?.answer?.check.resource).toBe('arn:aws:personalize:::recipe/aws-sims');
  });
});

describe('a table', () => {
  it('has a test for each row, principal, action and resource, with all inherited members', async () => {
    const results = await run(`
defaults: { principal: bob, context: { aws:SourceIp: 10.0.0.1, aws:UserAgent: a } }
tests:
  - name: looks
    actions: [personalize:ListCampaigns, personalize:ListSolutions]
    expect: allowed
    cases:
      - { principals: [bob, alice], expect: denied, context: { AWS:SOURCEIP: 192.0.2.1 } }
      - { name: one, action: personalize:ListSchemas }
      - { name: call, call: ListSchemas }
`);
    const brief = results.map(({ test: { name, principal, asked, context, line }, failures }) => [
      line,
      name,
      principal,
      asked.kind === 'call' ? asked.operation.name : asked.action,
      context,
      failures.length,
    ]);
    const [outside, inside] = [
      { 'aws:UserAgent': 'a', 'AWS:SOURCEIP': '192.0.2.1' },
      { 'aws:SourceIp': '10.0.0.1', 'aws:UserAgent': 'a' },
    ];
    expect(brief).toEqual([
      [8, 'looks', 'bob', 'personalize:ListCampaigns', outside, 0],
      [8, 'looks', 'bob', 'personalize:ListSolutions', outside, 0],
      [8, 'looks', 'alice', 'personalize:ListCampaigns', outside, 0],
      [8, 'looks', 'alice', 'personalize:ListSolutions', outside, 0],
      [9, 'looks › one', 'bob', 'personalize:ListSchemas', inside, 0],
      [10, 'looks › call', 'bob', 'ListSchemas', inside, 0],
    ]);
  });
});

describe('faults of a test file', () => {
  it('are reported together, each with its position', async () => {
    expect(
      await diagnosticsOf(`defaults: { principal: bo }
tests:
  - name: first
    action: personalize:ListCampains
    expect: allowed
  - name: second
    call: CreateCampain
    expect: denied
    statement: bild#Build
  - name: third
    call: CreateCampaign
    input: { nam: x, campaignConfig: { itemExplorationConfg: {} } }
    resource: "*"
    statement: build#Built
    because: x
    expect: allowed
  - name: fourth
    principal: alice
    action: personalize:ListCampaigns
    call: ListCampaigns
    refused: personalize:ListCampaigns
    context: { a:b: 1, A:B: 2 }
`),
    ).toEqual([
      '1:24 defaults.principal: there is no principal bo; did you mean "bob"? (unknown-principal)',
      '4:13 tests[0].action: AWS has no action "personalize:ListCampains"; did you mean "ListCampaigns"? (unknown-action)',
      '7:11 tests[1].call: there is no operation CreateCampain; did you mean "CreateCampaign"? (unknown-operation)',
      '9:16 tests[1].statement: there is no policy "bild"; did you mean "build"? (unknown-policy)',
      '12:14 tests[2].input.nam: CreateCampaign has no such member; did you mean "name"? (unknown-member)',
      '12:40 tests[2].input.campaignConfig.itemExplorationConfg: CreateCampaign has no such member; did you mean "itemExplorationConfig"? (unknown-member)',
      '13:15 tests[2].resource: a call names its resources in its input (invalid-value)',
      '14:16 tests[2].statement: build has no statement Built; did you mean "Build"? (unknown-statement)',
      '15:14 tests[2].because: what is allowed has no message (invalid-value)',
      '17:5 tests[3]: expect is missing: allowed or denied? (missing-key)',
      '20:11 tests[3].call: several things are asked: give one of action, actions and call (invalid-value)',
      '22:14 tests[3].context: A:B is given twice: names of context keys ignore case (duplicate-key)',
    ]);
  });

  it.each([
    [
      'an unknown key',
      'tests: [{ name: a, principle: bob }]',
      '1:20 tests[0].principle: unknown key; did you mean "principal"? (unknown-key)',
    ],
    [
      'a decision that there is not',
      'tests: [{ name: a, expect: alowed }]',
      '1:28 tests[0].expect: must be allowed or denied or explicitDeny or implicitDeny; did you mean "allowed"? (invalid-value)',
    ],
    [
      'a wildcard in an action',
      'tests: [{ name: a, action: "personalize:*" }]',
      '1:28 tests[0].action: must be an action like personalize:CreateCampaign, without wildcards (invalid-value)',
    ],
    [
      'a resource that is none',
      'tests: [{ name: a, resource: shop }]',
      '1:30 tests[0].resource: must be an ARN or "*" (invalid-value)',
    ],
    [
      'a clock that is none',
      'tests: [{ name: a, clock: noon }]',
      '1:27 tests[0].clock: must be a date like 2026-11-24T12:00:00Z (invalid-value)',
    ],
    ['a test without a name', 'tests: [{ expect: denied }]', '1:9 tests[0].name: is missing (missing-key)'],
    ['no tests', 'tests: []', '1:8 tests: is an empty list (invalid-value)'],
    ['a key twice', 'tests: []\ntests: []', '2:1 duplicate key "tests" (duplicate-key)'],
    ['broken YAML', 'tests: [', '1:9 '],
  ])('%s', async (_, text, expected) => {
    expect((await diagnosticsOf(text))[0]).toContain(expected);
  });

  it('that many rows inherit are reported once', async () => {
    const text =
      'tests:\n  - { name: a, principal: nobody, action: "personalize:ListSchemas", expect: denied, cases: [{ name: x }, { name: y }] }';
    expect(await diagnosticsOf(text)).toHaveLength(1);
  });
});
