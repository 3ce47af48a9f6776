import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasAwsCli } from '../e2e/clients.ts';
import { jsonCall, rawCall, send, serve, Wire } from '../e2e/exchange.ts';
import { configuration, TemporaryFolder } from '../e2e/temporary-folder.ts';
import { CommandProcess, cliProcess } from './command-process.ts';

const ALICE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
};

const QUESTION = JSON.stringify({
  principal: { arn: 'arn:aws:iam::123456789012:user/alice' },
  action: 'personalize:ListSchemas',
  resource: '*',
  context: {},
  policies: { identity: [] },
});

describe('the process of a command', () => {
  it('ends with the exit code of the command, its results on standard output and its errors on standard error', async () => {
    const [version, unknown] = await Promise.all([cliProcess(['--version']), cliProcess(['srve'])]);
    expect(version).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('Did you mean serve?');
  });

  it('reads standard input and the environment', async () => {
    const answered = await cliProcess(['evaluate'], { stdin: QUESTION });
    expect(JSON.parse(answered.stdout)).toMatchObject({ decision: 'implicitDeny' });
    const { code, stderr } = await cliProcess(['serve'], { env: { AUTHZ_PROT: '1' } });
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "AUTHZ_PORT"?');
  });
});

describe('serve', () => {
  it('continues to serve when its output is not read', async () => {
    using folder = new TemporaryFolder(configuration());
    await using command = new CommandProcess(['serve'], { cwd: folder.path });
    const endpoint = await command.ready();
    command.child.stdout?.destroy();
    command.child.stderr?.destroy();
    for (const path of ['/a', '/b', '/c']) expect((await fetch(endpoint + path)).status).toBe(404);
    expect((await send({ endpoint, ...ALICE }, jsonCall('ListSchemas'))).status).toBe(200);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'lets a request finish, writes the log and ends with 0 at %s',
    async (signal) => {
      using folder = new TemporaryFolder(configuration());
      const arrived = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      await using upstream = await serve(async (incoming, outgoing) => {
        incoming.resume();
        arrived.resolve();
        await release.promise;
        outgoing.end('{"schemas":[]}');
      });
      const args = ['serve', '--upstream', upstream.url, '--decisions-file', 'decisions.jsonl'];
      await using command = new CommandProcess(args, { cwd: folder.path });
      const endpoint = await command.ready();
      using silent = await Wire.open(endpoint);
      using wire = await Wire.open(endpoint);
      wire.socket.write(rawCall({ endpoint, ...ALICE }, jsonCall('ListSchemas')));
      await arrived.promise;
      // Twice, as Ctrl-C under npm arrives.
      command.child.kill(signal);
      command.child.kill(signal);
      await silent.closed;
      release.resolve();
      expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
      expect(wire.text).toMatch(/200 OK[\s\S]*\{"schemas":\[\]\}$/);
      const [record, ...more] = readFileSync(`${folder.path}/decisions.jsonl`, 'utf8').trimEnd().split('\n');
      expect(JSON.parse(record ?? '')).toMatchObject({
        outcome: 'forwarded',
        request: { operation: 'ListSchemas' },
      });
      expect(more).toEqual([]);
    },
  );

  it.skipIf(!hasAwsCli)(
    'prints lines that make a call when they are copied (skips without the AWS CLI)',
    { tags: 'clients' },
    async () => {
      await using command = new CommandProcess(['serve', '--port', '0']);
      await command.ready();
      const [, ...lines] =
        /^Make a call as alice:\n {2}(export .*)\n {2}(aws .*)$/m.exec(command.stdout) ?? [];
      const { stdout } = await promisify(execFile)('bash', ['-c', lines.join('\n')]);
      expect(JSON.parse(stdout)).toEqual({ datasetGroups: [] });
    },
  );
});

describe('evaluate', () => {
  it('waits for a reader that is slow, and ends in peace with one that leaves', async () => {
    await using command = new CommandProcess(['evaluate']);
    command.child.stdout?.destroy();
    command.child.stdin?.write(`${QUESTION}\n`.repeat(5_000));
    expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
