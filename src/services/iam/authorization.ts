import {
  ANY,
  type Authorization,
  given,
  type IamEntityType,
  type NamePart,
  type ResourceSource,
} from '../../model/check.ts';
import { type ActionDetails, iamActions } from '../../model/iam-actions.ts';
import type { Operation, StructureShape } from '../../model/shape.ts';
import { IAM_LISTS } from '../../model/undocumented.ts';

/** Resource type -> the member that names it. */
const BY_NAME: Readonly<Record<IamEntityType, string>> = {
  user: 'UserName',
  role: 'RoleName',
  group: 'GroupName',
  'instance-profile': 'InstanceProfileName',
  'server-certificate': 'ServerCertificateName',
};

/** Resource type -> the member that holds its ARN. */
const BY_ARN: Readonly<Record<string, string>> = {
  mfa: 'SerialNumber',
  'oidc-provider': 'OpenIDConnectProviderArn',
  policy: 'PolicyArn',
  'saml-provider': 'SAMLProviderArn',
};

const ACCOUNT = 'arn:${Partition}:iam::${Account}:';

/** What a member names that is not there yet, or that the member names in a way of its own. */
const named = (type: string, part: NamePart): ResourceSource => ({
  from: 'new',
  template: `${ACCOUNT}${type}/\${Name}`,
  name: [part],
});

/** Operations whose resource is not an entity of the folder; AWS's own policies grant these on such ARNs. */
const BY_TEXT: Readonly<Record<string, ResourceSource>> = {
  CreateUser: named('user', { member: 'UserName', below: 'Path' }),
  CreateRole: named('role', { member: 'RoleName', below: 'Path' }),
  CreateGroup: named('group', { member: 'GroupName', below: 'Path' }),
  CreateInstanceProfile: named('instance-profile', { member: 'InstanceProfileName', below: 'Path' }),
  CreatePolicy: named('policy', { member: 'PolicyName', below: 'Path' }),
  CreateVirtualMFADevice: named('mfa', { member: 'VirtualMFADeviceName', below: 'Path' }),
  UploadServerCertificate: named('server-certificate', { member: 'ServerCertificateName', below: 'Path' }),
  CreateSAMLProvider: named('saml-provider', { member: 'Name' }),
  CreateOpenIDConnectProvider: named('oidc-provider', { member: 'Url', take: /^(?:https:\/\/)?(.+)$/is }),
  GetServiceLinkedRoleDeletionStatus: named('role', {
    member: 'DeletionTaskId',
    take: /^task\/(aws-service-role\/.+)\/[^/]+$/s,
  }),
  GenerateOrganizationsAccessReport: named('access-report', { member: 'EntityPath' }),
  ChangePassword: { from: 'caller' },
};

/** Operations whose resource the reference and the model do not join. */
const BY_HAND: Readonly<Record<string, { readonly resource: ResourceSource; readonly reason: string }>> = {
  CreateServiceLinkedRole: {
    resource: {
      from: 'new',
      template: `${ACCOUNT}role/aws-service-role/\${AWSServiceName}/*`,
      name: [{ member: 'AWSServiceName' }],
    },
    reason: 'the name of the role is known to its service only: a grant must reach all below that service',
  },
  GetAccessKeyLastUsed: {
    resource: { from: 'accessKeyOwner', path: ['AccessKeyId'] },
    reason: 'the user is known by the key only',
  },
  GetContextKeysForPrincipalPolicy: {
    resource: given('PolicySourceArn'),
    reason: 'the principal is given by its ARN, its type is open',
  },
  SimulatePrincipalPolicy: {
    resource: given('PolicySourceArn'),
    reason: 'the principal is given by its ARN, its type is open',
  },
  GenerateServiceLastAccessedDetails: {
    resource: given('Arn'),
    reason: 'the entity is given by its ARN, its type is open',
  },
  ListPoliciesGrantingServiceAccess: {
    resource: given('Arn'),
    reason: 'the entity is given by its ARN, its type is open',
  },
};

/**
 * The row of an IAM operation: its action on the entity that the request names.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export function iamAuthorization({ name, input }: Operation): Authorization {
  const byHand = Object.hasOwn(BY_HAND, name) ? BY_HAND[name] : undefined;
  const resource = byHand?.resource ?? listedResource(name, input);
  return {
    checks: [{ action: `iam:${name}`, resource }],
    undocumented: [],
    ...(byHand && { reason: byHand.reason }),
  };
}

/**
 * What the request names; of a List what it looks through; otherwise `*`: such an operation needs a grant on everything.
 */
function listedResource(operation: string, input: StructureShape | undefined): ResourceSource {
  if (Object.hasOwn(BY_TEXT, operation)) return BY_TEXT[operation] ?? ANY;
  const details = iamActions().describe('iam', operation);
  const types = [...(details?.resourceTypes ?? []), ...(details?.optionalResourceTypes ?? [])];
  const source = types.map((type) => resourceOf(type, input, details)).find((found) => found !== undefined);
  return source ?? listOf(operation, input) ?? ANY;
}

/** Everything of one type, below a path where the List takes one. */
function listOf(operation: string, input: StructureShape | undefined): ResourceSource | undefined {
  const template = Object.hasOwn(IAM_LISTS, operation) ? IAM_LISTS[operation] : undefined;
  if (template === undefined) return undefined;
  return input?.members.has('PathPrefix')
    ? { from: 'pathPrefix', template, path: ['PathPrefix'] }
    : { from: 'fixed', template: `${template}/` };
}

function resourceOf(
  type: string,
  input: StructureShape | undefined,
  details: ActionDetails | undefined,
): ResourceSource | undefined {
  const byArn = Object.hasOwn(BY_ARN, type) ? BY_ARN[type] : undefined;
  if (byArn !== undefined && input?.members.has(byArn)) return given(byArn);
  const member = isEntityType(type) ? BY_NAME[type] : undefined;
  if (!isEntityType(type) || member === undefined || !input?.members.has(member)) return undefined;
  if (input.required.has(member)) return { from: 'iamEntity', type, path: [member], unnamed: 'nothing' };
  const unnamed = details?.resourceTypes.includes(type) ? 'caller' : 'any';
  return { from: 'iamEntity', type, path: [member], unnamed };
}

function isEntityType(type: string): type is IamEntityType {
  return Object.hasOwn(BY_NAME, type);
}
