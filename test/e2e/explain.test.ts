import { readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, RunningCommand } from './command-line.ts';
import { jsonCall, send } from './exchange.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

const ALICE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
};

describe('explain', () => {
  let folder: TemporaryFolder;
  let serve: RunningCommand;
  let url = '';
  const ids: string[] = [];

  beforeAll(async () => {
    folder = new TemporaryFolder(configuration(allow('personalize:List*')));
    folder.write('config/proxy.yaml', 'listen: { port: 0 }\ndecisions: { file: ../decisions.jsonl }\n');
    serve = new RunningCommand(['serve'], { cwd: folder.path });
    url = await serve.ready();
    const who = { endpoint: url, ...ALICE };
    const stranger = { ...who, credentials: { ...ALICE.credentials, secretAccessKey: 'wrong' } };
    const calls = [
      [who, jsonCall('ListSchemas')],
      [stranger, jsonCall('ListSchemas')],
      [who, jsonCall('CreateDatasetGroup', { name: 'shop' })],
    ] as const;
    for (const [signatory, call] of calls) {
      const answer = await send(signatory, call);
      ids.push(answer.headers.get('x-authz-decision') ?? '');
    }
  });
  afterAll(async () => {
    await serve[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const explain = (...args: readonly string[]) => cli(['explain', ...args], { cwd: folder.path });

  it('explains the last denial in the configured log, with the statement to add', async () => {
    const { code, stdout, stderr } = await explain();

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('DENIED: CreateDatasetGroup');
    expect(stdout).toContain('✗ identity-based policies: does not allow');
    expect(stdout).toContain(
      '{"Effect":"Allow","Action":"personalize:CreateDatasetGroup","Resource":"arn:aws:personalize:us-east-1:123456789012:dataset-group/shop"}',
    );
  });

  it('reports that a log has no denial, or no decision at all', async () => {
    folder.write('empty.jsonl', '');
    const log = readFileSync(`${folder.path}/decisions.jsonl`, 'utf8');
    folder.write('allowed.jsonl', `${log.split('\n').find((line) => line.includes(ids[0] ?? '?'))}\n`);

    expect(await explain('--decisions', 'empty.jsonl')).toMatchObject({
      code: 2,
      stderr: 'error: the decision log has no decisions yet\n',
    });
    expect(await explain('--decisions', 'allowed.jsonl')).toMatchObject({
      code: 2,
      stderr: 'error: no denials among 1 recorded decision; pass a decision ID to explain another decision\n',
    });
  });

  it('explains why a signature was rejected, for a decision by its ID prefix', async () => {
    const { stdout } = await explain(ids[1]?.slice(0, 12) ?? '');

    expect(stdout).toContain('REJECTED: ListSchemas');
    expect(stdout).toContain('another secret than AKIAEXAMPLEALICE0000');
    expect(stdout).not.toContain('the-secret-of-alice');
  });

  it('gives tools the same as JSON, and so does a running proxy', async () => {
    const [fromLog, fromProxy, direct] = await Promise.all([
      explain(ids[2] ?? '', '--json'),
      explain(ids[2] ?? '', '--json', '--url', url),
      request(url).get(`/_authz/decisions/${ids[2]}/explain`).expect(200),
    ]);

    expect(JSON.parse(fromLog.stdout)).toMatchObject({
      decision: { id: ids[2] },
      changes: [{ layer: 'identity' }],
    });
    expect(JSON.parse(fromProxy.stdout)).toEqual(JSON.parse(fromLog.stdout));
    expect(direct.body).toEqual(JSON.parse(fromLog.stdout));
  });

  it('gives the last denial of a running proxy as text to who asks for text', async () => {
    const { text } = await request(url)
      .get('/_authz/decisions/last/explain')
      .accept('text/plain')
      .expect(200);

    expect(text).toContain('DENIED: CreateDatasetGroup');
  });

  it.each([
    ['an id that no decision has', ['nothing'], 'there is no decision nothing'],
    ['a log that is not there', ['--decisions', 'none.jsonl'], 'none.jsonl: error: there is no such file'],
    [
      'a proxy that does not answer',
      ['--url', 'http://127.0.0.1:1'],
      'no proxy answers at http://127.0.0.1:1',
    ],
    ['two sources', ['--url', 'http://127.0.0.1:1', '--decisions', 'x'], 'either --url or --decisions'],
  ])('ends with 2 for %s', async (_, args, sentence) => {
    const { code, stdout, stderr } = await explain(...args);

    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('answers 404 for a decision that is not in memory', async () => {
    await request(url)
      .get('/_authz/decisions/nothing/explain')
      .expect(404, { error: { code: 'NotFound', message: 'There is no decision nothing in memory.' } });
  });
});
