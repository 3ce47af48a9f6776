import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/** An application that calls as a user, assumes a role and calls with it, and tries a role that does not trust it. */
const APPLICATION = `
import { ListSchemasCommand, PersonalizeClient } from ${JSON.stringify(import.meta.resolve('@aws-sdk/client-personalize'))};
import { AssumeRoleCommand, STSClient } from ${JSON.stringify(import.meta.resolve('@aws-sdk/client-sts'))};
const quietly = (sent) => sent.catch((error) => console.log(error.name));
await quietly(new PersonalizeClient({}).send(new ListSchemasCommand({})));
const assume = (role) => new STSClient({}).send(new AssumeRoleCommand({
  RoleArn: 'arn:aws:iam::123456789012:role/' + role, RoleSessionName: 'app' }));
const { Credentials: { AccessKeyId, SecretAccessKey, SessionToken } } = await assume('job');
const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
await quietly(new PersonalizeClient({ credentials }).send(new ListSchemasCommand({})));
await quietly(assume('other'));
`;

const allow = (action: string): string =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`;
const trust = (principal: string): string =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":${principal},"Action":"sts:AssumeRole"}]}`;

const PROJECT = {
  'config/proxy.yaml': 'decisions: { file: ../calls.jsonl }\n',
  'config/principals.yaml': `users:
  app:
    accessKeys: [{ id: AKIALOCALAPP00000000, secret: local-only-secret-of-app }]
    managedPolicies: [assume]
roles:
  job: { trustPolicy: trust/job, managedPolicies: [job] }
  other: { trustPolicy: trust/other, managedPolicies: [job] }
`,
  'policies/assume.json': allow('sts:AssumeRole'),
  'policies/job.json': allow('personalize:ListCampaigns'),
  'policies/trust/job.json': trust('{"AWS":"arn:aws:iam::123456789012:user/app"}'),
  'policies/trust/other.json': trust('{"Service":"ecs-tasks.amazonaws.com"}'),
  'app.mjs': APPLICATION,
};

it('reports each principal that called, each finding in the policy that decided, and generates a policy for each', async () => {
  using folder = new TemporaryFolder(PROJECT);
  const cwd = folder.path;
  const { code, stderr } = await cli(
    ['run', '--as', 'app', '--report', 'sarif,junit,json', '--out', 'out', '--', process.execPath, 'app.mjs'],
    { cwd },
  );
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  expect(stderr).toContain('Calls by principal: user/app 3, role/job 1.');
  expect(stderr).toContain('The policies of role/job: policies/job.json');
  const { runs } = JSON.parse(readFileSync(`${cwd}/out/run.sarif`, 'utf8'));
  const results: readonly Found[] = runs[0].results;
  const places = results.map(({ locations: [place] }) => place?.physicalLocation.artifactLocation.uri);
  expect(places.toSorted()).toEqual([
    'policies/assume.json',
    'policies/job.json',
    'policies/trust/other.json',
  ]);
  const junit = readFileSync(`${cwd}/out/junit.xml`, 'utf8');
  for (const name of ['classname="user/app" name="ListSchemas"', 'classname="role/job" name="ListSchemas"'])
    expect(junit).toContain(name);

  const generated = await cli(['generate', '--all', '--out', 'policies/generated'], { cwd });
  expect(generated.code).toBe(0);
  expect(readdirSync(`${cwd}/policies/generated`)).toEqual(['user-app.json']);
  expect(generated.stderr).toContain('role/job: no recorded call of role/job has passed');
  expect((await cli(['generate', '--all'], { cwd })).code).toBe(2);
  expect((await cli(['generate', '--all', '--as', 'app', '--out', 'x'], { cwd })).code).toBe(2);
});

interface Found {
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
  }[];
}
