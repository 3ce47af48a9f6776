import { describe, expect, it } from 'vitest';
import { folderWith, lintFolder } from './folder.ts';

const GITHUB = 'token.actions.githubusercontent.com';

/** `severity rule` of the findings about a trust policy. */
async function trust(principal: unknown, condition: unknown = {}, action = 'sts:AssumeRole') {
  using folder = folderWith({
    'config/principals.yaml': 'roles: { app: { trustPolicy: p } }\n',
    'policies/p.json': JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: principal, Action: action, Condition: condition }],
    }),
  });
  const { findings } = await lintFolder(folder.path);
  return findings.map(({ severity, rule }) => `${severity} ${rule}`);
}

const github = (condition: unknown) =>
  trust(
    { Federated: `arn:aws:iam::123456789012:oidc-provider/${GITHUB}` },
    condition,
    'sts:AssumeRoleWithWebIdentity',
  );

describe('a trust policy', () => {
  it('for every account needs a condition', async () => {
    expect(await trust({ AWS: '*' })).toEqual(['warning open-trust']);
    expect(await trust('*')).toEqual(['warning open-trust']);
    expect(await trust({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } })).toEqual(
      [],
    );
    expect(await trust({ AWS: '123456789012' })).toEqual([]);
  });

  it("for GitHub's workflows without their subject is refused by AWS", async () => {
    const audience = { [`${GITHUB}:aud`]: 'sts.amazonaws.com' };
    expect(await github({ StringEquals: audience })).toEqual(['error open-oidc-trust']);
    const subject = (operator: string, value: string) =>
      github({
        StringEquals: audience,
        [operator]: { ...(operator === 'StringEquals' && audience), [`${GITHUB}:sub`]: value },
      });
    expect(await subject('StringLike', 'repo:*')).toEqual(['warning open-oidc-trust']);
    expect(await subject('StringLike', '*:ref:refs/heads/main')).toEqual(['warning open-oidc-trust']);
    expect(await subject('StringLike', 'repo:example/*')).toEqual([]);
    expect(await subject('StringEquals', 'repo:example/shop:ref:refs/heads/main')).toEqual([]);
  });
});
