import { type AwsError, awsError } from '../../lib/errors.ts';
import { type IamCall, textIn } from './call.ts';

/** Where in the files the change belongs; `{Member}` stands for that member of the request. */
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
  { operations: /UserPermissionsBoundary$/, edit: `${USER}.permissionsBoundary in principals.yaml` },
  { operations: /RolePermissionsBoundary$/, edit: `${ROLE}.permissionsBoundary in principals.yaml` },
  {
    operations: /^UpdateAssumeRolePolicy$/,
    edit: `the file in policies/ that ${ROLE}.trustPolicy in principals.yaml names`,
  },
  { operations: /^(?:Add|Remove)User(?:To|From)Group$/, edit: `${USER}.groups in principals.yaml` },
  { operations: /^(?:Tag|Untag)User$/, edit: `${USER}.tags in principals.yaml` },
  { operations: /^(?:Tag|Untag)Role$/, edit: `${ROLE}.tags in principals.yaml` },
  { operations: /^(?:Create|Update|Delete)AccessKey$/, edit: `${USER}.accessKeys in principals.yaml` },
  { operations: /MFADevice$/, edit: `${USER}.mfa in principals.yaml` },
  { operations: /^(?:Create|Update|Delete)User$/, edit: `${USER} in principals.yaml` },
  { operations: /^(?:Create|Update|Delete)Group$/, edit: `${GROUP} in principals.yaml` },
  { operations: /^(?:Create|Update|Delete)Role(?:Description)?$/, edit: `${ROLE} in principals.yaml` },
  { operations: /^(?:Create|Delete|SetDefault|Tag|Untag)Policy(?:Version)?$/, edit: '{policyFile}' },
  { operations: /OpenIDConnectProvider/, edit: 'oidcProviders in principals.yaml' },
];

const READS = /^(?:Get|List|Generate|Simulate)/;

function inline(entity: string): string {
  return `policies/{PolicyName}.json, and ${entity}.inlinePolicies in principals.yaml`;
}

/** What an operation that is not answered gets: never a success, and the file that holds what it wanted to change. */
export function unanswered(operation: string, call: IamCall): AwsError {
  if (READS.test(operation))
    return awsError(
      'UnknownOperationException',
      `personalize-authz-proxy does not answer iam:${operation}: principals.yaml and policies/ have nothing of what it reads.`,
    );
  const place = PLACES.find(({ operations }) => operations.test(operation));
  const edit = place
    ? `edit ${fill(place.edit, call)} instead; the change counts within a second.`
    : 'principals.yaml and policies/ have no place for what it changes.';
  return awsError(
    'UnmodifiableEntity',
    `personalize-authz-proxy does not change IAM (iam:${operation}): ${edit}`,
  );
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
