import { appendFileSync, chmodSync, cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { ROOT } from '../e2e/command-line.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { cliProcess } from './command-process.ts';

/** Calls of a user's tests: one that the policies of `bob` and `shop` allow, and one that bob's deny. */
const TESTS = `import { DeleteSchemaCommand, ListSchemasCommand, PersonalizeClient } from '@aws-sdk/client-personalize';

const personalize = new PersonalizeClient({});
const denied = () => {};
await personalize.send(new ListSchemasCommand({})).catch(denied);
const schemaArn = 'arn:aws:personalize:us-east-1:123456789012:schema/none';
await personalize.send(new DeleteSchemaCommand({ schemaArn })).catch(denied);
`;

/**
 * A folder as a reader of the documentation has it: the shipped configuration, with a role `shop` and its policy, tests that
 * make calls (`npm test`), recorded decisions of `bob` and `role/shop`, and the command on the path.
 */
export async function projectFolder(): Promise<TemporaryFolder> {
  const folder = new TemporaryFolder({
    'package.json': '{"type":"module","scripts":{"test":"node tests.mjs"}}',
    'tests.mjs': TESTS,
    'interactions.csv': 'USER_ID,ITEM_ID,TIMESTAMP\n1,1,1790000000\n',
    'test_shop.py':
      'import boto3\nfrom botocore.exceptions import ClientError\n\n\ndef test_lists_schemas():\n    try:\n        boto3.client("personalize").list_schemas()\n    except ClientError:\n        pass\n',
    'bin/personalize-authz-proxy': `#!/bin/sh\nexec '${process.execPath}' '${ROOT}bin/personalize-authz-proxy.js' "$@"\n`,
    'bin/npx': '#!/bin/sh\nexec "$@"\n',
  });
  for (const name of ['personalize-authz-proxy', 'npx']) chmodSync(`${folder.path}/bin/${name}`, 0o755);
  for (const name of ['config', 'policies', 'policy-tests'])
    cpSync(`${ROOT}${name}`, `${folder.path}/${name}`, {
      recursive: true,
      filter: (path) => !path.includes('.authz'),
    });
  symlinkSync(`${ROOT}node_modules`, `${folder.path}/node_modules`);
  writeFileSync(`${folder.path}/policies/shop.json`, POLICY);
  writeFileSync(`${folder.path}/policy-tests/shop.yaml`, POLICY_TESTS);
  cpSync(`${folder.path}/policies`, `${folder.path}/policies-edited`, { recursive: true });
  const principals = `${folder.path}/config/principals.yaml`;
  const text = readFileSync(principals, 'utf8').replace('roles:\n', ROLE).replace('users:\n', USER);
  writeFileSync(principals, text);
  const log = `${folder.path}/decisions.jsonl`;
  const run = ['--decisions-file', log, '--', 'node', 'tests.mjs'];
  for (const as of ['role/shop', 'role/recommender', 'bob']) {
    const { code, stderr } = await cliProcess(['run', '--as', as, ...run], { cwd: folder.path });
    if (code !== 0) throw new Error(stderr);
  }
  // The documentation explains a decision whose ID begins so.
  const last = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  for (const copy of ['a.jsonl', 'b.jsonl']) cpSync(log, `${folder.path}/${copy}`);
  appendFileSync(
    log,
    `${JSON.stringify({ ...JSON.parse(last), id: '7c0c0000-0000-4000-8000-000000000000' })}\n`,
  );
  return folder;
}

const ROLE = 'roles:\n  shop: { trustPolicy: trust/ecs-tasks, managedPolicies: [shop] }\n';

/** Who the AWS CLI of the blocks is: someone who may do everything. */
const USER = `users:
  admin:
    accessKeys: [{ id: AKIALOCALADMIN000000, secret: local-only-secret-of-admin }]
    managedPolicies: [AdministratorAccess]
`;

const POLICY_TESTS = `tests:
  - name: the shop describes its campaign
    principal: role/shop
    action: personalize:DescribeCampaign
    resource: arn:aws:personalize:us-east-1:123456789012:campaign/shop
    expect: allowed
`;

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'personalize:*', Resource: '*' }],
});
