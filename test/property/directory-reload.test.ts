import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Directory } from '../../src/directory/directory.ts';
import { FileTree } from '../../src/directory/file-tree.ts';
import { DirectoryReader, readDirectory } from '../../src/directory/read-directory.ts';
import type { Diagnostic } from '../../src/lib/errors.ts';
import type { Result } from '../../src/lib/result.ts';
import { allow, TRUST, temporaryFolder } from '../unit/directory/temporary-folder.ts';
import { runs } from './runs.ts';

const PRINCIPALS = [
  'users: { alice: { managedPolicies: [a], inlinePolicies: [team/b] } }\nroles: { app: { trustPolicy: trust } }\n',
  'users:\n  alice:\n    managedPolicies: [a, team/b]\n    groups: [ml]\ngroups: { ml: { inlinePolicies: [a] } }\n',
  'users: { alice: { permissionsBoundary: a }, bob: { managedPolicies: [AmazonPersonalizeFullAccess] } }\n',
  'organization: { id: o-exampleorgid, serviceControlPolicies: [[a], null] }\nusers: { bob: {} }\n',
  'oidcProviders: [{ url: "https://example.com", jwks: keys.json }]\n',
  'users: { alice: { managedPolicies: [a, a] } }\n',
  'users: { alice: { managedPolicies: ["arn:aws:iam::123456789012:policy/a"], inlinePolicies: [team/b] } }\n',
  'users: 3\n',
  'users: { alice: [\n',
] as const;

const DOCUMENTS = [
  allow('personalize:List*'),
  allow('personalize:*'),
  `{\n  "Version": "2012-10-17",\n  "Statement": ${JSON.stringify(JSON.parse(allow('personalize:NoSuchAction')).Statement)} }`,
  allow('personalize:CreateCampaign').replace('"*"', '"arn:aws:personalize:us-east-1:123456789012:schema/x"'),
  TRUST,
  '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow" }] }',
  '{',
  '',
] as const;

const FILES = [
  'a.json',
  'a.yaml',
  'A.json',
  'team/b.json',
  'trust.json',
  // The last names, of which there can be two.
  'z.json',
  'Z.yaml',
  'buckets/shop-data.json',
  'read.me',
  // It is named as an ARN is written that means another file. Windows has no such names.
  ...(process.platform === 'win32' ? [] : ['arn:aws:iam::123456789012:policy/a.json']),
];

const edit = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...PRINCIPALS).map((text) => ({ file: 'principals.yaml', text })) },
  {
    weight: 6,
    arbitrary: fc.record({
      file: fc.constantFrom(...FILES).map((name) => `policies/${name}`),
      text: fc.constantFrom(...DOCUMENTS),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...FILES, 'team', 'buckets')
      .map((name) => ({ file: `policies/${name}`, text: undefined })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('{"keys":[]}', '{"keys":[{"kid":"a"}]}', '{')
      .map((text) => ({ file: 'keys.json', text })),
  },
);

/** Everything that decisions and explanations are made of. */
function contentOf(read: Result<Directory, readonly Diagnostic[]>): unknown {
  if (!read.ok) return { diagnostics: read.error };
  const { users, groups, roles, organization, bucketPolicies, policies, oidcProviders, warnings, files } =
    read.value;
  const identities = [...users.values(), ...roles.values()];
  const whole = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, each) =>
        typeof each === 'object' && each !== null && 'statements' in each
          ? { ...each, statements: each.statements }
          : each,
      ) ?? 'null',
    );
  return whole({
    users: [...users],
    groups: [...groups],
    roles: [...roles],
    organization,
    oidcProviders,
    policies: policies.map(({ policy, owner, attachments }) => ({ policy, owner, attachments })),
    warnings,
    bucketPolicies: [...bucketPolicies],
    sets: identities.map((identity) => read.value.policySetOf(identity)),
    keys: identities.map(({ arn }) => read.value.identityByArn(arn)?.name),
    files: [...files].sort(),
  });
}

it('after any edits a directory is the one that a fresh read returns, with the same diagnostics', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 10 }),
      fc.boolean(),
      async (steps, isNamed) => {
        await using folder = await temporaryFolder({
          'principals.yaml': PRINCIPALS[0],
          'policies/a.json': DOCUMENTS[0],
          'policies/team/b.json': DOCUMENTS[1],
          'policies/trust.json': TRUST,
          'keys.json': '{"keys":[]}',
        });
        const at = (name: string): string => join(folder.path, name);
        const tree = new FileTree(['principals.yaml', 'policies', 'keys.json'].map(at));
        const reader = new DirectoryReader(folder.options);
        const all = await tree.update();
        await reader.read(tree.files, all);
        for (const edits of steps) {
          for (const { file, text } of edits) {
            if (text === undefined) await rm(at(file), { recursive: true, force: true });
            else await folder.write({ [file]: text });
          }
          const paths = edits.map(({ file }) => at(file));
          // As events report it: the paths, or only that something changed.
          const changed = new Set(await tree.update(isNamed ? paths : undefined));
          for (const path of paths) if (tree.files.has(path)) changed.add(path);
          const incremental = await reader.read(tree.files, changed);
          expect(contentOf(incremental)).toEqual(contentOf(await readDirectory(folder.options)));
        }
      },
    ),
    { numRuns: runs(400) },
  );
});
