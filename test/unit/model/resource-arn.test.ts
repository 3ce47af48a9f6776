import { describe, expect, it } from 'vitest';
import { accountId, arnOf } from '../../../src/lib/identifiers.ts';
import { findOperation } from '../../../src/model/load.ts';
import { isAsked, resourceArns } from '../../../src/model/resource-arn.ts';
import type { ServiceName } from '../../../src/model/shape.ts';
import { authorizationOf } from '../../../src/services/services.ts';

const OWN = 'arn:aws:personalize:us-east-1:123456789012';
const ROLE = 'arn:aws:iam::123456789012:role/personalize-s3';
const SCOPE = {
  partition: 'aws',
  region: 'us-east-1',
  account: accountId('123456789012'),
  iamEntityArn: (type: string, name: string | undefined) =>
    arnOf(`arn:aws:iam::123456789012:${type}/staff/${name ?? 'the-caller'}`),
  accessKeyOwnerArn: (id: string) =>
    id === 'AKIAKNOWN' ? arnOf('arn:aws:iam::123456789012:user/alice') : undefined,
};

/** `action resource` of each check that the request asks for. */
function checksOf(service: ServiceName, name: string, input: Record<string, unknown>): readonly string[] {
  const operation = findOperation(service, name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return authorizationOf(operation)
    .checks.filter((check) => isAsked(check, input))
    .flatMap(({ action, resource }) => resourceArns(resource, input, SCOPE).map((arn) => `${action} ${arn}`));
}

describe('the resources of a request', () => {
  it.each<[string, Record<string, unknown>, readonly string[]]>([
    [
      'CreateCampaign',
      { name: 'shop', solutionVersionArn: `${OWN}:solution/shop/abc` },
      [`CreateCampaign ${OWN}:campaign/shop`, `CreateCampaign ${OWN}:solution/shop/abc`],
    ],
    [
      'CreateDataset',
      { name: 'events', datasetGroupArn: `${OWN}:dataset-group/shop`, datasetType: 'Interactions' },
      [`CreateDataset ${OWN}:dataset/shop/INTERACTIONS`, `CreateDataset ${OWN}:dataset-group/shop`],
    ],
    [
      'CreateEventTracker',
      { name: 'web', datasetGroupArn: `${OWN}:dataset-group/shop` },
      [`CreateEventTracker ${OWN}:event-tracker/web`, `CreateEventTracker ${OWN}:dataset-group/shop`],
    ],
    ['ListCampaigns', { solutionArn: `${OWN}:solution/shop` }, [`ListCampaigns ${OWN}:solution/shop`]],
    ['ListCampaigns', {}, ['ListCampaigns *']],
    [
      'DescribeRecipe',
      { recipeArn: 'arn:aws:personalize:::recipe/aws-sims' },
      ['DescribeRecipe arn:aws:personalize:::recipe/aws-sims'],
    ],
    ['TagResource', { resourceArn: `${OWN}:filter/f`, tags: [{}] }, [`TagResource ${OWN}:filter/f`]],
  ])('of %s are formed from its input', (name, input, wanted) => {
    expect(checksOf('personalize', name, input)).toEqual(wanted.map((check) => `personalize:${check}`));
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['ListUsers', {}, 'arn:aws:iam::123456789012:user/'],
    ['ListUsers', { PathPrefix: '/staff/' }, 'arn:aws:iam::123456789012:user/staff/'],
    ['ListRoles', {}, 'arn:aws:iam::123456789012:role/'],
    ['ListGroups', { PathPrefix: '/' }, 'arn:aws:iam::123456789012:group/'],
    ['ListPolicies', {}, 'policy path /'],
    ['ListPolicies', { PathPrefix: '/staff/' }, 'policy path /staff/'],
    ['ListVirtualMFADevices', {}, 'arn:aws:iam::123456789012:mfa/'],
    ['ListMFADevices', {}, '*'],
    ['ListMFADevices', { UserName: 'alice' }, 'arn:aws:iam::123456789012:user/staff/alice'],
    ['ListInstanceProfiles', {}, 'arn:aws:iam::123456789012:instance-profile/'],
    ['ListServerCertificates', {}, 'arn:aws:iam::123456789012:server-certificate/'],
    ['ListSAMLProviders', {}, 'arn:aws:iam::123456789012:saml-provider/'],
    ['ListOpenIDConnectProviders', {}, 'arn:aws:iam::123456789012:oidc-provider/'],
    ['ListAccountAliases', {}, '*'],
    ['ListAccessKeys', {}, 'arn:aws:iam::123456789012:user/staff/the-caller'],
    [
      'CreateRole',
      { RoleName: 'r', Path: '/service-role/' },
      'arn:aws:iam::123456789012:role/service-role/r',
    ],
    ['CreatePolicy', { PolicyName: 'p' }, 'arn:aws:iam::123456789012:policy/p'],
    ['CreateSAMLProvider', { Name: 'AWSSSO_1' }, 'arn:aws:iam::123456789012:saml-provider/AWSSSO_1'],
    [
      'CreateOpenIDConnectProvider',
      { Url: 'https://oidc.example.com/id/1' },
      'arn:aws:iam::123456789012:oidc-provider/oidc.example.com/id/1',
    ],
    [
      'GetServiceLinkedRoleDeletionStatus',
      { DeletionTaskId: 'task/aws-service-role/x.amazonaws.com/AWSServiceRoleForX/1a2b' },
      'arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX',
    ],
    [
      'CreateServiceLinkedRole',
      { AWSServiceName: 'x.amazonaws.com' },
      'arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/*',
    ],
    ['ChangePassword', {}, 'arn:aws:iam::123456789012:user/staff/the-caller'],
  ])('of IAM %s with %j is what its denials name', (name, input, resource) => {
    expect(checksOf('iam', name, input)).toEqual([`iam:${name} ${resource}`]);
  });

  it('hold the new ARN for tags on create, and the role that is passed, last', () => {
    const input = { name: 'shop', roleArn: ROLE, tags: [{ tagKey: 'team', tagValue: 'ml' }] };
    expect(checksOf('personalize', 'CreateDatasetGroup', input)).toEqual([
      `personalize:CreateDatasetGroup ${OWN}:dataset-group/shop`,
      `personalize:TagResource ${OWN}:dataset-group/shop`,
      `iam:PassRole ${ROLE}`,
    ]);
  });

  it('hold neither where no tags and no role are given', () => {
    expect(checksOf('personalize', 'CreateDatasetGroup', { name: 'shop', tags: [] })).toHaveLength(1);
  });

  it('find the role inside the output configuration of a metric attribution', () => {
    const input = {
      metricAttributionArn: `${OWN}:metric-attribution/m`,
      metricsOutputConfig: { roleArn: ROLE },
    };
    expect(checksOf('personalize', 'UpdateMetricAttribution', input)).toContain(`iam:PassRole ${ROLE}`);
  });

  it('tag a version that has no id yet below its solution', () => {
    const input = { solutionArn: `${OWN}:solution/shop`, tags: [{}] };
    expect(checksOf('personalize', 'CreateSolutionVersion', input)).toEqual([
      `personalize:CreateSolutionVersion ${OWN}:solution/shop`,
      `personalize:TagResource ${OWN}:solution/shop/*`,
    ]);
  });

  it('are the campaign or the recommender, and unknown where both or neither is given', () => {
    const campaignArn = `${OWN}:campaign/shop`;
    const recommenderArn = `${OWN}:recommender/shop`;
    const asked = (input: Record<string, unknown>) =>
      checksOf('personalize-runtime', 'GetRecommendations', input);
    expect(asked({ campaignArn })).toEqual([`personalize:GetRecommendations ${campaignArn}`]);
    expect(asked({ recommenderArn })).toEqual([`personalize:GetRecommendations ${recommenderArn}`]);
    expect(asked({ campaignArn, recommenderArn })).toEqual([]);
    expect(asked({})).toEqual([]);
  });

  it('are unknown where the dataset group has no name', () => {
    const input = { datasetGroupArn: `${OWN}:dataset-group`, datasetType: 'Items' };
    expect(checksOf('personalize', 'CreateDataset', input)).toEqual([
      `personalize:CreateDataset ${OWN}:dataset-group`,
    ]);
  });

  it('include every filter of the promotions among what is undocumented', () => {
    const input = { promotions: [{ filterArn: 'arn:a' }, {}, { filterArn: 'arn:b' }] };
    const path = ['promotions', '*', 'filterArn'];
    expect(resourceArns({ from: 'member', path }, input, SCOPE)).toEqual(['arn:a', 'arn:b']);
  });

  it('of IAM are entities with their paths, the caller where no user is named', () => {
    expect(checksOf('iam', 'GetUser', { UserName: 'bob' })).toEqual([
      'iam:GetUser arn:aws:iam::123456789012:user/staff/bob',
    ]);
    expect(checksOf('iam', 'GetUser', {})).toEqual([
      'iam:GetUser arn:aws:iam::123456789012:user/staff/the-caller',
    ]);
    expect(checksOf('iam', 'GetAccessKeyLastUsed', { AccessKeyId: 'AKIAKNOWN' })).toEqual([
      'iam:GetAccessKeyLastUsed arn:aws:iam::123456789012:user/alice',
    ]);
  });

  it('of AssumeRole are the role, once for each thing that the session carries', () => {
    const input = { RoleArn: ROLE, Tags: [{}], SourceIdentity: 'alice' };
    expect(checksOf('sts', 'AssumeRole', input)).toEqual([
      `sts:AssumeRole ${ROLE}`,
      `sts:TagSession ${ROLE}`,
      `sts:SetSourceIdentity ${ROLE}`,
    ]);
    expect(checksOf('sts', 'GetFederationToken', { Name: 'bob' })).toEqual([
      'sts:GetFederationToken arn:aws:sts::123456789012:federated-user/bob',
    ]);
  });
});
