import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A configuration folder of a large account, as written by `writeLargeAccount`. */
export interface LargeAccount {
  /** `config/proxy.yaml`, for `--config`. */
  readonly config: string;
  readonly principals: string;
  readonly policies: string;
  /** The access key of the nth principal, where it is a user. */
  readonly accessKey: (index: number) => { readonly id: string; readonly secret: string };
  /** The file of one of the three policies of the nth principal. */
  readonly policyFile: (index: number, policy: PolicyName) => string;
}

type PolicyName = 'read' | 'write' | 'events';

/** Every sixth principal is a role, as in an account with 5,000 users and 1,000 roles. */
const ROLE_EVERY = 6;
const TEAMS = 100;

const isRole = (index: number): boolean => index % ROLE_EVERY === ROLE_EVERY - 1;
const team = (index: number): string => `team-${index % TEAMS}`;
const nameOf = (index: number): string => `${isRole(index) ? 'service' : 'person'}-${index}`;

const ARN = 'arn:aws:personalize:us-east-1:123456789012:';

const STATEMENTS: Readonly<Record<PolicyName, (owner: string, index: number) => object>> = {
  read: (owner, index) => ({
    Sid: 'Read',
    Effect: 'Allow',
    Action: [
      'personalize:DescribeCampaign',
      'personalize:DescribeSchema',
      'personalize:DescribeDatasetGroup',
    ],
    Resource: [`${ARN}campaign/${team(index)}-*`, `${ARN}dataset-group/${owner}`, `${ARN}schema/*`],
  }),
  write: (owner) => ({
    Sid: 'Write',
    Effect: 'Allow',
    Action: ['personalize:CreateCampaign', 'personalize:UpdateCampaign', 'personalize:DeleteCampaign'],
    Resource: `${ARN}campaign/${owner}-*`,
    Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '198.51.100.0/24'] } },
  }),
  events: (owner) => ({
    Sid: 'Recommend',
    Effect: 'Allow',
    Action: ['personalize:GetRecommendations', 'personalize:GetPersonalizedRanking'],
    Resource: `${ARN}campaign/${owner}-*`,
    Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
  }),
};

const TRUST = {
  Effect: 'Allow',
  Principal: { Service: 'ecs-tasks.amazonaws.com' },
  Action: 'sts:AssumeRole',
};

const document = (statement: object): string =>
  `${JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2)}\n`;

/**
 * Writes a configuration folder with this many principals and three policies each, two managed and one inline, every
 * policy a file of its own. The same number gives the same bytes.
 */
export function writeLargeAccount(folder: string, principals: number): LargeAccount {
  const config = join(folder, 'config');
  const policies = join(folder, 'policies');
  for (let index = 0; index < TEAMS; index += 1) mkdirSync(join(policies, team(index)), { recursive: true });
  mkdirSync(join(policies, 'trust'), { recursive: true });
  mkdirSync(config, { recursive: true });
  const account: LargeAccount = {
    config: join(config, 'proxy.yaml'),
    principals: join(config, 'principals.yaml'),
    policies,
    accessKey: (index) => ({ id: `AKIALARGE${String(index).padStart(11, '0')}`, secret: `secret-${index}` }),
    policyFile: (index, policy) => join(policies, `${policyName(index, policy)}.json`),
  };
  writeFileSync(join(policies, 'trust', 'tasks.json'), document(TRUST));
  writeFileSync(account.config, 'listen: { port: 0 }\nprincipals: principals.yaml\npolicies: ../policies\n');
  const indices = Array.from({ length: principals }, (_, index) => index);
  for (const index of indices)
    for (const policy of ['read', 'write', 'events'] as const)
      writeFileSync(
        account.policyFile(index, policy),
        document(STATEMENTS[policy](nameOf(index), index) as object),
      );
  const section = (name: string, members: readonly string[]): string =>
    members.length === 0 ? '' : `${name}:\n${members.join('')}`;
  const users = indices.filter((index) => !isRole(index)).map((index) => userEntry(index, account));
  const roles = indices.filter(isRole).map(roleEntry);
  writeFileSync(account.principals, section('users', users) + section('roles', roles));
  return account;
}

const policyName = (index: number, policy: PolicyName): string => `${team(index)}/${nameOf(index)}-${policy}`;

const attached = (index: number): string => `    managedPolicies:
      - ${policyName(index, 'read')}
      - ${policyName(index, 'write')}
    inlinePolicies: [${policyName(index, 'events')}]
    tags: { team: ${team(index)} }
`;

function userEntry(index: number, { accessKey }: LargeAccount): string {
  const { id, secret } = accessKey(index);
  return `  ${nameOf(index)}:\n    accessKeys: [{ id: ${id}, secret: ${secret} }]\n${attached(index)}`;
}

const roleEntry = (index: number): string =>
  `  ${nameOf(index)}:\n    trustPolicy: trust/tasks\n${attached(index)}`;
