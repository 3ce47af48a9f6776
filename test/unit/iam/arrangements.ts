import type { Directory } from '../../../src/directory/directory.ts';
import { findCaller } from '../../../src/directory/find-caller.ts';
import type { DirectoryInput } from '../../../src/directory/read-directory.ts';
import { readDirectoryInput } from '../../../src/directory/read-directory.ts';
import { accountId } from '../../../src/lib/identifiers.ts';
import { DecisionLog } from '../../../src/records/decision-log.ts';
import type { IamCall, Output } from '../../../src/services/iam/call.ts';
import { outputOf } from '../../../src/services/iam/handle-call.ts';
import { REQUEST_ID, request, routeOf } from '../wire/requests.ts';

export const ACCOUNT = accountId('123456789012');
export const iamArn = (resource: string): string => `arn:aws:iam::${ACCOUNT}:${resource}`;

export const allow = (action: string | readonly string[], resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
});

export const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

const KEY_SET = { keys: [{ kty: 'RSA', kid: '1', n: 'AQAB', e: 'AQAB' }] };

/** An account with one of everything that IAM can tell of. */
export const FOLDER: Pick<DirectoryInput, 'principals' | 'policies'> = {
  principals: {
    users: {
      alice: {
        path: '/teams/ml/',
        accessKeys: [
          { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'secret-of-alice' },
          { id: 'AKIAIOSFODNN7RETIRED', secret: 'old-secret-of-alice', status: 'Inactive' },
        ],
        groups: ['analysts', 'readers'],
        managedPolicies: ['AmazonPersonalizeFullAccess', 'campaigns/operator'],
        inlinePolicies: ['own/look'],
        permissionsBoundary: 'boundary',
        tags: { team: 'ml', site: 'Zürich + Bern' },
        mfa: { secret: 'JBSWY3DPEHPK3PXP' },
      },
      bob: { accessKeys: [{ id: 'AKIALOCALBOB00000000', secret: 'secret-of-bob' }] },
    },
    groups: {
      analysts: { managedPolicies: ['PowerUserAccess'], inlinePolicies: ['look'] },
      readers: { path: '/teams/' },
    },
    roles: {
      recommender: {
        trustPolicy: 'trust/ecs-tasks',
        managedPolicies: ['campaigns/operator'],
        inlinePolicies: ['look'],
        permissionsBoundary: 'boundary',
        maxSessionDuration: 7200,
        tags: { application: 'shop' },
      },
    },
    oidcProviders: [
      { url: 'https://token.example.com/oidc', clientIds: ['sts.amazonaws.com'], jwks: KEY_SET },
    ],
  },
  policies: {
    boundary: allow(['personalize:*', 'iam:*']),
    'campaigns/operator': allow('personalize:UpdateCampaign'),
    'own/look': allow('iam:GetUser'),
    look: allow('personalize:Describe*'),
    'trust/ecs-tasks': TRUST,
    unused: allow('personalize:ListSolutions'),
  },
};

export async function directoryOf(
  folder: Pick<DirectoryInput, 'principals' | 'policies'>,
): Promise<Directory> {
  const read = await readDirectoryInput({ ...folder, account: ACCOUNT, partition: 'aws' });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

export const DECISION_ID = 'd0000000-0000-4000-8000-000000000000';

/** A call as the pipeline hands it on; bob calls unless another principal is named. */
export function callOf(
  directory: Directory,
  operation: string,
  input: Output = {},
  change: Partial<IamCall> & { readonly as?: string } = {},
): IamCall {
  const { as = 'bob', ...rest } = change;
  const caller = findCaller(directory, as);
  if (!caller.ok) throw new Error(caller.error);
  return {
    route: routeOf('iam', operation),
    caller: caller.value,
    requestId: REQUEST_ID,
    request: request({}),
    decisionId: DECISION_ID,
    input,
    directory,
    log: new DecisionLog(),
    ...rest,
  };
}

/** The output of an operation that must succeed. */
export function outputOrThrow(...call: Parameters<typeof callOf>): Output {
  const output = outputOf(callOf(...call));
  if (!output.ok) throw new Error(`${output.error.code}: ${output.error.message}`);
  return output.value;
}

/** What an operation that must fail answers. */
export function refusalOf(...call: Parameters<typeof callOf>): { code: string; message: string } {
  const output = outputOf(callOf(...call));
  if (output.ok) throw new Error(`a success: ${JSON.stringify(output.value)}`);
  return output.error;
}
