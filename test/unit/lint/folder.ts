import { expect } from 'vitest';
import { type LintReport, lint } from '../../../src/commands/lint/lint.ts';
import { TemporaryFolder } from '../../e2e/temporary-folder.ts';

const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}';

/** `principals.yaml` in which the policy `p` is put to a use. */
const PRINCIPALS: Readonly<Record<string, string>> = {
  managed: 'users: { alice: { managedPolicies: [p] } }\n',
  trust: 'roles: { app: { trustPolicy: p } }\n',
  rcp: 'organization: { id: o-exampleorgid, resourceControlPolicies: [[p]] }\n',
  nobody: '{}\n',
};

export const folderWith = (files: Readonly<Record<string, string>>): TemporaryFolder =>
  new TemporaryFolder({ 'config/principals.yaml': '{}\n', 'policies/.keep': '', ...files });

/** Lints a folder of `config/` and `policies/`. */
export async function lintFolder(path: string, paths: readonly string[] = []): Promise<LintReport> {
  const report = await lint({
    folder: {
      principalsFile: `${path}/config/principals.yaml`,
      policiesFolder: `${path}/policies`,
      account: '123456789012',
      partition: 'aws',
    },
    configFile: `${path}/config/proxy.yaml`,
    paths,
  });
  if (!report.ok) expect.fail(JSON.stringify(report.error));
  return report.value;
}

/** The rules of the findings about one policy `p` that is put to a use. */
export async function rulesOf(policy: string, use: string): Promise<readonly string[]> {
  using folder = folderWith({
    'config/principals.yaml': PRINCIPALS[use] ?? '',
    'policies/p.json': policy,
    'policies/trust.json': TRUST,
  });
  const { findings } = await lintFolder(folder.path);
  return findings.map(({ rule }) => rule);
}

/** The same of several policies: `policy:statement rule`. */
export const brief = ({ findings }: LintReport): readonly string[] =>
  findings.map(({ policy, statement, rule, silenced }) =>
    [
      `${policy}${statement === undefined ? '' : `:${statement}`}`,
      rule,
      ...(silenced === undefined ? [] : ['silenced']),
    ].join(' '),
  );

export const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2);

export const statement = (
  Effect: 'Allow' | 'Deny',
  Action: unknown,
  Resource: unknown = '*',
  more: object = {},
) => ({
  Effect,
  Action,
  Resource,
  ...more,
});
