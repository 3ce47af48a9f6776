import { entityNamed } from '../../directory/find-caller.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { type IamCall, textIn } from './call.ts';
import { type Entity, NAME_MEMBERS } from './entities.ts';
import { findPolicy, localPolicies } from './managed-policy.ts';
import { noSuch, noSuchEntity, noSuchPolicy, noSuchPolicyVersion, noSuchProvider } from './refusals.ts';
import { inlineName } from './views.ts';

/**
 * Deletes of what the folder never has, and IAM's sentence for that; `{Member}` is replaced by that member of the request.
 * Sentences that were not captured from AWS are formed like the others.
 */
export const NEVER_THERE: Readonly<Record<string, string>> = {
  DeleteAccountAlias: 'The account alias with name {AccountAlias} cannot be found.',
  DeleteAccountPasswordPolicy: 'The Password Policy with domain name {account} cannot be found.',
  DeleteInstanceProfile: 'Instance Profile {InstanceProfileName} cannot be found.',
  RemoveRoleFromInstanceProfile: 'Instance Profile {InstanceProfileName} cannot be found.',
  DeleteLoginProfile: 'Login Profile for User {UserName} cannot be found.',
  DeleteSAMLProvider: 'Manifest not found for arn {SAMLProviderArn}',
  DeleteServerCertificate: 'The Server Certificate with name {ServerCertificateName} cannot be found.',
  DeleteServiceSpecificCredential:
    'The Service Specific Credential with id {ServiceSpecificCredentialId} cannot be found.',
  DeleteSigningCertificate: 'The Certificate with id {CertificateId} cannot be found.',
  DeleteSSHPublicKey: 'The Public Key with id {SSHPublicKeyId} cannot be found.',
};

type Refused = { readonly error: AwsError } | undefined;

/** The first entity that a write names and that does not exist: the user, group or role, then what it has. */
export function missingEntity(call: IamCall): AwsError | undefined {
  const refused =
    missingNamed(call, 'user') ??
    missingNamed(call, 'group') ??
    missingNamed(call, 'role') ??
    missingPolicy(call) ??
    missingPart(call);
  return refused?.error;
}

const operationOf = ({ route }: IamCall): string => route.operation.name;

const KINDS = ['user', 'group', 'role'] as const satisfies readonly Entity['kind'][];

/** The members that name an entity, and the operation that makes it. */
const CREATES: Readonly<Record<Entity['kind'], string>> = {
  user: 'CreateUser',
  group: 'CreateGroup',
  role: 'CreateRole',
};

function entityOf({ directory, ...call }: IamCall, kind: Entity['kind']): Entity | undefined {
  const { users, groups, roles } = directory;
  const name = textIn(call, NAME_MEMBERS[kind]);
  return name === undefined
    ? undefined
    : entityNamed<Entity>({ user: users, group: groups, role: roles }[kind], name);
}

function missingNamed(call: IamCall, kind: Entity['kind']): Refused {
  const name = textIn(call, NAME_MEMBERS[kind]);
  const exists = name === undefined || operationOf(call) === CREATES[kind] || entityOf(call, kind);
  return exists ? undefined : noSuch(kind, name ?? '');
}

function missingPolicy(call: IamCall): Refused {
  const arn = textIn(call, 'PolicyArn');
  if (arn === undefined) return undefined;
  const policy = findPolicy(call.directory, arn);
  if (policy === undefined) return noSuchPolicy(arn);
  const version = textIn(call, 'VersionId');
  return version === undefined || version === policy.versionId
    ? undefined
    : noSuchPolicyVersion(arn, version);
}

/** What a delete or detach takes from an entity that exists. */
function missingPart(call: IamCall): Refused {
  const operation = operationOf(call);
  const sentence = NEVER_THERE[operation];
  if (sentence !== undefined) return noSuchEntity(filled(sentence, call));
  const entity = KINDS.map((kind) => entityOf(call, kind)).find((each) => each !== undefined);
  if (entity && /^Delete(?:User|Group|Role)Policy$/.test(operation)) {
    const name = textIn(call, 'PolicyName') ?? '';
    if (!entity.inlinePolicies.some((each) => inlineName(each) === name))
      return noSuch(`${entity.kind} policy`, name);
  }
  if (entity && operation.startsWith('Detach')) {
    const arn = textIn(call, 'PolicyArn') ?? '';
    if (!entity.managedPolicies.some((each) => each.arn === arn)) return noSuchPolicy(arn);
  }
  return missingKey(call, entity) ?? missingDevice(call) ?? missingProvider(call);
}

function missingKey(call: IamCall, entity: Entity | undefined): Refused {
  if (!/^(?:Update|Delete)AccessKey$/.test(operationOf(call))) return undefined;
  const { principal } = call.caller;
  const own = principal.type === 'User' ? call.directory.users.get(principal.userName) : undefined;
  const user = textIn(call, NAME_MEMBERS.user) === undefined ? own : entity;
  const id = textIn(call, 'AccessKeyId') ?? '';
  const exists = user?.kind === 'user' && user.accessKeys.some((key) => key.id === id);
  return exists ? undefined : noSuchEntity(`The Access Key with id ${id} cannot be found`);
}

function missingDevice(call: IamCall): Refused {
  if (!/^(?:DeleteVirtual|Deactivate)MFADevice$/.test(operationOf(call))) return undefined;
  const serial = textIn(call, 'SerialNumber') ?? '';
  const exists = [...call.directory.users.values()].some(({ mfa }) => mfa?.serialNumber === serial);
  return exists ? undefined : noSuchEntity(`VirtualMFADevice with serial number ${serial} does not exist.`);
}

function missingProvider(call: IamCall): Refused {
  const arn = textIn(call, 'OpenIDConnectProviderArn');
  if (arn === undefined) return undefined;
  return call.directory.oidcProviders.some((each) => each.arn === arn) ? undefined : noSuchProvider(arn);
}

/** IAM's error for a create of what exists. */
export function conflictOf(call: IamCall): AwsError | undefined {
  const operation = operationOf(call);
  const kind = KINDS.find((each) => CREATES[each] === operation);
  const existing = kind && entityOf(call, kind);
  if (existing) return conflict(`${TITLES[existing.kind]} with name ${existing.name} already exists.`);
  const name = textIn(call, 'PolicyName');
  const isTaken =
    operation === 'CreatePolicy' && localPolicies(call.directory).some((each) => each.name === name);
  return isTaken
    ? conflict(`A policy called ${name} already exists. Duplicate names are not allowed.`)
    : undefined;
}

const TITLES: Readonly<Record<Entity['kind'], string>> = { user: 'User', group: 'Group', role: 'Role' };

const conflict = (message: string): AwsError => awsError('EntityAlreadyExists', message);

const filled = (sentence: string, call: IamCall): string =>
  sentence.replace(/\{(\w+)\}/g, (_, member: string) =>
    member === 'account' ? call.directory.account : (textIn(call, member) ?? `<${member}>`),
  );
