import { ANY, type Authorization, given, type IamEntityType, type ResourceSource } from './check.ts';
import { iamActions } from './iam-actions.ts';
import type { Operation, StructureShape } from './shape.ts';

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

/** Operations whose resource the reference and the model do not join. */
const BY_HAND: Readonly<Record<string, { readonly resource: ResourceSource; readonly reason: string }>> = {
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

/** `*` where the reference lists no type, or one that no member names: such an operation needs a grant on everything. */
function listedResource(operation: string, input: StructureShape | undefined): ResourceSource {
  const details = iamActions().describe('iam', operation);
  const types = [...(details?.resourceTypes ?? []), ...(details?.optionalResourceTypes ?? [])];
  return types.map((type) => resourceOf(type, input)).find((source) => source !== undefined) ?? ANY;
}

function resourceOf(type: string, input: StructureShape | undefined): ResourceSource | undefined {
  const byArn = Object.hasOwn(BY_ARN, type) ? BY_ARN[type] : undefined;
  if (byArn !== undefined && input?.members.has(byArn)) return given(byArn);
  const member = isEntityType(type) ? BY_NAME[type] : undefined;
  if (!isEntityType(type) || member === undefined || !input?.members.has(member)) return undefined;
  return { from: 'iamEntity', type, path: [member], orCaller: !input.required.has(member) };
}

function isEntityType(type: string): type is IamEntityType {
  return Object.hasOwn(BY_NAME, type);
}
