import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { readDirectory } from '../../../src/directory/read-directory.ts';
import { TemporaryFolder } from '../../e2e/temporary-folder.ts';
import { allow, directoryOf, iamArn, outputOrThrow } from './arrangements.ts';

/* A document of the folder is answered exactly as it was written: lists of one element, spelling and white space. */

const WRITTEN = `{ "Version": "2012-10-17",
   "Statement": [{ "Effect": "Allow", "Action": ["personalize:List*"], "Resource": ["*"] }] }
`;
const IN_YAML = `Version: "2012-10-17"
Statement:
  - Effect: Allow
    Action: [s3:GetObject] # one
    Resource: "*"
    Condition: { StringEquals: { aws:PrincipalAccount: [012345678901] } }
`;
const AS_JSON = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': ['012345678901'] } },
    },
  ],
};
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: ['ecs-tasks.amazonaws.com'] },
    Action: ['sts:AssumeRole'],
  },
});
const PRINCIPALS = `users:
  bob: { managedPolicies: [shop], inlinePolicies: [shop, yaml] }
groups:
  team: { inlinePolicies: [shop] }
roles:
  job: { trustPolicy: trust, inlinePolicies: [yaml] }
`;

let folder: TemporaryFolder;
let directory: Directory;
beforeAll(async () => {
  folder = new TemporaryFolder();
  folder.write('principals.yaml', PRINCIPALS);
  folder.write('policies/shop.json', WRITTEN);
  folder.write('policies/yaml.yaml', IN_YAML);
  folder.write('policies/trust.json', TRUST);
  const read = await readDirectory({
    principalsFile: join(folder.path, 'principals.yaml'),
    policiesFolder: join(folder.path, 'policies'),
    account: '123456789012',
    partition: 'aws',
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  directory = read.value;
});
afterAll(() => folder[Symbol.dispose]());

const document = (operation: string, input: object, of = directory): string => {
  const output = outputOrThrow(of, operation, { ...input });
  const version = output.PolicyVersion as { readonly Document?: string } | undefined;
  return decodeURIComponent(String(version?.Document ?? output.PolicyDocument));
};

describe('a policy document', () => {
  it.each<[string, object]>([
    ['GetUserPolicy', { UserName: 'bob', PolicyName: 'shop' }],
    ['GetGroupPolicy', { GroupName: 'team', PolicyName: 'shop' }],
    ['GetPolicyVersion', { PolicyArn: iamArn('policy/shop'), VersionId: 'v1' }],
  ])('is answered by %s as its file has it', (operation, input) => {
    expect(document(operation, input)).toBe(WRITTEN);
  });

  it.each<[string, object]>([
    ['GetUserPolicy', { UserName: 'bob', PolicyName: 'yaml' }],
    ['GetRolePolicy', { RoleName: 'job', PolicyName: 'yaml' }],
  ])('in YAML is answered by %s as the JSON that it stands for', (operation, input) => {
    expect(document(operation, input)).toBe(JSON.stringify(AS_JSON, undefined, 2));
  });

  it('of a trust policy is answered as it was written, too', () => {
    const { Role } = outputOrThrow(directory, 'GetRole', { RoleName: 'job' });
    const { AssumeRolePolicyDocument } = Role as { readonly AssumeRolePolicyDocument: string };
    expect(decodeURIComponent(AssumeRolePolicyDocument)).toBe(TRUST);
  });

  it('that was passed as an object keeps its lists of one element', async () => {
    const policies = { listed: allow(['s3:GetObject']) };
    const given = await directoryOf({
      principals: { users: { bob: { inlinePolicies: ['listed'] } } },
      policies,
    });
    const answered = document('GetUserPolicy', { UserName: 'bob', PolicyName: 'listed' }, given);
    expect(JSON.parse(answered)).toEqual(policies.listed);
  });

  it('is the one that positions of a simulation count in', () => {
    const output = outputOrThrow(directory, 'SimulatePrincipalPolicy', {
      PolicySourceArn: iamArn('group/team'),
      ActionNames: ['personalize:ListFilters'],
    });
    expect(output.EvaluationResults).toMatchObject([
      { MatchedStatements: [{ SourcePolicyId: 'group_team_shop', StartPosition: { Line: 2, Column: 18 } }] },
    ]);
  });
});
