import type { Directory } from '../../directory/directory.ts';
import { localPolicies } from './managed-policy.ts';

/** IAM's quotas as every account has them. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const QUOTAS: Readonly<Record<string, number>> = {
  UsersQuota: 5000,
  GroupsQuota: 300,
  RolesQuota: 1000,
  PoliciesQuota: 1500,
  InstanceProfilesQuota: 1000,
  ServerCertificatesQuota: 20,
  UserPolicySizeQuota: 2048,
  GroupPolicySizeQuota: 5120,
  RolePolicySizeQuota: 10_240,
  PolicySizeQuota: 6144,
  AssumeRolePolicySizeQuota: 2048,
  GroupsPerUserQuota: 10,
  AccessKeysPerUserQuota: 2,
  SigningCertificatesPerUserQuota: 2,
  AttachedPoliciesPerUserQuota: 10,
  AttachedPoliciesPerGroupQuota: 10,
  AttachedPoliciesPerRoleQuota: 20,
  VersionsPerPolicyQuota: 5,
  PolicyVersionsInUseQuota: 10_000,
};

/** What an account has that the folder has no words for. */
const NONE: Readonly<Record<string, number>> = {
  InstanceProfiles: 0,
  ServerCertificates: 0,
  AccountMFAEnabled: 0,
  AccountAccessKeysPresent: 0,
  AccountPasswordPresent: 0,
  AccountSigningCertificatesPresent: 0,
};

/** How many of everything there are. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
export function accountSummary(directory: Directory): Readonly<Record<string, number>> {
  const policies = localPolicies(directory).length;
  const devices = [...directory.users.values()].filter(({ mfa }) => mfa).length;
  return {
    Users: directory.users.size,
    Groups: directory.groups.size,
    Roles: directory.roles.size,
    Policies: policies,
    PolicyVersionsInUse: policies,
    Providers: directory.oidcProviders.length,
    MFADevices: devices,
    MFADevicesInUse: devices,
    GlobalEndpointTokenVersion: 1,
    ...NONE,
    ...QUOTAS,
  };
}
