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

describe('coverage', () => {
  let folder: TemporaryFolder;
  let serve: RunningCommand;
  let url = '';

  beforeAll(async () => {
    folder = new TemporaryFolder(
      configuration(allow('personalize:ListSchemas', 'personalize:ListFilters', 'personalize:ListRecipes')),
    );
    folder.write('config/proxy.yaml', 'listen: { port: 0 }\ndecisions: { file: ../decisions.jsonl }\n');
    serve = new RunningCommand(['serve'], { cwd: folder.path });
    url = await serve.ready();
    await send({ endpoint: url, ...ALICE }, jsonCall('ListSchemas'));
  });
  afterAll(async () => {
    await serve[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const coverage = (...args: readonly string[]) => cli(['coverage', ...args], { cwd: folder.path });

  it('is a table on standard output', async () => {
    const { code, stdout, stderr } = await coverage();

    expect([code, stderr]).toEqual([0, 'Configuration: config/proxy.yaml\n']);
    expect(stdout).toContain('60% covered: 3 of 5');
    expect(stdout).toContain('policies/p.json:1  Allow statement 0: Action personalize:ListFilters');
  });

  it('ends with 4 below --min, and prints all the same', async () => {
    const { code, stdout, stderr } = await coverage('--min', '80', '--as', 'alice', '--format', 'json');

    expect(JSON.parse(stdout)).toMatchObject({ percent: 60, principals: [{ principal: 'user/alice' }] });
    expect([code, stderr]).toEqual([
      4,
      'Configuration: config/proxy.yaml\n60% is covered, less than the 80% that are expected.\n',
    ]);
  });

  it('merges several logs', async () => {
    const log = `${folder.path}/decisions.jsonl`;
    const other = folder.write(
      'other.jsonl',
      readFileSync(log, 'utf8').replaceAll(/"id":"(\w+-\w+)/g, '"id":"$1-other'),
    );
    const { stdout } = await coverage('--decisions', log, '--decisions', other, '--format', 'json');

    expect(JSON.parse(stdout)).toMatchObject({ decisions: 2, percent: 60 });
  });

  it.each([
    ['lcov', /^TN:\nSF:policies\/p\.json\n/],
    ['html', /^<!doctype html>/],
  ])('prints %s', async (format, begin) => {
    expect((await coverage('--format', format)).stdout).toMatch(begin);
  });

  it.each([
    ['an unknown principal', ['--as', 'alcie'], 'there is no principal alcie; did you mean "alice"?'],
    ['a percentage that is none', ['--min', '101'], 'from 0 to 100'],
    ['no log', ['--config', `${process.cwd()}/config/proxy.yaml`], 'name a log with --decisions FILE'],
  ])('ends with 2 for %s', async (_, args, sentence) => {
    const { code, stdout, stderr } = await coverage(...args);

    expect(stderr).toContain(sentence);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('is returned by a running proxy for its own decisions, in the requested format', async () => {
    const ask = async (accept: string) =>
      (await request(url).get('/_authz/coverage').accept(accept).expect(200)).text;

    expect(JSON.parse(await ask('*/*'))).toMatchObject({ percent: 60, decisions: 1 });
    expect(await ask('text/html')).toMatch(/^<!doctype html>/);
    expect(await ask('text/plain')).toContain('60% covered');
  });
});
