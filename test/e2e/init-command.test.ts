import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../../src/index.ts';
import { cli } from './command-line.ts';
import { jsonCall, restCall, send } from './exchange.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

const CAMPAIGN = 'arn:aws:personalize:us-east-1:123456789012:campaign/shop';

/** Calls that a proxy with the folder's configuration answers and records. */
async function record(
  folder: TemporaryFolder,
  ...calls: readonly Parameters<typeof send>[1][]
): Promise<string> {
  const decisionsFile = `${folder.path}/decisions.jsonl`;
  await using proxy = await startProxy({ config: `${folder.path}/config/proxy.yaml`, decisionsFile });
  for (const call of calls) await (await send(proxy.clientConfig('alice'), call)).text();
  return decisionsFile;
}

describe('init on the command line', () => {
  it('begins a configuration whose policies lint and whose tests pass', async () => {
    using folder = new TemporaryFolder();
    const begun = await cli(['init'], { cwd: folder.path });
    expect(begun).toMatchObject({
      code: 0,
      stdout:
        'config/proxy.yaml\nconfig/principals.yaml\npolicies/shop.json\npolicies/trust/shop.json\npolicy-tests/shop.yaml\n.gitignore\n',
      stderr: expect.stringContaining('simulate --as role/shop --call DeleteCampaign --input'),
    });
    expect(readFileSync(`${folder.path}/.gitignore`, 'utf8')).toBe('.authz/\ndecisions.jsonl*\n');
    expect(readFileSync(`${folder.path}/config/proxy.yaml`, 'utf8')).toContain(
      'All keys: node_modules/personalize-authz-proxy/docs/configuration.md.',
    );
    expect(await cli(['lint', '--fail-on', 'warning'], { cwd: folder.path })).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(await cli(['test'], { cwd: folder.path })).toMatchObject({ code: 0 });
    await using proxy = await startProxy({ config: `${folder.path}/config/proxy.yaml` });
    expect((await send(proxy.clientConfig('developer'), jsonCall('ListCampaigns'))).status).toBe(200);
  });

  it('adds to .gitignore what it does not have, and nothing twice', async () => {
    using folder = new TemporaryFolder({ '.gitignore': 'node_modules\n.authz/' });
    const first = await cli(['init'], { cwd: folder.path });
    expect(first.stdout).toContain('.gitignore');
    const text = readFileSync(`${folder.path}/.gitignore`, 'utf8');
    expect(text).toBe('node_modules\n.authz/\ndecisions.jsonl*\n');
  });

  it('replaces nothing without --force', async () => {
    using folder = new TemporaryFolder({ 'policies/shop.json': 'mine' });
    const { code, stderr } = await cli(['init'], { cwd: folder.path });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'policies/shop.json: error: already exists; --force overwrites it (exists)\n',
    });
    expect(readFileSync(`${folder.path}/policies/shop.json`, 'utf8')).toBe('mine');
    expect((await cli(['init', '--force'], { cwd: folder.path })).code).toBe(0);
  });

  it('writes tests of recorded calls, which pass until the policies change', async () => {
    using folder = new TemporaryFolder(configuration(allow('personalize:List*')));
    const log = await record(
      folder,
      jsonCall('ListCampaigns'),
      jsonCall('ListCampaigns'),
      jsonCall('DeleteCampaign', { campaignArn: CAMPAIGN }),
      restCall('/recommendations', { campaignArn: CAMPAIGN }),
    );
    const written = await cli(['init', '--decisions', log], { cwd: folder.path });
    expect(written).toEqual({
      code: 0,
      stdout: 'policy-tests/recorded.yaml\n',
      stderr: '3 tests of 4 decisions.\n',
    });
    const text = readFileSync(`${folder.path}/policy-tests/recorded.yaml`, 'utf8');
    expect(text).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/node_modules\/personalize-authz-proxy\/schemas\/policy-tests\.schema\.json\n/,
    );
    expect(text.slice(text.indexOf('tests:'))).toBe(`tests:
  - name: user/alice calls DeleteCampaign
    principal: user/alice
    call: DeleteCampaign
    cases:
      - input:
          campaignArn: ${CAMPAIGN}
        expect: implicitDeny
        layer: identity
  - name: user/alice calls GetRecommendations
    principal: user/alice
    call: GetRecommendations
    cases:
      - input:
          campaignArn: ${CAMPAIGN}
        expect: implicitDeny
        layer: identity
  - name: user/alice calls ListCampaigns
    principal: user/alice
    call: ListCampaigns
    cases:
      - expect: allowed
`);
    expect(await cli(['test'], { cwd: folder.path })).toMatchObject({ code: 0 });
    folder.write('policies/p.json', allow('personalize:*'));
    expect(await cli(['test'], { cwd: folder.path })).toMatchObject({ code: 4 });
    expect(await cli(['init', '--decisions', log], { cwd: folder.path })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });

  it('writes of the context what a decision hinges on, and a clock where the time counts', async () => {
    const conditions = {
      IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
      DateLessThan: { 'aws:CurrentTime': '2090-01-01T00:00:00Z' },
    };
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'personalize:ListSchemas', Resource: '*', Condition: conditions },
      ],
    };
    using folder = new TemporaryFolder(configuration(JSON.stringify(policy)));
    const log = await record(folder, jsonCall('ListSchemas'));
    expect(await cli(['init', '--decisions', log, '--out', 'a.yaml'], { cwd: folder.path })).toMatchObject({
      code: 0,
    });
    expect(readFileSync(`${folder.path}/a.yaml`, 'utf8')).toMatch(
      /call: ListSchemas\n +cases:\n +- context:\n +aws:SourceIp: 127\.0\.0\.1\n +clock: 20\d\d-\S+Z\n +expect: allowed\n/,
    );
    expect(await cli(['test', 'a.yaml'], { cwd: folder.path })).toMatchObject({ code: 0 });
  });

  it('writes whole calls with their tags and the check that refused them, and checks where a record has less', async () => {
    using folder = new TemporaryFolder(configuration(allow('personalize:Create*')));
    const tags = [{ tagKey: 'team', tagValue: 'ml' }];
    const log = await record(
      folder,
      jsonCall('CreateDatasetGroup', { name: 'shop', tags }),
      jsonCall('CreateSchema', { name: 'long', schema: 'x'.repeat(3_000) }),
      jsonCall('CreateSchema', { name: 'short', schema: '{}' }),
      restCall('/recommendations', { campaignArn: CAMPAIGN, userId: '1' }),
      restCall('/recommendations', { campaignArn: CAMPAIGN, userId: '2' }),
    );
    const { stderr } = await cli(['init', '--decisions', log], { cwd: folder.path });
    expect(stderr).toBe('4 tests of 5 decisions.\n');
    const text = readFileSync(`${folder.path}/policy-tests/recorded.yaml`, 'utf8');
    expect(text).toContain(`    call: CreateDatasetGroup
    cases:
      - input:
          name: shop
          tags:
            - tagKey: team
              tagValue: ml
        expect: implicitDeny
        layer: identity
        refused: personalize:TagResource
`);
    expect(text).toContain(`    call: CreateSchema
    cases:
      - action: personalize:CreateSchema
        resource: arn:aws:personalize:us-east-1:123456789012:schema/long
        expect: allowed
      - input:
          name: short
`);
    expect(text.match(/userId/g)).toHaveLength(1);
    expect(await cli(['test'], { cwd: folder.path })).toMatchObject({ code: 0 });
  });

  it('leaves out what the policies of now decide otherwise, and callers who are gone, and says so', async () => {
    using folder = new TemporaryFolder(configuration());
    const log = await record(folder, jsonCall('ListSchemas'), jsonCall('ListCampaigns'));
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    writeFileSync(
      log,
      [...lines, lines[0]?.replaceAll('alice', 'carol').replace('"id":"', '"id":"0')].join('\n'),
    );
    folder.write('policies/p.json', allow('personalize:ListCampaigns'));
    const { code, stderr } = await cli(['init', '--decisions', log], { cwd: folder.path });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        '1 test of 3 decisions.\nLeft out: 1 decided otherwise than the policies of now decide.\nLeft out: 1 a caller that is no user or role of the folder: arn:aws:iam::123456789012:user/carol.\n',
    });
    folder.write('policies/p.json', allow('personalize:ListRecipes'));
    const none = await cli(['init', '--decisions', log, '--out', 'b.yaml'], { cwd: folder.path });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('there is no recorded check to make a test of');
  });

  it.each([
    ['there is no log', ['init'], 'there are no recorded calls'],
    ['a log is not there', ['init', '--decisions', 'nowhere.jsonl'], 'nowhere.jsonl'],
    ['a log is empty', ['init', '--decisions', 'empty.jsonl'], 'record calls with run or serve first'],
  ])('exits with 2 where %s', async (_, args, sentence) => {
    using folder = new TemporaryFolder({ ...configuration(), 'empty.jsonl': '' });
    const { code, stderr } = await cli(args, { cwd: folder.path });
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
  });

  it('exits with 2 for recorded calls where there is no configuration', async () => {
    using folder = new TemporaryFolder();
    const { code, stderr } = await cli(['init', '--decisions', 'x.jsonl'], { cwd: folder.path });
    expect(stderr).toContain('there is no configuration here');
    expect(code).toBe(2);
  });
});
