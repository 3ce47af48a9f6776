import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDirectory } from '../../../src/directory/read-directory.ts';
import { allow, type TemporaryFolder, TRUST, temporaryFolder } from './temporary-folder.ts';

/** `FILE:LINE:COLUMN severity rule` of every error, with paths relative to the folder. */
async function diagnosticsOf(folder: TemporaryFolder): Promise<readonly string[]> {
  const result = await readDirectory(folder.options);
  const diagnostics = result.ok ? result.value.warnings : result.error;
  return diagnostics.map(({ file = '', line, column, severity, rule }) =>
    [file.slice(folder.path.length + 1), line, column]
      .filter((part) => part !== undefined)
      .join(':')
      .concat(` ${severity} ${rule}`),
  );
}

const reading = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  await using folder = await temporaryFolder(files);
  return await diagnosticsOf(folder);
};

describe('a policy file', () => {
  it('is checked even if it is unused', async () => {
    const broken = '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Efect": "Allow" }]\n}';
    const diagnostics = await reading({ 'principals.yaml': '', 'policies/unused.json': broken });
    expect(diagnostics).toContain('policies/unused.json:3:19 error unknown-element');
  });

  it('is checked once for each of its uses', async () => {
    const principals = [
      'users:',
      '  alice: { managedPolicies: [trust] }',
      '  bob: { managedPolicies: [trust] }',
      'roles:',
      '  app: { trustPolicy: reader }',
    ].join('\n');
    const diagnostics = await reading({
      'principals.yaml': principals,
      'policies/reader.json': allow('personalize:List*'),
      'policies/trust.json': TRUST,
    });
    expect(diagnostics).toEqual([
      'policies/reader.json:1:38 error missing-principal',
      'policies/reader.json:1:65 error trust-action',
      'policies/reader.json:1:96 error resource-not-allowed',
      'policies/trust.json:1:38 error missing-resource',
      'policies/trust.json:1:79 error principal-not-allowed',
    ]);
  });

  it('with errors is reported completely: the general errors and those of its use', async () => {
    const broken =
      '{ "Version": "2012-10-17", "Statement": { "Sid": "my sid", "Effect": "allow", "Action": "s3:*" } }';
    const diagnostics = await reading({
      'principals.yaml':
        'users: { alice: { managedPolicies: [reader] } }\nroles: { app: { trustPolicy: reader } }',
      'policies/reader.json': broken,
    });
    expect(diagnostics).toEqual([
      'policies/reader.json:1:41 error missing-resource',
      'policies/reader.json:1:41 error missing-principal',
      'policies/reader.json:1:50 error invalid-sid',
      'policies/reader.json:1:70 error invalid-effect',
      'policies/reader.json:1:89 error trust-action',
    ]);
  });

  it('with errors is reported once, and not as unknown where it is named', async () => {
    const diagnostics = await reading({
      'principals.yaml': 'users: { alice: { managedPolicies: [reader] } }',
      'policies/reader.json': '{',
    });
    expect(diagnostics).toEqual(['policies/reader.json:1:2 error syntax']);
  });

  it('may be YAML, and may be in a subfolder', async () => {
    const yaml =
      'Version: "2012-10-17"\nStatement: [{ Effect: Allow, Action: "personalize:List*", Resource: "*" }]\n';
    const diagnostics = await reading({
      'principals.yaml': 'users: { alice: { managedPolicies: [a/b/reader, c] } }',
      'policies/a/b/reader.yaml': yaml,
      'policies/c.yml': yaml,
    });
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['reader.json', 'reader.yaml', 'reader.yaml'],
    ['Reader.json', 'reader.json', 'reader.json'],
  ])('%s next to %s is a duplicate name', async (first, second, told) => {
    const policies = {
      [`policies/${first}`]: allow('s3:GetObject'),
      [`policies/${second}`]: allow('s3:GetObject'),
    };
    expect(await reading({ 'principals.yaml': '', ...policies })).toEqual([
      `policies/${told} error policy-name`,
    ]);
  });

  it('has a name that is valid on AWS', async () => {
    const diagnostics = await reading({ 'principals.yaml': '', 'policies/a b.json': allow('s3:GetObject') });
    expect(diagnostics).toEqual(['policies/a b.json error policy-name']);
  });

  it.each(['.hidden.json', '.git/x.json', 'README.md', 'reader.json~'])('is not %s', async (name) => {
    expect(await reading({ 'principals.yaml': '', [`policies/${name}`]: 'not a policy' })).toEqual([]);
  });

  it('with the name of an AWS managed policy must be named by its ARN', async () => {
    const files = { 'policies/ReadOnlyAccess.json': allow('s3:GetObject') };
    const named = (name: string) => ({
      ...files,
      'principals.yaml': `users: { alice: { managedPolicies: ["${name}"] } }`,
    });
    expect(await reading(named('ReadOnlyAccess'))).toEqual(['principals.yaml:1:37 error ambiguous-policy']);
    expect(await reading(named('arn:aws:iam::123456789012:policy/ReadOnlyAccess'))).toEqual([]);
    expect(await reading(named('arn:aws:iam::aws:policy/ReadOnlyAccess'))).toEqual([]);
  });

  it('that is not UTF-8 is reported as unreadable', async () => {
    await using folder = await temporaryFolder({ 'principals.yaml': '' });
    await writeFile(join(folder.path, 'policies/latin.json'), Buffer.from([0x7b, 0xe4, 0x7d]));
    expect(await diagnosticsOf(folder)).toEqual(['policies/latin.json error unreadable']);
  });
});

describe('unreadable input', () => {
  it('is a missing principals file and a missing folder, both reported', async () => {
    await using folder = await temporaryFolder({});
    await rm(join(folder.path, 'policies'), { recursive: true });
    expect(await diagnosticsOf(folder)).toEqual([
      'principals.yaml error unreadable',
      'policies error unreadable',
    ]);
  });

  it('is a broken symbolic link', async () => {
    await using folder = await temporaryFolder({ 'principals.yaml': '' });
    await symlink(join(folder.path, 'nowhere'), join(folder.path, 'policies/team'));
    expect(await diagnosticsOf(folder)).toEqual(['policies/team error unreadable']);
  });

  it('is a folder that contains itself', async () => {
    await using folder = await temporaryFolder({ 'principals.yaml': '' });
    await symlink(join(folder.path, 'policies'), join(folder.path, 'policies/again'));
    expect(await diagnosticsOf(folder)).toEqual(['policies/again error unreadable']);
  });

  it('is a missing key set, reported where it is named', async () => {
    const providers =
      'oidcProviders:\n  - { url: https://example.com, clientIds: [a], jwks: oidc/keys.json }\n';
    expect(await reading({ 'principals.yaml': providers })).toEqual([
      'principals.yaml:2:55 error unreadable',
    ]);
    expect(await reading({ 'principals.yaml': providers, 'oidc/keys.json': '{ "kys": [] }' })).toEqual([
      'oidc/keys.json:1:1 error missing-key',
    ]);
    expect(await reading({ 'principals.yaml': providers, 'oidc/keys.json': '{ "keys": [] }' })).toEqual([]);
  });
});
