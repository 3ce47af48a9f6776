import { beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { outputOf } from '../../../src/services/iam/handle-call.ts';
import { callOf, directoryOf, FOLDER, iamArn, refusalOf } from './arrangements.ts';

let directory: Directory;
beforeAll(async () => {
  directory = await directoryOf(FOLDER);
});

const DOCUMENT = '{}';
const OPERATOR = iamArn('policy/campaigns/operator');
const POWER_USER = 'arn:aws:iam::aws:policy/PowerUserAccess';
const UNKNOWN_POLICY = iamArn('policy/none');

describe('a write of IAM', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['DeleteUser', { UserName: 'carol' }, 'The user with name carol cannot be found.'],
    ['DeleteGroup', { GroupName: 'none' }, 'The group with name none cannot be found.'],
    ['DeleteRole', { RoleName: 'none' }, 'The role with name none cannot be found.'],
    ['DeleteServiceLinkedRole', { RoleName: 'none' }, 'The role with name none cannot be found.'],
    [
      'DetachUserPolicy',
      { UserName: 'carol', PolicyArn: OPERATOR },
      'The user with name carol cannot be found.',
    ],
    ['DetachUserPolicy', { UserName: 'alice', PolicyArn: POWER_USER }, `Policy ${POWER_USER} was not found.`],
    [
      'DetachRolePolicy',
      { RoleName: 'recommender', PolicyArn: UNKNOWN_POLICY },
      `Policy ${UNKNOWN_POLICY} was not found.`,
    ],
    [
      'DetachGroupPolicy',
      { GroupName: 'analysts', PolicyArn: OPERATOR },
      `Policy ${OPERATOR} was not found.`,
    ],
    [
      'DeleteUserPolicy',
      { UserName: 'alice', PolicyName: 'look' },
      'The user policy with name look cannot be found.',
    ],
    [
      'DeleteRolePolicy',
      { RoleName: 'recommender', PolicyName: 'x' },
      'The role policy with name x cannot be found.',
    ],
    [
      'DeleteGroupPolicy',
      { GroupName: 'readers', PolicyName: 'look' },
      'The group policy with name look cannot be found.',
    ],
    ['DeletePolicy', { PolicyArn: UNKNOWN_POLICY }, `Policy ${UNKNOWN_POLICY} was not found.`],
    [
      'DeletePolicyVersion',
      { PolicyArn: OPERATOR, VersionId: 'v2' },
      `Policy ${OPERATOR} version v2 was not found.`,
    ],
    [
      'DeleteAccessKey',
      { UserName: 'bob', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
      'The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found',
    ],
    [
      'DeleteAccessKey',
      { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
      'The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found',
    ],
    [
      'DeleteVirtualMFADevice',
      { SerialNumber: iamArn('mfa/bob') },
      `VirtualMFADevice with serial number ${iamArn('mfa/bob')} does not exist.`,
    ],
    ['DeleteLoginProfile', { UserName: 'bob' }, 'Login Profile for User bob cannot be found.'],
    ['DeleteLoginProfile', { UserName: 'carol' }, 'The user with name carol cannot be found.'],
    ['DeleteInstanceProfile', { InstanceProfileName: 'web' }, 'Instance Profile web cannot be found.'],
    ['DeleteAccountPasswordPolicy', {}, 'The Password Policy with domain name 123456789012 cannot be found.'],
    [
      'RemoveUserFromGroup',
      { GroupName: 'none', UserName: 'bob' },
      'The group with name none cannot be found.',
    ],
    [
      'PutUserPolicy',
      { UserName: 'carol', PolicyName: 'p', PolicyDocument: DOCUMENT },
      'The user with name carol cannot be found.',
    ],
    [
      'AttachRolePolicy',
      { RoleName: 'recommender', PolicyArn: UNKNOWN_POLICY },
      `Policy ${UNKNOWN_POLICY} was not found.`,
    ],
  ])('%s of what does not exist is NoSuchEntity: %o', (operation, input, message) => {
    expect(refusalOf(directory, operation, input)).toEqual({ code: 'NoSuchEntity', message });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['CreateUser', { UserName: 'ALICE' }, 'User with name alice already exists.'],
    ['CreateGroup', { GroupName: 'readers' }, 'Group with name readers already exists.'],
    [
      'CreateRole',
      { RoleName: 'recommender', AssumeRolePolicyDocument: DOCUMENT },
      'Role with name recommender already exists.',
    ],
    [
      'CreatePolicy',
      { PolicyName: 'operator', PolicyDocument: DOCUMENT },
      'A policy called operator already exists. Duplicate names are not allowed.',
    ],
  ])('%s of what exists is EntityAlreadyExists', (operation, input, message) => {
    expect(refusalOf(directory, operation, input)).toEqual({ code: 'EntityAlreadyExists', message });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['DeleteUser', { UserName: 'alice' }, 'users.alice in principals.yaml'],
    ['DetachUserPolicy', { UserName: 'alice', PolicyArn: OPERATOR }, 'users.alice.managedPolicies'],
    ['DeleteUserPolicy', { UserName: 'alice', PolicyName: 'own.look' }, 'users.alice.inlinePolicies'],
    ['DeleteAccessKey', { UserName: 'alice', AccessKeyId: 'AKIAIOSFODNN7RETIRED' }, 'users.alice.accessKeys'],
    ['DeletePolicy', { PolicyArn: OPERATOR }, 'policies/campaigns/operator.json'],
    ['DeleteVirtualMFADevice', { SerialNumber: iamArn('mfa/alice') }, '.mfa in principals.yaml'],
    ['CreateUser', { UserName: 'carol' }, 'users.carol in principals.yaml'],
    [
      'CreatePolicy',
      { PolicyName: 'new', Path: '/shop/', PolicyDocument: DOCUMENT },
      'policies/shop/new.json',
    ],
  ])('%s that the files have a place for names it', (operation, input, place) => {
    expect(refusalOf(directory, operation, input)).toEqual({
      code: 'UnmodifiableEntity',
      message: expect.stringContaining(place),
    });
  });

  it('deletes a provider that does not exist, and no other', () => {
    const deleted = (url: string) =>
      outputOf(
        callOf(directory, 'DeleteOpenIDConnectProvider', {
          OpenIDConnectProviderArn: iamArn(`oidc-provider/${url}`),
        }),
      );
    expect(deleted('none.example.com')).toEqual({ ok: true, value: {} });
    expect(deleted('token.example.com/oidc')).toMatchObject({
      error: {
        code: 'UnmodifiableEntity',
        message: expect.stringContaining('oidcProviders in principals.yaml'),
      },
    });
  });

  it('is validated before its entity is looked up', () => {
    expect(refusalOf(directory, 'DeleteUser', {})).toMatchObject({ code: 'ValidationError' });
  });
});
