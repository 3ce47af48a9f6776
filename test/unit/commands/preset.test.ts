import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderPreset } from '../../../src/commands/simulate/render-preset.ts';
import { simulateAs } from '../../../src/commands/simulate/simulate-as.ts';
import { simulatePreset } from '../../../src/commands/simulate/simulate-preset.ts';
import type { PrincipalsInput } from '../../../src/directory/principals-input.ts';
import { readDirectoryInput } from '../../../src/directory/read-directory.ts';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { ROOT } from '../../architecture/source-graph.ts';

const OWN = 'arn:aws:personalize:us-east-1:123456789012';

async function directoryOf(statements: readonly unknown[]) {
  const principals: PrincipalsInput = { users: { alice: { inlinePolicies: ['p'] } } };
  const policies = { p: { Version: '2012-10-17', Statement: statements } };
  const read = await readDirectoryInput({ principals, policies, account: '123456789012', partition: 'aws' });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

async function reportOf(statements: readonly unknown[], context: Readonly<Record<string, string>> = {}) {
  const directory = await directoryOf(statements);
  const report = simulatePreset('console', { directory, as: 'alice', context, region: 'us-east-1', now: 0 });
  if (!report.ok) throw new Error(JSON.stringify(report.error));
  return report.value;
}

const shipped = async (): Promise<readonly unknown[]> =>
  JSON.parse(await readFile(join(ROOT, 'policies/personalize-console-minimum.json'), 'utf8')).Statement;

const allow = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

describe('the console preset', () => {
  it('asks for every list and every view of Personalize', async () => {
    const { missing } = await reportOf([allow('iam:GetUser')]);
    const asked = new Set(missing.map(({ action }) => action.replace('personalize:', '')));
    const known = [...(iamActions().actionsOf('personalize') ?? [])];
    const looking = known.filter(
      (name) =>
        /^(?:List|Describe)/.test(name) || iamActions().describe('personalize', name)?.access === 'List',
    );
    expect([...asked].sort()).toEqual([...looking, 'GetSolutionMetrics'].sort());
  });

  it('is granted by the shipped policy, which grants nothing else', async () => {
    const statements = await shipped();
    const { decision, allowed } = await reportOf(statements);
    expect(decision).toBe('allowed');
    const asked = new Set(allowed.map(({ action }) => action));
    const directory = await directoryOf(statements);
    const granted = [...(iamActions().actionsOf('personalize') ?? [])]
      .map((name) => `personalize:${name}`)
      .filter((action) => {
        const question = { as: 'alice', action, resource: '*', context: {}, region: 'us-east-1', now: 0 };
        const simulated = simulateAs({ directory, ...question });
        return simulated.ok && simulated.value.decision === 'allowed';
      });
    expect(JSON.stringify(statements)).not.toMatch(/"(?!personalize:)\w+:/);
    expect(new Set(granted)).toEqual(asked);
  });

  it('is not there where a policy means some resources of a type only', async () => {
    const { missing } = await reportOf([
      ...(await shipped()),
      { Effect: 'Deny', Action: 'personalize:DescribeCampaign', NotResource: `${OWN}:campaign/shop*` },
    ]);
    expect(missing.map(({ action, decision }) => [action, decision])).toEqual([
      ['personalize:DescribeCampaign', 'explicitDeny'],
    ]);
    const some = await reportOf([allow('personalize:DescribeCampaign', `${OWN}:campaign/shop*`)]);
    expect(some.allowed).toEqual([]);
  });

  it('is there where a policy means all resources of a type', async () => {
    const { allowed } = await reportOf([
      allow('personalize:DescribeDataset', `${OWN}:dataset/*`),
      allow('personalize:DescribeSolutionVersion', `${OWN}:solution/*/*`),
      allow('personalize:DescribeRecipe', 'arn:aws:personalize:::recipe/*'),
    ]);
    expect(allowed.map(({ resource }) => resource)).toEqual([
      `${OWN}:dataset/*/*`,
      'arn:aws:personalize:::recipe/*',
      `${OWN}:solution/*/*`,
    ]);
  });

  it('comes over TLS, and has what context is given besides', async () => {
    const statements = [
      allow('personalize:ListSchemas', '*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      allow('personalize:ListRecipes', '*', {
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      }),
    ];
    expect((await reportOf(statements)).allowed.map(({ action }) => action)).toEqual([
      'personalize:ListSchemas',
    ]);
    const context = { 'aws:MultiFactorAuthPresent': 'true' };
    expect((await reportOf(statements, context)).allowed).toHaveLength(2);
  });

  it('says of each missing permission why, and which policy has it', async () => {
    const text = renderPreset(
      await reportOf([
        allow(['personalize:Describe*', 'personalize:GetSolutionMetrics']),
        allow('personalize:List*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
        { Sid: 'NoRecipes', Effect: 'Deny', Action: 'personalize:DescribeRecipe', Resource: '*' },
      ]),
    );
    expect(text).toContain('permissions that the Personalize console needs are missing');
    expect(text).toContain(
      '  personalize:DescribeRecipe on arn:aws:personalize:::recipe/*\n    with an explicit deny in an identity-based policy; p, statement NoRecipes\n',
    );
    expect(text).toContain(
      [
        '  personalize:ListSchemas on *',
        '    because no identity-based policy allows the personalize:ListSchemas action',
        '    policies ask for aws:MultiFactorAuthPresent: --context KEY=VALUE gives it',
      ].join('\n'),
    );
    // Twelve types of resources can be tagged: one reason for all of them.
    expect(text.match(/personalize:ListTagsForResource on/g)).toHaveLength(1);
    expect(text).not.toContain('personalize-console-minimum');
    expect(renderPreset(await reportOf([allow('personalize:List*')]))).toContain(
      'personalize-console-minimum',
    );
  });

  it('reports a principal that does not exist', async () => {
    const directory = await directoryOf([allow('personalize:List*')]);
    const report = simulatePreset('console', {
      directory,
      as: 'bob',
      context: {},
      region: 'us-east-1',
      now: 0,
    });
    expect(report).toMatchObject({ ok: false, error: [{ message: 'there is no principal bob' }] });
  });
});
