import { readFileSync } from 'node:fs';
import { ListSchemasCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../../src/index.ts';
import { cli, ROOT } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const SDK = `${ROOT}node_modules/@aws-sdk/client-personalize/dist-cjs/index.js`;

/** A job with a role: it makes a dataset group with tags, a solution in it, and lists. */
const JOB = `
import sdk from ${JSON.stringify(SDK)};
const personalize = new sdk.PersonalizeClient({});
const tags = [{ tagKey: 'app', tagValue: 'shop' }];
const { datasetGroupArn } = await personalize.send(new sdk.CreateDatasetGroupCommand({ name: 'shop', tags }));
const recipeArn = 'arn:aws:personalize:::recipe/aws-sims';
await personalize.send(new sdk.CreateSolutionCommand({ name: 'shop', datasetGroupArn, recipeArn })).catch(() => {});
await personalize.send(new sdk.ListSolutionsCommand({}));
`;

const project = (policy: string) => ({
  'config/proxy.yaml': 'decisions: { file: ../decisions.jsonl }\n',
  'config/principals.yaml': 'roles:\n  job: { trustPolicy: trust, managedPolicies: [job] }\n',
  'policies/trust.json':
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}',
  'policies/job.json': policy,
  'job.mjs': JOB,
});

const WIDE =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"personalize:*","Resource":"*"}}';

describe('generate', () => {
  it('makes a policy of a run, under which the same run is denied nothing and one call more is', async () => {
    using folder = new TemporaryFolder(project(WIDE));
    const cwd = folder.path;
    const job = ['--', process.execPath, 'job.mjs'];
    expect(await cli(['run', '--as', 'role/job', ...job], { cwd })).toMatchObject({ code: 0 });
    const generated = await cli(['generate', '--as', 'role/job'], { cwd });
    expect(generated.code).toBe(0);
    expect(generated.stderr).toContain('Generated for role/job from 3 recorded calls');
    expect(generated.stderr).toContain('Proven: all ');
    expect(generated.stderr).toContain('-      "Action": "personalize:*",');
    const { Statement } = JSON.parse(generated.stdout);
    expect(Statement).toContainEqual({
      Effect: 'Allow',
      Action: ['personalize:CreateDatasetGroup', 'personalize:TagResource'],
      Resource: 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop',
      Condition: { StringEquals: { 'aws:RequestTag/app': 'shop' } },
    });

    const written = await cli(['generate', '--as', 'role/job', '--out', 'policies/job.json'], { cwd });
    expect(written).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(`${cwd}/policies/job.json`, 'utf8')).toBe(generated.stdout);
    const again = await cli(['run', '--as', 'role/job', '--fail-on', 'denied,undocumented', ...job], { cwd });
    expect(again).toMatchObject({ code: 0 });
    folder.write('job.mjs', `${JOB}await personalize.send(new sdk.ListSchemasCommand({}));`);
    const more = await cli(['run', '--as', 'role/job', ...job], { cwd });
    expect(more.stderr).toContain('personalize:ListSchemas on *');
  });

  it('reads several logs', async () => {
    using folder = new TemporaryFolder(project(WIDE));
    const cwd = folder.path;
    const record = (operation: string) => ({
      id: operation,
      time: '2026-11-23T12:00:00.000Z',
      mode: 'enforce',
      outcome: 'forwarded',
      principal: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::123456789012:assumed-role/job/s',
        accountId: '123456789012',
        roleArn: 'arn:aws:iam::123456789012:role/job',
        sessionName: 's',
      },
      request: { id: 'r', service: 'personalize', operation, sourceIp: '127.0.0.1' },
      checks: [
        {
          action: `personalize:${operation}`,
          resource: '*',
          decision: 'allowed',
          layer: 'identity',
          determining: [],
        },
      ],
      undocumented: [],
      durationMicros: 1,
    });
    folder.write('a.jsonl', `${JSON.stringify(record('ListSchemas'))}\n`);
    folder.write('b.jsonl', `${JSON.stringify(record('ListCampaigns'))}\n`);
    const { stdout } = await cli(
      ['generate', '--as', 'role/job', '--decisions', 'a.jsonl', '--decisions', 'b.jsonl'],
      { cwd },
    );
    expect(JSON.parse(stdout).Statement).toMatchObject([
      { Action: ['personalize:ListCampaigns', 'personalize:ListSchemas'], Resource: '*' },
    ]);
    // Now no policy of the role can allow what passed then.
    folder.write('policies/none.json', WIDE.replace('personalize:*', 's3:*'));
    const principals = readFileSync(`${cwd}/config/principals.yaml`, 'utf8');
    folder.write('config/principals.yaml', principals.replace('[job]', '[job], permissionsBoundary: none'));
    const unproven = await cli(['generate', '--as', 'role/job', '--decisions', 'a.jsonl'], { cwd });
    expect(unproven).toMatchObject({ code: 1, stdout: '' });
    expect(unproven.stderr).toContain('error: the proof failed: personalize:ListSchemas on * was allowed');
  });

  it('exits with 4 for a log without its calls', async () => {
    using folder = new TemporaryFolder({ ...project(WIDE), 'empty.jsonl': '' });
    const args = ['generate', '--as', 'role/job', '--decisions', 'empty.jsonl'];
    const { code, stdout, stderr } = await cli(args, { cwd: folder.path });
    expect(stderr).toContain('no recorded call of role/job has passed');
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  });

  it.each([
    ['an unknown principal', ['--as', 'role/jop', '--decisions', 'empty.jsonl'], 'did you mean "role/job"?'],
    ['a log that is not there', ['--as', 'role/job', '--decisions', 'no.jsonl'], 'no.jsonl'],
    [
      'a scope that there is not',
      ['--as', 'role/job', '--resources', 'some'],
      'Allowed choices are exact, prefix, any',
    ],
  ])('exits with 2 for %s', async (_, args, sentence) => {
    using folder = new TemporaryFolder({ ...project(WIDE), 'empty.jsonl': '' });
    const { code, stdout, stderr } = await cli(['generate', ...args], { cwd: folder.path });
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('/_authz/policy', () => {
  it('is the proved policy of the decisions in memory', async () => {
    await using proxy = await startProxy({
      principals: {
        users: {
          ann: {
            accessKeys: [{ id: 'AKIALOCALANN00000000', secret: 'local-only-secret-of-ann' }],
            managedPolicies: ['AmazonPersonalizeFullAccess'],
          },
          bob: {},
        },
      },
    });
    const personalize = new PersonalizeClient(proxy.clientConfig('ann'));
    await personalize.send(new ListSchemasCommand({}));
    const get = (query: string) => request(proxy.url).get(`/_authz/policy${query}`);
    const generated = await get('?principal=ann');
    expect(generated.headers['content-type']).toContain('application/json');
    expect(generated.body).toEqual({
      Version: '2012-10-17',
      Statement: [{ Sid: 'AnyResource', Effect: 'Allow', Action: 'personalize:ListSchemas', Resource: '*' }],
    });
    const statuses = ['', '?principal=bob', '?principal=nobody', '?principal=ann&resources=some'];
    expect(await Promise.all(statuses.map(async (query) => (await get(query)).status))).toEqual([
      400, 404, 404, 400,
    ]);
  });
});
