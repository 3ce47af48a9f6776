import { type AwsError, awsError } from '../../lib/errors.ts';
import { type IamCall, textIn } from './call.ts';
import { conflictOf, missingEntity, NEVER_THERE } from './write-targets.ts';

/** Where in the files the change belongs; `{Member}` is replaced by that member of the request. */
interface Place {
  readonly operations: RegExp;
  readonly edit: string;
}

const USER = 'users.{UserName}';
const GROUP = 'groups.{GroupName}';
const ROLE = 'roles.{RoleName}';

/** The first row that matches an operation's name is the one. */
const PLACES: readonly Place[] = [
  { operations: /^(?:Attach|Detach)UserPolicy$/, edit: `${USER}.managedPolicies in principals.yaml` },
  { operations: /^(?:Attach|Detach)GroupPolicy$/, edit: `${GROUP}.managedPolicies in principals.yaml` },
  { operations: /^(?:Attach|Detach)RolePolicy$/, edit: `${ROLE}.managedPolicies in principals.yaml` },
  { operations: /^(?:Put|Delete)UserPolicy$/, edit: inline(USER) },
  { operations: /^(?:Put|Delete)GroupPolicy$/, edit: inline(GROUP) },
  { operations: /^(?:Put|Delete)RolePolicy$/, edit: inline(ROLE) },
  {
    operations: /^(?:Put|Delete)UserPermissionsBoundary$/,
    edit: `${USER}.permissionsBoundary in principals.yaml`,
  },
  {
    operations: /^(?:Put|Delete)RolePermissionsBoundary$/,
    edit: `${ROLE}.permissionsBoundary in principals.yaml`,
  },
  {
    operations: /^UpdateAssumeRolePolicy$/,
    edit: `the file in policies/ that ${ROLE}.trustPolicy in principals.yaml names`,
  },
  { operations: /^(?:Add|Remove)User(?:To|From)Group$/, edit: `${USER}.groups in principals.yaml` },
  { operations: /^(?:Tag|Untag)User$/, edit: `${USER}.tags in principals.yaml` },
  { operations: /^(?:Tag|Untag)Role$/, edit: `${ROLE}.tags in principals.yaml` },
  { operations: /^(?:Create|Update|Delete)AccessKey$/, edit: `${USER}.accessKeys in principals.yaml` },
  {
    operations: /^(?:CreateVirtual|DeleteVirtual|Deactivate|Enable|Resync)MFADevice$/,
    edit: `${USER}.mfa in principals.yaml`,
  },
  { operations: /^(?:Create|Update|Delete)User$/, edit: `${USER} in principals.yaml` },
  { operations: /^(?:Create|Update|Delete)Group$/, edit: `${GROUP} in principals.yaml` },
  {
    operations: /^(?:Create|Update|Delete|DeleteServiceLinked)Role(?:Description)?$/,
    edit: `${ROLE} in principals.yaml`,
  },
  {
    operations: /^(?:Create|Delete|Tag|Untag)Policy$|^(?:Create|Delete|SetDefault)PolicyVersion$/,
    edit: '{policyFile}',
  },
  {
    operations:
      /^(?:Create|Delete|Tag|Untag)OpenIDConnectProvider$|^(?:Add|Remove|Update).*OpenIDConnectProvider/,
    edit: 'oidcProviders in principals.yaml',
  },
];

function inline(entity: string): string {
  return `policies/{PolicyName}.json, and ${entity}.inlinePolicies in principals.yaml`;
}

const placeOf = (operation: string): Place | undefined =>
  PLACES.find(({ operations }) => operations.test(operation));

/** Whether an operation writes what the folder has a place for, or deletes what it never has. */
export const isKnownWrite = (operation: string): boolean =>
  placeOf(operation) !== undefined || Object.hasOwn(NEVER_THERE, operation);

/**
 * What an operation that writes gets, never a success: IAM's own error where what it names does not exist, or exists
 * already; else the file that holds what it wanted to change.
 */
export function writeRefusal(call: IamCall): AwsError {
  const { name } = call.route.operation;
  const refused = missingEntity(call) ?? conflictOf(call);
  if (refused) return refused;
  const place = placeOf(name);
  const edit = place
    ? `edit ${fill(place.edit, call)} instead; the change counts within a second.`
    : 'principals.yaml and policies/ have no place for what it changes.';
  return awsError('UnmodifiableEntity', `personalize-authz-proxy does not change IAM (iam:${name}): ${edit}`);
}

const fill = (text: string, call: IamCall): string =>
  text.replace(/\{(\w+)\}/g, (_, member: string) =>
    member === 'policyFile' ? policyFile(call) : (textIn(call, member) ?? `<${member}>`),
  );

/** Of the policy that is named by its ARN, or by name and path where it does not exist yet. */
function policyFile(call: IamCall): string {
  const arn = textIn(call, 'PolicyArn');
  const name = arn?.slice(arn.indexOf(':policy/') + ':policy/'.length);
  const path = textIn(call, 'Path')?.slice(1) ?? '';
  return `policies/${name ?? `${path}${textIn(call, 'PolicyName') ?? '<PolicyName>'}`}.json`;
}
