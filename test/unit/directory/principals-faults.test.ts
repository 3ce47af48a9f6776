import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDirectory } from '../../../src/directory/read-directory.ts';
import type { Diagnostic } from '../../../src/lib/errors.ts';
import { allow, TRUST, temporaryFolder } from './temporary-folder.ts';

const POLICIES = { 'policies/reader.json': allow('personalize:List*'), 'policies/trust.json': TRUST };

/** `LINE:COLUMN rule message` of every error, all of them in principals.yaml. */
async function diagnosticsOf(principals: string, policies: Readonly<Record<string, string>> = POLICIES) {
  await using folder = await temporaryFolder({ 'principals.yaml': principals, ...policies });
  const result = await readDirectory(folder.options);
  const diagnostics: readonly Diagnostic[] = result.ok ? result.value.warnings : result.error;
  return diagnostics
    .filter(({ file }) => file === join(folder.path, 'principals.yaml'))
    .map(({ line, column, rule, message }) => `${line}:${column} ${rule} ${message}`);
}

describe('principals.yaml', () => {
  it('may be empty: there are no principals then', async () => {
    expect(await diagnosticsOf('')).toEqual([]);
    expect(await diagnosticsOf('users:\ngroups:\n')).toEqual([]);
  });

  it('is reported if it is not valid YAML', async () => {
    expect(await diagnosticsOf('users:\n  alice: @\n')).toEqual([expect.stringMatching(/^\d+:\d+ syntax /)]);
  });

  it('is reported with every error at once, of its schema and of its references', async () => {
    const principals = [
      'users:',
      '  alice:',
      '    accesKeys: []',
      '    groups: [analyst]',
      '  bob: { managedPolicies: [raeder], path: ml }',
      'groups:',
      '  analysts: {}',
      'grups: {}',
    ].join('\n');
    expect(await diagnosticsOf(principals)).toEqual([
      '3:5 unknown-key users.alice.accesKeys: unknown key; did you mean "accessKeys"?',
      '4:14 unknown-group users.alice.groups[0]: there is no group "analyst"; did you mean "analysts"?',
      '5:28 unknown-policy users.bob.managedPolicies[0]: there is no policy "raeder"; did you mean "reader"?',
      '5:43 invalid-value users.bob.path: must start and end with "/" and have no spaces, e.g. "/teams/ml/"',
      '8:1 unknown-key grups: unknown key; did you mean "groups"?',
    ]);
  });

  it.each([
    ['users: []', '1:8 wrong-type users: must be a mapping, not a list'],
    ['users: { alice: 3 }', '1:17 wrong-type users.alice: must be a mapping, not a number'],
    [
      'users: { alice: { tags: { cost: 42 } } }',
      '1:33 wrong-type users.alice.tags.cost: must be text, not a number (add quotes)',
    ],
    ['users: { alice: {}, alice: {} }', '1:21 duplicate-key duplicate key "alice"'],
    [
      'users: { "a b": {} }',
      '1:10 invalid-name users.a b: must be 1 to 64 letters, digits or characters of _+=,.@-',
    ],
    [
      `users: { ${'a'.repeat(65)}: {} }`,
      `1:10 invalid-name users.${'a'.repeat(65)}: must be 1 to 64 letters, digits or characters of _+=,.@-`,
    ],
    [
      `groups: { ${'a'.repeat(129)}: {} }`,
      `1:11 invalid-name groups.${'a'.repeat(129)}: must be 1 to 128 letters, digits or characters of _+=,.@-`,
    ],
    [
      'users: { alice: {}, Alice: {} }',
      '1:21 duplicate-name users.Alice: the user "alice" already exists; names are case-insensitive on AWS',
    ],
    [
      'users: { alice: { tags: { team: a, Team: b } } }',
      '1:36 duplicate-name users.alice.tags.Team: the tag "team" already exists; names are case-insensitive on AWS',
    ],
    [
      'users: { alice: { managedPolicies: [reader, reader] } }',
      '1:45 duplicate-name users.alice.managedPolicies[1]: the policy "reader" is already defined at users.alice.managedPolicies[0], line 1',
    ],
    [
      'users: { alice: { groups: [a, a] } }\ngroups: { a: {} }',
      '1:31 duplicate-name users.alice.groups[1]: the group "a" is already defined at users.alice.groups[0], line 1',
    ],
    [
      'users: { alice: { permissionsBoundary: boundary } }',
      '1:40 unknown-policy users.alice.permissionsBoundary: there is no policy "boundary"',
    ],
    [
      'users: { alice: { inlinePolicies: [AmazonPersonalizeFullAccess] } }',
      '1:36 unknown-policy users.alice.inlinePolicies[0]: there is no policy "AmazonPersonalizeFullAccess" in the policies folder',
    ],
    [
      'users: { alice: { managedPolicies: [AmazonPersonaliseFullAccess] } }',
      '1:37 unknown-policy users.alice.managedPolicies[0]: there is no policy "AmazonPersonaliseFullAccess"; did you mean "AmazonPersonalizeFullAccess"?',
    ],
    [
      'users: { alice: { managedPolicies: ["arn:aws:iam::aws:policy/AmazonPersonalizeFullAccess"] } }',
      '1:37 unknown-policy users.alice.managedPolicies[0]: there is no policy "arn:aws:iam::aws:policy/AmazonPersonalizeFullAccess"; did you mean "arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess"?',
    ],
    [
      'users: { alice: { managedPolicies: ["arn:aws:iam::210987654321:policy/reader"] } }',
      '1:37 unknown-policy users.alice.managedPolicies[0]: there is no policy "arn:aws:iam::210987654321:policy/reader"; did you mean "arn:aws:iam::123456789012:policy/reader"?',
    ],
    ['users: { __proto__: {} }', '1:10 invalid-name users.__proto__: invalid name for a user'],
    ['roles: { app: {} }', '1:15 missing-key roles.app.trustPolicy: is missing'],
    [
      'roles: { app: { trustPolicy: trust, maxSessionDuration: 60 } }',
      '1:57 invalid-value roles.app.maxSessionDuration: must be from 3600 to 43200 seconds',
    ],
    [
      'users: { alice: { mfa: { secret: abc } } }',
      '1:34 invalid-value users.alice.mfa.secret: the secret of a virtual MFA device must be base32: 16 or more of A to Z and 2 to 7',
    ],
    [
      'oidcProviders: [{ url: "http://x", jwks: x.json }]',
      '1:24 invalid-value oidcProviders[0].url: must be an https:// URL without a query',
    ],
    [
      'organization: { id: example }',
      '1:21 invalid-value organization.id: must be an organization ID like o-exampleorgid',
    ],
    [
      'organization: { id: o-exampleorgid, path: ou-ab12-11111111 }',
      '1:43 invalid-value organization.path: must be a path like o-exampleorgid/r-ab12/ou-ab12-11111111/',
    ],
    [
      'organization: { id: o-exampleorgid, path: o-anotherorgid/r-ab12/ }',
      '1:43 invalid-value organization.path: must start with the ID of this organization',
    ],
    [
      'users: { alice: { vpcEndpoint: { id: vpce-1, vpc: vpc-0a1b2c3d } } }',
      '1:38 invalid-value users.alice.vpcEndpoint.id: must be an endpoint ID like vpce-0a1b2c3d',
    ],
    [
      'organization: { id: o-exampleorgid, serviceControlPolicies: [[FullAwsAccess]] }',
      '1:63 unknown-policy organization.serviceControlPolicies[0][0]: there is no policy "FullAwsAccess" in the policies folder; did you mean "FullAWSAccess"?',
    ],
    [
      'organization: { id: o-exampleorgid, resourceControlPolicies: [[raeder]] }',
      '1:64 unknown-policy organization.resourceControlPolicies[0][0]: there is no policy "raeder" in the policies folder; did you mean "reader"?',
    ],
  ])('%s is rejected', async (principals, diagnostic) => {
    expect(await diagnosticsOf(principals)).toEqual([diagnostic]);
  });
});

describe('an access key', () => {
  const key = (members: string): string => `users: { alice: { accessKeys: [{ ${members} }] } }`;

  it.each([
    ['id: AKIAIOSFODNN7EXAMPLE', '1:32 missing-key users.alice.accessKeys[0].secret: is missing'],
    [
      'id: AKIAIOSFODNN7EXAMPLE, secret: ""',
      '1:68 invalid-value users.alice.accessKeys[0].secret: the secret is empty',
    ],
    [
      'id: AKIA, secret: s',
      '1:38 invalid-value users.alice.accessKeys[0].id: an access key ID must be 16 to 128 letters, digits or underscores',
    ],
    [
      'id: ASIAIOSFODNN7EXAMPLE, secret: s',
      '1:38 invalid-value users.alice.accessKeys[0].id: access key IDs that start with ASIA are temporary; STS issues them, they cannot be configured',
    ],
    [
      'id: AKIAIOSFODNN7EXAMPLE, secret: s, status: active',
      '1:79 invalid-value users.alice.accessKeys[0].status: must be Active or Inactive; did you mean "Active"?',
    ],
  ])('{ %s } is refused', async (members, diagnostic) => {
    expect(await diagnosticsOf(key(members))).toEqual([diagnostic]);
  });

  it('of two users is reported at the second position', async () => {
    const principals = [
      'users:',
      '  alice: { accessKeys: [{ id: AKIAIOSFODNN7EXAMPLE, secret: a }] }',
      '  bob: { accessKeys: [{ id: AKIAIOSFODNN7EXAMPLE, secret: b }] }',
    ].join('\n');
    expect(await diagnosticsOf(principals)).toEqual([
      '3:29 duplicate-access-key users.bob.accessKeys[0].id: the access key id "AKIAIOSFODNN7EXAMPLE" is already defined at users.alice.accessKeys[0].id, line 2',
    ]);
  });

  it('is never printed with its secret', async () => {
    const principals =
      'users: { alice: { accessKeys: [{ id: A, secret: wJalrXUtnFEMI, key: wJalrXUtnFEMI }] } }';
    expect((await diagnosticsOf(principals)).join()).not.toContain('wJalrXUtnFEMI');
  });
});

describe('a quota of AWS', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
  const files = (count: number) =>
    Object.fromEntries(many(count).map((name) => [`policies/${name}.json`, allow('s3:GetObject')]));

  it.each([
    ['user', 10, []],
    [
      'user',
      11,
      [
        '1:15 quota users.x.managedPolicies: 11 managed policies; AWS allows 10 for a user unless the quota is raised',
      ],
    ],
    [
      'user',
      21,
      ['1:15 quota users.x.managedPolicies: 21 managed policies; AWS allows at most 20 for a user'],
    ],
    [
      'group',
      11,
      ['1:16 quota groups.x.managedPolicies: 11 managed policies; AWS allows at most 10 for a group'],
    ],
  ])('of a %s with %i managed policies is reported', async (kind, count, diagnostics) => {
    const principals = `${kind}s: { x: { managedPolicies: [${many(count).join(', ')}] } }`;
    expect(await diagnosticsOf(principals, files(count))).toEqual(diagnostics);
  });

  it('on the total size of inline policies is reported', async () => {
    const long = (letter: string): string => allow(`s3:${letter.repeat(1000)}`);
    const policies = { 'policies/a.json': long('a'), 'policies/b.json': long('b') };
    const size = long('a').length * 2;
    expect(await diagnosticsOf('users: { x: { inlinePolicies: [a, b] } }', policies)).toEqual([
      `1:15 quota users.x.inlinePolicies: the inline policies have ${size} characters without white space; AWS allows 2048 for a user`,
    ]);
    expect(await diagnosticsOf('groups: { x: { inlinePolicies: [a, b] } }', policies)).toEqual([]);
  });
});
